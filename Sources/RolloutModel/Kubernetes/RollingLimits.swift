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
        let replicas = Self.number(replicas)
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
        guard text.hasSuffix("%") else { return number(Int(text)) }
        let product = number(Int(text.dropLast())) * replicas
        return roundingUp ? (product + 99) / 100 : product / 100
    }

    /// A number as the API has them, of 32 bits, so that none of the sums is too large.
    private static func number(_ number: Int?) -> Int { Int(Int32(clamping: number ?? 0)) }
}
