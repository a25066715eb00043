import RolloutModel

/// What a watch tells.
///
/// First `listing`, `listed` as often as there are pages, and `synced`; from then on `changed` and `bookmark`. A watch
/// from a version begins with `resumed` instead. After a `gap` it lists again. `interrupted` and `resumed` say that it
/// knows nothing for a while; what happened in that time comes afterwards.
public enum Change: Sendable {
    /// What happened since a version will not be told any more. A list follows.
    case gap(Gap)
    /// A list begins. Pages of a list before it that was not finished do not count.
    case listing
    /// Some of the objects that are there.
    case listed([KubernetesObject])
    /// The list is complete, and true at this version.
    case synced(resourceVersion: String)
    /// An object was added, changed or deleted; a deleted one is as it was last. The object's version is where the
    /// stream is. A version may be told twice, but none is left out.
    case changed(Kind, KubernetesObject)
    /// Nothing has changed up to this version.
    case bookmark(resourceVersion: String)
    /// The server does not answer, or not as it should; the watch tries again.
    case interrupted(Interruption)
    /// The server tells changes, from the version at which it, or an earlier watch, stopped.
    case resumed

    /// What became of an object.
    public enum Kind: String, Sendable {
        case added = "ADDED"
        case modified = "MODIFIED"
        case deleted = "DELETED"
    }

    /// A time of which a watch cannot tell what happened.
    public struct Gap: Hashable, Sendable {
        /// Why it cannot.
        public var reason: Reason
        /// The last version that was told; the gap ends with the version of the `synced` that follows.
        public var lastVersion: String

        /// Why a watch cannot tell.
        public enum Reason: String, Sendable {
            /// The server has forgotten what followed the version: 410.
            case expired
            /// The server is at an earlier version than the one told, as after etcd was restored from a copy.
            case wentBack
        }

        /// Describes a gap.
        public init(reason: Reason, lastVersion: String) {
            self.reason = reason
            self.lastVersion = lastVersion
        }
    }

    /// Why a watch tells nothing for a while.
    public struct Interruption: Sendable {
        /// The reason.
        public var error: ShipslogError
        /// How long the watch waits before it tries again.
        public var pause: Duration

        /// Describes an interruption.
        public init(error: ShipslogError, pause: Duration) {
            self.error = error
            self.pause = pause
        }
    }
}
