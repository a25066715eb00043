/// Why a rollout is not well, in one line.
enum Diagnosis {
    /// Names what stands against the new pods, the most frequent first: `ImagePullBackOff: nginx:bad (2 of 2 new pods)`.
    ///
    /// - Returns: `nil` if nothing stands against any of them.
    static func of(newPods pods: [PodState]) -> String? {
        var counts: [Trouble: Int] = [:]
        for pod in pods {
            guard let stuck = pod.standingTrouble else { continue }
            // An image is the best explanation there is; where none is involved, the message is.
            let about = stuck.image.isEmpty ? stuck.message ?? "" : stuck.image
            counts[Trouble(reason: stuck.reason, about: about), default: 0] += 1
        }
        let ordered = counts.sorted {
            ($1.value, $0.key.reason, $0.key.about) < ($0.value, $1.key.reason, $1.key.about)
        }
        if ordered.isEmpty { return nil }
        return ordered.map { trouble, count in
            let about = trouble.about.isEmpty ? "" : ": \(trouble.about)"
            return "\(trouble.reason)\(about) (\(count) of \(pods.count) new \(pods.count == 1 ? "pod" : "pods"))"
        }.joined(separator: "; ")
    }

    private struct Trouble: Hashable {
        var reason: String
        var about: String
    }
}
