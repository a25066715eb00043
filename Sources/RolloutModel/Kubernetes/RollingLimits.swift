/// How many pods a Deployment's controller lets there be while it replaces them.
///
/// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#rolling-update-deployment>
package struct RollingLimits: Hashable, Sendable {
    package var maxSurge: Int
    package var maxUnavailable: Int
    /// The number of pods that stay available.
    package var minAvailable: Int
    /// The most pods that there are wanted at once.
    package var maxPods: Int

    /// Resolves percentages: a surge is rounded up, unavailability down, and if both come to nothing, one pod may be
    /// unavailable, or nothing would ever change.
    package init(replicas: Int, _ strategy: DeploymentStrategy) {
        guard strategy.type != "Recreate" else {
            (maxSurge, maxUnavailable, minAvailable, maxPods) = (0, replicas, 0, replicas)
            return
        }
        maxSurge = Self.resolve(strategy.maxSurge ?? "25%", of: replicas, roundingUp: true)
        maxUnavailable = Self.resolve(strategy.maxUnavailable ?? "25%", of: replicas, roundingUp: false)
        if maxSurge == 0, maxUnavailable == 0 { maxUnavailable = 1 }
        maxUnavailable = min(maxUnavailable, replicas)
        minAvailable = replicas - maxUnavailable
        maxPods = replicas + maxSurge
    }

    private static func resolve(_ text: String, of replicas: Int, roundingUp: Bool) -> Int {
        guard text.hasSuffix("%") else { return Int(text) ?? 0 }
        let product = (Int(text.dropLast()) ?? 0) * replicas
        return roundingUp ? (product + 99) / 100 : product / 100
    }
}
