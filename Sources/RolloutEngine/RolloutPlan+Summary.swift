import RolloutModel

extension RolloutPlan.Procedure {
    /// For a person: what it brings about, without a full stop.
    ///
    /// - Parameter stream: The subject of the run.
    package func summary(of stream: StreamName) -> String {
        switch self {
        case .deployment(let change):
            "set deploy/\(stream.name) to \(Template.images(change.target.template).joined(separator: ", "))"
        case .creation(let creation):
            "make deploy/\(stream.name) again with \(Template.images(creation.manifest["spec"]?["template"] ?? [:]).joined(separator: ", "))"
        case .pod(let replacement):
            "replace pod/\(stream.name) by \(Template.images(replacement.target).joined(separator: ", "))"
        case .blueGreen(let plan):
            "switch svc/\(stream.name) from deploy/\(plan.blue.name) to deploy/\(plan.green.name)"
        case .canary(let plan):
            "have deploy/\(plan.canary.name) take over from deploy/\(plan.stable.name)"
                + (plan.route.map { " by the weights of httproute/\($0.name)" } ?? "")
        }
    }
}
