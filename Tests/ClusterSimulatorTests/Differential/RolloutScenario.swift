import RolloutModel
import Testing

/// What somebody does to a Deployment, and how its pods fare.
///
/// To add one, write a line into one of the tables ``all`` is made of. It begins with a Deployment `web` of the image
/// `nginx:1` that comes up, and goes on with its acts. Two things are chance in a real cluster, and a scenario must not
/// hang on them: in which order the controllers look at pods that change in the same moment, so readiness comes with
/// jitter; and which of several pods goes that are equally dispensable, so those that may go before they are ready must
/// all be going to fare alike.
struct RolloutScenario: Sendable, CustomTestStringConvertible {
    var name: String
    var replicas: Int64
    /// Members of the Deployment's `spec`.
    var spec: [String: JSONValue]
    /// Rules of ``PodBehaviours``, in JSON.
    var pods: String
    var acts: [Act]

    init(
        _ name: String, replicas: Int64, _ spec: [String: JSONValue] = [:], pods: String = Pods.steady,
        acts: Act...
    ) {
        self.name = name
        self.replicas = replicas
        self.spec = spec
        self.pods = pods
        self.acts = acts
    }

    var testDescription: String { name }

    /// Whether it is counted for how long pods have been ready: the ReplicaSet controller does so by the machine's clock.
    var goesByTheClock: Bool {
        spec["minReadySeconds"] != nil
            || acts.contains { if case .change(let spec) = $0 { spec["minReadySeconds"] != nil } else { false } }
    }

    /// What is done, one after the other; each time the controllers first do all that they can do at once.
    enum Act: Sendable {
        /// Makes the Deployment; comes first of itself.
        case create
        /// Takes `nginx:` and this for image.
        case image(String)
        case scale(Int64)
        case pause
        case resume
        /// Takes the template of this revision, as `kubectl rollout undo` does.
        case undo(to: Int)
        /// Merges these members into `spec`.
        case change([String: JSONValue])
        /// Deletes a pod of this revision: any, so they must be alike.
        case deletePod(ofRevision: Int)
        /// Lets so many seconds pass in the lives of the pods.
        case wait(Int)
        /// Lets time pass until the Deployment is complete and the last old pod gone, or nothing happens for two minutes.
        case settle
    }

    /// Those that wait for real time to pass come first.
    static let all = timed + rolling + recreating + failing + interrupted + keeping
}

extension [String: JSONValue] {
    /// A rolling update within these limits.
    static func rolling(surge: JSONValue, unavailable: JSONValue) -> Self {
        ["strategy": ["rollingUpdate": ["maxSurge": surge, "maxUnavailable": unavailable]]]
    }

    static let recreate: Self = ["strategy": ["type": "Recreate"]]

    /// These members, and that one.
    func with(_ name: String, _ value: JSONValue) -> Self { merging([name: value]) { $1 } }
}

/// Rules of ``PodBehaviours``.
enum Pods {
    /// They get ready one by one.
    static let steady = #"{"ready": {"after": "1s", "jitter": "40s"}, "termination": {"after": "2s"}}"#
    /// They get ready soon, since it is to be waited for.
    static let quick = #"{"ready": {"after": "1s", "jitter": "12s"}}"#

    /// Those of an image fare otherwise.
    static func images(_ images: String..., fate: String, others: String = steady) -> String {
        images.map { #"{"match": {"image": "nginx:\#($0)"}, \#(fate)}, "# }.joined() + others
    }

    // MARK: Fates

    static let notPulled = #""imagePull": {"message": "manifest unknown"}"#
    /// Is ready for six seconds at a time.
    static let crashingSoon = #""ready": {"after": "2s"}, "exit": {"after": "8s"}"#
    static let readyAtLast = #""ready": {"after": "30s", "jitter": "4s"}"#
    static let pulledLate = #""imagePull": {"failures": 2}, "ready": {"after": "1s", "jitter": "20s"}"#
    static let neverReady = #""ready": "never""#
    static let noNode = #""unschedulable": {}"#
    static let nodeLater = #""unschedulable": {"for": "15s"}, "ready": {"after": "1s", "jitter": "20s"}"#
    /// Ends over and over, without having been ready.
    static let crashing = #""ready": "never", "exit": {"after": "2s", "jitter": "5s"}"#
    /// Ends over and over, having been ready for a while.
    static let crashingLate = #""ready": {"after": "1s", "jitter": "2s"}, "exit": {"after": "8s", "jitter": "9s"}"#
    /// Ends once, and then stays.
    static let crashingOnce =
        #""ready": {"after": "1s", "jitter": "20s"}, "exit": {"after": "30s", "jitter": "20s", "times": 1}"#
    /// Is ready by turns.
    static let flipping =
        #""ready": {"after": "1s", "jitter": "20s", "flips": {"every": "30s", "for": "7s", "times": 2}}"#
}
