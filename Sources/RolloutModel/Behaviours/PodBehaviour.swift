/// How a pod lives, from its creation to its end, without saying when exactly: what a rule of ``PodBehaviours`` gives.
///
/// The default is the pod without trouble: scheduled, started, ready and, when asked, gone at once.
package struct PodBehaviour: Hashable, Sendable {
    /// Set for a pod that finds no node.
    package var unschedulable: Unschedulable?
    /// From having a node to the containers' start.
    package var start = Delay()
    /// Set for a pod whose image cannot be pulled.
    package var imagePull: ImagePull?
    /// Whether and when a running pod gets ready; `nil`: never.
    package var ready: Readiness? = Readiness()
    /// Set for a pod whose containers end by themselves.
    package var exit: Exit?
    /// How it goes when it is deleted.
    package var termination = Termination()
    /// Not empty for a pod that lives as another one did: one of these, drawn for each pod.
    ///
    /// Then nothing else here counts but the termination, where the script does not say how it was.
    package var scripts: [PodScript] = []

    package init() {}

    /// A length of time, of which a part is drawn anew for each pod.
    package struct Delay: Hashable, Sendable {
        package var after: Duration = .zero
        /// At most this is added.
        package var jitter: Duration = .zero

        package init(after: Duration = .zero, jitter: Duration = .zero) {
            self.after = after
            self.jitter = jitter
        }

        /// One draw, in microseconds.
        func draw(_ random: inout SeededGenerator) -> Int64 {
            after.wholeMicroseconds + random.number(upTo: jitter.wholeMicroseconds)
        }
    }

    /// No node is found.
    package struct Unschedulable: Hashable, Sendable {
        /// What the scheduler says.
        package var message: String
        /// How long; `nil`: for ever.
        package var duration: Duration?

        package init(message: String, duration: Duration? = nil) {
            self.message = message
            self.duration = duration
        }
    }

    /// The image cannot be pulled: `ErrImagePull` and `ImagePullBackOff` by turns.
    package struct ImagePull: Hashable, Sendable {
        /// What the registry says.
        package var message: String
        /// How often it fails before it works; `nil`: for ever.
        package var failures: Int?
        package var backOff = BackOff()

        package init(message: String, failures: Int? = nil, backOff: BackOff = BackOff()) {
            self.message = message
            self.failures = failures
            self.backOff = backOff
        }
    }

    /// When a running container gets ready, at each of its starts, and how steady it is.
    package struct Readiness: Hashable, Sendable {
        package var delay = Delay()
        package var flips: Flips?

        package init(delay: Delay = Delay(), flips: Flips? = nil) {
            self.delay = delay
            self.flips = flips
        }
    }

    /// Readiness that is lost and comes back.
    package struct Flips: Hashable, Sendable {
        /// How long it is ready in between; more than zero.
        package var every: Duration
        /// How long it is not ready each time.
        package var duration: Duration
        /// How often in its life; `nil`: for ever.
        package var times: Int?

        package init(every: Duration, duration: Duration, times: Int? = nil) {
            self.every = every
            self.duration = duration
            self.times = times
        }
    }

    /// The container ends by itself; the pod's `restartPolicy` says what then.
    package struct Exit: Hashable, Sendable {
        /// How long each run takes.
        package var delay: Delay
        package var code: Int
        /// `Completed`, `Error`, `OOMKilled` or another reason that Kubernetes would give.
        package var reason: String
        /// How often it ends before it stays; `nil`: for ever.
        package var times: Int?
        package var backOff = BackOff()

        package init(
            delay: Delay, code: Int, reason: String, times: Int? = nil, backOff: BackOff = BackOff()
        ) {
            self.delay = delay
            self.code = code
            self.reason = reason
            self.times = times
            self.backOff = backOff
        }
    }

    /// How long the kubelet waits before the next try: twice as long each time.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy>
    package struct BackOff: Hashable, Sendable {
        package var first: Duration = .seconds(10)
        package var longest: Duration = .seconds(300)

        package init(first: Duration = .seconds(10), longest: Duration = .seconds(300)) {
            self.first = first
            self.longest = longest
        }

        /// Before try number `number`, from 1, in microseconds.
        func delay(before number: Int) -> Int64 {
            let (first, longest) = (first.wholeMicroseconds, longest.wholeMicroseconds)
            return min(longest, first << min(Int64(number - 1), 20))
        }
    }

    /// What the containers do about a SIGTERM.
    package struct Termination: Hashable, Sendable {
        /// From the SIGTERM to their end; beyond the grace period they are killed.
        package var delay = Delay()
        /// Whether they run on until they are killed.
        package var ignoresSIGTERM = false

        package init(delay: Delay = Delay(), ignoresSIGTERM: Bool = false) {
            self.delay = delay
            self.ignoresSIGTERM = ignoresSIGTERM
        }
    }
}
