import EventLedger
import RolloutEngine
import RolloutModel

/// The Service that a command is to switch from one Deployment to another.
struct ServiceTarget {
    private let name: String
    private let session: RunSession
    private let service: JSONValue
    private let selector: [String: String]

    init(_ name: String, _ session: RunSession) async throws {
        self.name = name
        self.session = session
        service = try await session.object(.services, name)
        selector = (service["spec"]?["selector"]?.object ?? [:]).compactMapValues(\.string)
        guard !selector.isEmpty else {
            throw ShipslogError(
                .invalidArgument, "svc/\(name) selects no pods by labels, so it cannot be switched.")
        }
        try session.refuseForeign(service, "svc/\(name)")
    }

    /// What is to serve instead, and how it comes to that.
    struct Wish {
        /// The Deployment that serves; `nil` for the one that the Service selects.
        var from: String?
        /// The Deployment that is to serve; `nil` for the other colour of the first.
        var to: String?
        /// Changes the pod template; `nil` for nothing.
        var edit: TemplateEdit?
        /// What a new Deployment is made from; `nil` to make it from the first.
        var manifest: JSONValue?
        /// The label that tells the pods of a new Deployment from the old; `nil` to take it from the names.
        var label: (key: String, value: String)?
        /// How many pods must be ready before the switch; `nil` for all.
        var readyPods: Int?
        var keepSeconds = 600
        var check: PodCheck?
        /// The Service through which the new pods can be reached before the switch; `nil` for none.
        var preview: String?
    }

    /// The plan for a wish.
    func plan(_ wish: Wish) async throws -> BlueGreen {
        let blue = try await serving(wish.from)
        let blueName = blue["metadata"]?["name"]?.string ?? ""
        guard let greenName = wish.to ?? DeploymentTwin.otherColor(of: blueName)
        else {
            throw ShipslogError(
                .invalidArgument, "It is not said which Deployment is to serve instead of deploy/\(blueName).",
                hint: "Name it with --to; it is made if it is not there.")
        }
        guard greenName != blueName else {
            throw ShipslogError(.invalidArgument, "deploy/\(blueName) cannot take over from itself.")
        }
        let replicas = Int(blue["spec"]?["replicas"]?.integer ?? 1)
        let green: Candidate
        let template: JSONValue
        var wanted = max(1, replicas)
        if let existing = try await session.place.cluster.get(
            .deployments, greenName, namespace: session.place.namespace)
        {
            let candidate = try await session.candidate(existing, greenName, wish.edit)
            template = candidate.existing?.target.template ?? [:]
            wanted = max(wanted, candidate.existing?.replicas ?? 0)
            green = candidate
        } else {
            let manifest = try wish.manifest ?? twin(of: blue, blueName, greenName, wish)
            template = manifest["spec"]?["template"] ?? [:]
            green = Candidate(name: greenName, manifest: manifest)
        }
        let target = try target(for: template, greenName, blue, blueName)
        try await session.checkCapacity(for: template, count: wanted - (green.existing?.replicas ?? 0))
        return BlueGreen(
            service: service["metadata"]?["uid"]?.string ?? "",
            blue: Incumbent(
                name: blueName, uid: blue["metadata"]?["uid"]?.string ?? "", replicas: replicas),
            green: green, replicas: wanted, origin: selector, target: target,
            readyPods: min(wish.readyPods ?? wanted, wanted), keepSeconds: wish.keepSeconds, check: wish.check,
            preview: try await preview(wish.preview, over: template, target, apartFrom: blue))
    }

    /// A Service over the new pods alone: the one that there is, or one with the ports of the Service that is switched.
    private func preview(
        _ wanted: String?, over template: JSONValue, _ target: [String: String], apartFrom blue: JSONValue
    ) async throws -> BlueGreen.Preview? {
        guard let wanted else { return nil }
        return BlueGreen.Preview(
            name: wanted,
            manifest: try await session.twin(
                of: service, name: wanted, selecting: target,
                labels: (Template.labels(template), Template.labels(blue["spec"]?["template"] ?? [:])),
                hint: "Name one that is not there, and it is made: --preview \(name)-preview."))
    }

    private func twin(
        of blue: JSONValue, _ blueName: String, _ greenName: String, _ wish: Wish
    ) throws -> JSONValue {
        guard let edit = wish.edit else { throw ImageArguments.nothing }
        let labels = try distinction(wish.label, blue: blue, blueName, greenName)
        return try DeploymentTwin.manifest(of: blue, name: greenName, labels: labels, edit: edit)
    }

    /// What a plan wished for.
    static func wish(of plan: BlueGreen) -> Wish {
        let template = plan.green.manifest?["spec"]?["template"] ?? plan.green.existing?.target.template
        return Wish(
            from: plan.blue.name, to: plan.green.name, edit: template.map { template in { _ in template } },
            manifest: plan.green.manifest, readyPods: plan.readyPods, keepSeconds: plan.keepSeconds,
            check: plan.check, preview: plan.preview?.name)
    }

    /// Has the run of a Service that goes on turn back; without one, switches it to what it selected before.
    ///
    /// - Parameter how: Of what is wished only how it comes to it.
    static func bringBack(
        _ name: String, _ how: Wish, _ options: RunArguments, in context: CommandContext
    ) async throws {
        if try await abortRunning(name, options, in: context) { return }
        let session = try await RunSession(options, in: context)
        let plan = try await ServiceTarget(name, session).planBack(how)
        try await session.carryOut(.blueGreen(plan), of: session.stream("service", name))
    }

    /// Gives up the run of the Service that goes on; whether there is one.
    private static func abortRunning(
        _ name: String, _ options: RunArguments, in context: CommandContext
    ) async throws -> Bool {
        guard let ledger = try options.ledger.openIfThere(in: context) else { return false }
        let runs = try await RunCatalog(ledger: ledger).open()
        try ledger.close()
        if runs.isEmpty { return false }
        let place = try await options.place(in: context, isNew: false)
        let stream = StreamName(cluster: place.name, namespace: place.namespace, kind: "service", name: name)
        guard let run = runs.first(where: { $0.stream == stream }) else { return false }
        if let dryRun = options.dryRun {
            try context.notice("\(stream.shortName) would be asked to go back (\(dryRun.rawValue) dry run)")
            return true
        }
        let writable = try options.ledger.open(in: context, mode: .readWrite)
        let request = RolloutRequest(run: run.id, reason: options.reason)
        try await RunRequest.make(of: run, .rolloutAbortRequested(request), in: writable, context)
        try context.notice("\(stream.shortName) is to go back")
        try await RunRequest.awaitRunner(of: run, in: writable, context)
        try writable.close()
        return true
    }

    /// The way back to what the Service selected before, as the ledger tells.
    private func planBack(_ how: Wish) async throws -> BlueGreen {
        let ledger = try session.options.ledger.open(in: session.context)
        let state = try ledger.state(of: session.stream("service", name))
        try ledger.close()
        guard case .service(let known) = state, let last = known.rollout, let before = last.fromSelector,
            last.toSelector == selector
        else {
            throw ShipslogError(
                .notFound, "The ledger knows of no selector that svc/\(name) was switched from.",
                hint: "`shipslog rollouts svc/\(name)` lists its switches.")
        }
        let blue = try await serving(nil)
        let candidates = try await deployments(selectedBy: before)
        guard candidates.count == 1, let green = candidates.first else {
            throw ShipslogError(
                .notFound,
                "\(candidates.count) Deployments have the labels \(ImageText.labels(before)) that svc/\(name) selected before, instead of one."
            )
        }
        let greenName = green["metadata"]?["name"]?.string ?? ""
        let candidate = try await session.candidate(green, greenName, nil)
        let replicas = Int(blue["spec"]?["replicas"]?.integer ?? 1)
        let wanted = max(1, replicas, candidate.existing?.replicas ?? 0)
        return BlueGreen(
            service: service["metadata"]?["uid"]?.string ?? "",
            blue: Incumbent(
                name: blue["metadata"]?["name"]?.string ?? "", uid: blue["metadata"]?["uid"]?.string ?? "",
                replicas: replicas),
            green: candidate, replicas: wanted, origin: selector, target: before,
            readyPods: min(how.readyPods ?? wanted, wanted), keepSeconds: how.keepSeconds, check: how.check,
            preview: try await preview(
                how.preview, over: green["spec"]?["template"] ?? [:], before, apartFrom: blue))
    }

    /// The Deployment whose pods the Service selects.
    private func serving(_ name: String?) async throws -> JSONValue {
        if let name {
            let deployment = try await session.object(.deployments, name)
            guard isSelected(deployment, by: selector) else {
                throw ShipslogError(
                    .invalidArgument,
                    "svc/\(self.name) selects \(ImageText.labels(selector)), which the pods of deploy/\(name) have not."
                )
            }
            try await session.refuseShared(deployment, name)
            return deployment
        }
        let service = self.name
        let found = try await deployments(selectedBy: selector)
        guard let deployment = found.first, found.count == 1 else {
            let names = found.compactMap { $0["metadata"]?["name"]?.string }.joined(separator: ", ")
            throw ShipslogError(
                .invalidArgument,
                found.isEmpty
                    ? "No Deployment has pods with the labels \(ImageText.labels(selector)) that svc/\(service) selects."
                    : "svc/\(service) selects the pods of several Deployments: \(names).",
                hint: found.isEmpty ? nil : "Say which one serves with --from.")
        }
        try await session.refuseShared(deployment, deployment["metadata"]?["name"]?.string ?? "")
        return deployment
    }

    private func deployments(selectedBy labels: [String: String]) async throws -> [JSONValue] {
        try await session.place.cluster.list(ClusterSelection(.deployments, namespace: session.place.namespace))
            .filter { isSelected($0, by: labels) }
    }

    private func isSelected(_ deployment: JSONValue, by labels: [String: String]) -> Bool {
        let own = Template.labels(deployment["spec"]?["template"] ?? [:])
        return labels.allSatisfy { own[$0] == $1 }
    }

    /// The label by which a new Deployment's pods differ from those of the first, and by which the Service tells them apart.
    private func distinction(
        _ label: (key: String, value: String)?, blue: JSONValue, _ blueName: String, _ greenName: String
    ) throws -> [String: String] {
        if let label { return [label.key: label.value] }
        for (key, value) in selector.sorted(by: { $0.key < $1.key }) where blueName.hasSuffix("-\(value)") {
            let stem = blueName.dropLast(value.count)
            if greenName.hasPrefix(stem), greenName.count > stem.count {
                return [key: String(greenName.dropFirst(stem.count))]
            }
        }
        throw ShipslogError(
            .invalidArgument,
            "It is not said by which label the pods of deploy/\(greenName) are to differ from those of deploy/\(blueName).",
            hint:
                "Give one that svc/\(name) selects by, with another value: --label \(selector.keys.sorted().first ?? "KEY")=VALUE."
        )
    }

    /// What the Service is to select, for the new pods to be selected and the old ones not.
    private func target(
        for template: JSONValue, _ greenName: String, _ blue: JSONValue, _ blueName: String
    ) throws -> [String: String] {
        let target = try ServiceTwin.selector(
            like: selector, of: name, for: Template.labels(template), of: greenName)
        guard !isSelected(blue, by: target) else {
            throw ShipslogError(
                .invalidArgument,
                "svc/\(name) selects \(ImageText.labels(selector)), which the pods of deploy/\(greenName) would have too: both would serve.",
                hint: "Have it select by a label that tells them apart, such as version=blue.")
        }
        return target
    }
}
