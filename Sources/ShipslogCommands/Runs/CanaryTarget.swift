import RolloutEngine
import RolloutModel

/// The Deployment from which another one is to take over step by step.
struct CanaryTarget {
    let name: String
    let session: RunSession

    init(_ name: String, _ session: RunSession) {
        self.name = name
        self.session = session
    }

    /// What is to take over, and how.
    struct Wish {
        /// The Deployment that is to serve; `nil` for the other track of the first.
        var canary: String?
        /// The Service over both, or with a route, over the first; `nil` for the only one over the first.
        var service: String?
        /// Changes the pod template.
        var edit: TemplateEdit
        /// What a new Deployment is made from; `nil` to make it from the first.
        var manifest: JSONValue?
        /// The label that tells the pods of a new Deployment from the old.
        var label = (key: "track", value: "canary")
        /// The parts of the traffic, rising, in per cent; the last is 100.
        var steps: [Int]
        var pauseSeconds: Int
        var restartLimit: Int
        var check: PodCheck?
        /// The HTTPRoute that is to share the traffic; `nil` if the numbers of pods are to.
        var route: String?
        /// The requests that go to the new pods from the first step on; only with a route.
        var match: Canary.Route.Match?
    }

    /// Carries a wish out.
    func carryOut(_ wish: Wish) async throws {
        try await session.carryOut(.canary(try await plan(wish)), of: session.stream("deployment", name))
    }

    /// The plan for a wish.
    func plan(_ wish: Wish) async throws -> Canary {
        let deployment = try await session.object(.deployments, name)
        try await session.refuseShared(deployment, name)
        let canaryName = wish.canary ?? DeploymentTwin.otherTrack(of: name)
        guard canaryName != name else {
            throw ShipslogError(.invalidArgument, "deploy/\(name) cannot take over from itself.")
        }
        let replicas = Int(deployment["spec"]?["replicas"]?.integer ?? 1)
        guard replicas > 0 else {
            throw ShipslogError(.conflict, "deploy/\(name) has no pods, so there is no traffic to take over.")
        }
        let candidate: Candidate
        let template: JSONValue
        if let existing = try await session.place.cluster.get(
            .deployments, canaryName, namespace: session.place.namespace)
        {
            candidate = try await session.candidate(existing, canaryName, wish.edit)
            template = candidate.existing?.target.template ?? [:]
        } else {
            let manifest =
                try wish.manifest
                ?? DeploymentTwin.manifest(
                    of: deployment, name: canaryName, labels: [wish.label.key: wish.label.value], edit: wish.edit)
            candidate = Candidate(name: canaryName, manifest: manifest)
            template = manifest["spec"]?["template"] ?? [:]
        }
        let service: String
        var route: Canary.Route?
        if let name = wish.route {
            (service, route) = try await sharing(name, wish, from: deployment, to: template, canaryName)
        } else {
            service = try await self.service(wish.service, over: deployment, and: template, canaryName)
        }
        let plan = Canary(
            stable: Incumbent(name: name, uid: deployment["metadata"]?["uid"]?.string ?? "", replicas: replicas),
            canary: candidate, service: service, steps: wish.steps, pauseSeconds: wish.pauseSeconds,
            restartLimit: wish.restartLimit, check: wish.check, route: route)
        try await session.checkCapacity(for: template, count: plan.mostAdditionalPods)
        return plan
    }

    /// What a plan wished for.
    static func wish(of plan: Canary) -> Wish {
        let template = plan.canary.manifest?["spec"]?["template"] ?? plan.canary.existing?.target.template ?? [:]
        return Wish(
            canary: plan.canary.name, service: plan.service, edit: { _ in template }, manifest: plan.canary.manifest,
            steps: plan.steps, pauseSeconds: plan.pauseSeconds,
            restartLimit: plan.restartLimit, check: plan.check, route: plan.route?.name, match: plan.route?.match)
    }

    /// The Service whose traffic both Deployments share.
    private func service(
        _ wanted: String?, over stable: JSONValue, and template: JSONValue, _ canaryName: String
    ) async throws -> String {
        func isSelected(_ labels: [String: String], by service: JSONValue) -> Bool {
            service["spec"]?["selector"]?.strings?.selects(labels) ?? false
        }
        let labels = Template.labels(stable["spec"]?["template"] ?? [:])
        var name = wanted
        if name == nil {
            let names = try await session.place.cluster.list(
                ClusterSelection(.services, namespace: session.place.namespace)
            ).filter { isSelected(labels, by: $0) }.compactMap { $0["metadata"]?["name"]?.string }
            guard names.count == 1 else {
                throw ShipslogError(
                    .invalidArgument,
                    names.isEmpty
                        ? "No Service selects the pods of deploy/\(self.name), so it has no traffic to share."
                        : "Several Services select the pods of deploy/\(self.name): \(names.joined(separator: ", ")).",
                    hint: names.isEmpty ? nil : "Say which one is meant with --service.")
            }
            name = names[0]
        }
        let service = try await session.object(.services, name ?? "")
        for (deployment, labels) in [(self.name, labels), (canaryName, Template.labels(template))]
        where !isSelected(labels, by: service) {
            throw ShipslogError(
                .invalidArgument, "svc/\(name ?? "") does not select the pods of deploy/\(deployment).",
                hint: "The Service must select by labels that both have.")
        }
        return name ?? ""
    }
}
