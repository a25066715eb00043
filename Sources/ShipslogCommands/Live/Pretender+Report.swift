#if Network
    import PretendNodes
    import RolloutModel

    extension Pretender: LiveSession {
        func report(at time: Timestamp) -> LiveReport {
            let status = status
            let unbound = status.pods.unbound == 0 ? "" : ", \(status.pods.unbound) without a node"
            let pods = Plural.of(status.pods.bound, "pod")
            return LiveReport(
                isReady: status.isReady, trouble: status.trouble,
                line: "pretending: \(pods), \(status.pods.ready) ready\(unbound)",
                log: [
                    "pods": .whole(status.pods.bound), "podsReady": .whole(status.pods.ready),
                    "podsWithoutNode": .whole(status.pods.unbound), "writes": .whole(status.writes),
                ],
                summary: "Wrote \(Plural.of(status.writes, "change")) of pods."
            )
        }
    }
#endif
