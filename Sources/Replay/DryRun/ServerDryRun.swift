import RolloutModel

/// A plan's actions as a cluster would take them today: each is sent with `dryRun=All`, so that everything is checked and
/// nothing is kept.
///
/// What an action is refused for is often not the action but the pods that come of it: a Deployment is taken whatever the
/// quota. So of each template a pod is tried as well.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run>
package struct ServerDryRun: Sendable {
    private let plan: ReplayPlan
    private let cluster: any Cluster

    package init(_ plan: ReplayPlan, on cluster: any Cluster) {
        self.plan = plan
        self.cluster = cluster
    }

    /// A request, and what the cluster says of it.
    package struct Verdict: Hashable, Sendable {
        package var action: ReplayPlan.Action
        /// Whether it is a pod of the action's template, rather than the action itself.
        package var isPod: Bool
        package var method: String
        package var path: String
        /// Why it would be refused, in the cluster's words; `nil` if it would not.
        package var refusal: String?
    }

    /// Tries each action on the cluster as it is: none sees what those before it would have changed.
    ///
    /// - Returns: In the order of the actions, each followed by a pod of its template, if it brings one. Pods of a
    ///   controller that somebody deleted are left out: today's have other names.
    /// - Throws: What the cluster throws beside refusals.
    package func verdicts() async throws -> [Verdict] {
        var verdicts: [Verdict] = []
        for action in plan.actions where action.role == nil {
            guard let request = action.requests.first else { continue }
            let (resource, namespace, name) = try request.target
            let current = try await cluster.get(resource, name, namespace: namespace)
            var verdict = Verdict(action: action, isPod: false, method: request.method, path: request.path)
            do {
                // What is there already could not be made again; under another name it is judged all the same.
                let made = request.method == "POST" && current != nil
                if let call = try action.call(on: current, name: name, namespace: namespace) {
                    verdict.refusal = try await refusal(of: made ? call.underAnyName : call)
                }
            } catch let error as ShipslogError where error.code == .notFound {
                verdict.refusal = error.message
            }
            verdicts.append(verdict)
            for template in action.requests.flatMap(\.templates) {
                let call = ClusterCall.pod(of: template, of: name, in: namespace)
                verdicts.append(
                    Verdict(
                        action: action, isPod: true, method: call.method, path: call.path,
                        refusal: try await refusal(of: call)))
            }
        }
        return verdicts
    }

    private func refusal(of call: ClusterCall) async throws -> String? {
        var call = call
        call.isDryRun = true
        do {
            _ = try await cluster.perform(call)
            return nil
        } catch let error as StatusError where error.code != 401 && error.code < 500 {
            return error.message
        }
    }
}

extension ClusterCall {
    /// The creation under a name that the cluster chooses.
    fileprivate var underAnyName: ClusterCall {
        var call = self
        call.body["metadata"]?["name"] = nil
        call.body["metadata"]?["generateName"] = .string("\(name)-")
        return call
    }

    /// The creation of a pod as the controller of a template makes it.
    fileprivate static func pod(of template: JSONValue, of owner: String, in namespace: String) -> ClusterCall {
        var metadata = template["metadata"]?.object ?? [:]
        metadata["generateName"] = .string("\(owner)-")
        metadata["namespace"] = .string(namespace)
        let body: JSONValue = [
            "apiVersion": "v1", "kind": "Pod", "metadata": .object(metadata), "spec": template["spec"] ?? [:],
        ]
        return ClusterCall(.create, .pods, "\(owner)-", namespace: namespace, body: body.withoutNulls)
    }
}
