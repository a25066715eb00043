#if Network
    import Recording
    import RolloutModel

    extension RecordingSession: LiveSession {
        func report(at time: Timestamp) async -> LiveReport {
            let status = await recorder.takeStatus()
            let isReady = status.live == sources.count
            let last =
                status.lastEventAt.map {
                    ", the last \(TimeText.duration(time.seconds(since: $0).rounded())) ago"
                } ?? ""
            return LiveReport(
                isReady: isReady, trouble: status.trouble, warnings: status.warnings,
                line: (isReady ? "recording" : "catching up with") + " \(cluster): "
                    + "\(Plural.of(status.events, "event"))\(last), \(Plural.of(status.objects, "object")) watched, "
                    + "lag \(status.longestLag / 1_000) ms",
                log: [
                    "cluster": .string(cluster), "events": .whole(status.events), "gaps": .whole(status.gaps),
                    "lastEventAt": .time(status.lastEventAt), "objects": .whole(status.objects),
                    "lagMilliseconds": .decimal(Double(status.longestLag) / 1_000),
                ],
                summary: "Recorded \(Plural.of(status.events, "event")) of cluster \(cluster)."
            )
        }
    }
#endif
