import Foundation

/// Runs jobs one after the other on a thread of its own, which ends with the process.
final class OneThread: TaskExecutor {
    private final class Jobs: @unchecked Sendable {
        private let condition = NSCondition()
        private var waiting: [UnownedJob] = []

        func add(_ job: UnownedJob) {
            condition.lock()
            waiting.append(job)
            condition.signal()
            condition.unlock()
        }

        func next() -> UnownedJob {
            condition.lock()
            defer { condition.unlock() }
            while waiting.isEmpty { condition.wait() }
            return waiting.removeFirst()
        }
    }

    private let jobs = Jobs()

    init() {
        let (jobs, executor) = (jobs, asUnownedTaskExecutor())
        Thread { while true { jobs.next().runSynchronously(on: executor) } }.start()
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.add(UnownedJob(job))
    }
}
