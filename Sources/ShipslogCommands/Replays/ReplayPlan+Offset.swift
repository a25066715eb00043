import Replay
import RolloutModel

extension ReplayPlan {
    /// How long after the beginning a moment of the recording is: `+2s`.
    func offset(_ time: Timestamp) -> String { "+\(TimeText.duration(max(0, time.seconds(since: startsAt))))" }
}
