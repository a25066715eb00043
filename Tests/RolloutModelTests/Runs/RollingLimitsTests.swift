import RolloutModel
import Testing

@Suite("How many pods a rolling update lets there be")
struct RollingLimitsTests {
    private func limits(_ replicas: Int, _ surge: String?, _ unavailable: String?) -> [Int] {
        let limits = RollingLimits(
            replicas: replicas,
            DeploymentStrategy(type: "RollingUpdate", maxSurge: surge, maxUnavailable: unavailable))
        return [limits.maxSurge, limits.maxUnavailable, limits.maxPods, limits.minAvailable]
    }

    @Test("a surge is rounded up, unavailability down")
    func rounding() {
        #expect(
            [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 20, 33].map { limits($0, nil, nil) } == [
                [1, 0, 2, 1], [1, 0, 3, 2], [1, 0, 4, 3], [1, 1, 5, 3], [2, 1, 7, 4], [2, 1, 8, 5], [2, 1, 9, 6],
                [2, 2, 10, 6], [3, 2, 13, 8], [3, 2, 14, 9], [5, 5, 25, 15], [9, 8, 42, 25],
            ])
    }

    @Test("where both come to nothing, one pod may be unavailable")
    func fencepost() {
        #expect([1, 9, 10, 20, 33].map { limits($0, "0%", "10%")[1] } == [1, 1, 1, 2, 3])
        #expect(limits(3, "0", "1") == [0, 1, 3, 2])
    }

    @Test("never are more pods unavailable than are wanted; a recreation makes all so")
    func bounds() {
        #expect(limits(2, "1", "5") == [1, 2, 3, 0])
        #expect(limits(0, nil, nil) == [0, 0, 0, 0])
        let most = Int(Int32.max)
        #expect(
            limits(.max, "\(Int.max)%", "\(Int.max)%") == [
                most * most / 100 + 1, most, most * most / 100 + 1 + most, 0,
            ])
        let recreate = RollingLimits(replicas: 4, DeploymentStrategy(type: "Recreate"))
        #expect(recreate.minAvailable == 0 && recreate.maxPods == 4)
    }
}
