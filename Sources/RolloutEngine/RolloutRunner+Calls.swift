import RolloutModel

extension RolloutRunner {
    /// What came of something that a run wanted.
    enum Outcome {
        case done
        case nothingToDo
        /// The cluster will not do it.
        case refused(StatusError)
        /// The cluster does not do it now.
        case putOff(StatusError)
        /// Nobody said whether it was carried out, and the cluster shows that it was not.
        case unanswered(ShipslogError)
        /// How things stand cannot be seen now.
        case unseen(ShipslogError)
        case impossible(ShipslogError)
    }

    /// Does something, unless it is done, and writes down what came of it.
    func perform(_ action: RolloutAction, _ run: inout RolloutRun) async throws -> Outcome {
        let (resource, name) = action.object
        let current: JSONValue?
        do {
            current = try await cluster.get(resource, name, namespace: namespace)
        } catch {
            return .unseen(try Self.outage(error))
        }
        let call: ClusterCall
        do {
            guard let needed = try action.call(on: current, namespace: namespace, by: run.id) else {
                return .nothingToDo
            }
            call = needed
        } catch let error as ShipslogError where error.code == .conflict {
            return .impossible(error)
        }
        try await tell(.acting(action.description))
        let intended = CallIntended(method: call.method, path: call.path, body: call.body)
        let id = try await note(.callIntended(intended), &run)
        let answer: CallAnswer
        do {
            answer = try await cluster.perform(call)
        } catch let error as StatusError where error.code == 404 && call.verb == .delete {
            // Who wanted it gone has what they wanted.
            try await complete(CallCompleted(call: id, status: nil, auditID: error.auditID), nil, &run)
            return .done
        } catch let error as StatusError where error.code < 500 {
            let failure = CallFailed(
                call: id, status: error.code, reason: error.reason.rawValue.nonEmpty, message: error.message,
                auditID: error.auditID)
            try await note(.callFailed(failure), &run)
            return error.isPassing ? .putOff(error) : .refused(error)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            // Nobody knows whether it was carried out but the cluster.
            do {
                if try await settle(id, intended, &run) { return .done }
            } catch {
                return .unseen(try Self.outage(error))
            }
            let reason = (error as? any ExplainableError)?.explained
            return .unanswered(reason ?? ShipslogError(.unavailable, "The call got no answer: \(error)."))
        }
        let object = answer.object["kind"]?.string == "Status" ? nil : answer.object
        let completed = CallCompleted(
            call: id, status: answer.code, uid: object?["metadata"]?["uid"]?.string,
            resourceVersion: object?["metadata"]?["resourceVersion"]?.string, auditID: answer.auditID)
        try await complete(completed, object, &run)
        return .done
    }

    /// Finds out what became of the calls whose outcome is not written down.
    ///
    /// - Returns: Why that cannot be seen now; `nil` once it is written down.
    func settleOpenCalls(of run: inout RolloutRun) async throws -> ShipslogError? {
        do {
            for (id, call) in run.openCalls { try await settle(id, call, &run) }
            return nil
        } catch {
            return try Self.outage(error)
        }
    }

    /// What keeps the cluster from answering, if it may answer a little later.
    ///
    /// - Throws: Any other error.
    static func outage(_ error: any Error) throws -> ShipslogError {
        switch error {
        case let error as StatusError where error.code < 500 && !error.isPassing: throw error
        case let error as any ExplainableError: return error.explained
        default: throw error
        }
    }

    /// Finds out what became of a call whose outcome is not written down, and writes it down.
    ///
    /// - Returns: Whether it was carried out.
    @discardableResult
    func settle(_ id: EventID, _ intended: CallIntended, _ run: inout RolloutRun) async throws -> Bool {
        guard let call = ClusterCall(intended) else {
            throw ShipslogError(.tampered, "The run \(run.id) has a call that no runner makes: \(intended.path).")
        }
        let current = try await cluster.get(call.resource, call.name, namespace: call.namespace)
        guard intended.isDone(in: current) else {
            let words =
                call.verb == .create && current != nil
                ? "it was not carried out: another \(call.resource.kind) \(call.name) is there, which the run did not make"
                : "it was not carried out, as the cluster shows"
            try await note(.callFailed(CallFailed(call: id, status: nil, message: words)), &run)
            if let current { try await record([.changed(current)]) }
            return false
        }
        // What has the name of something that is gone is not what the call left.
        let isOther = call.verb == .delete && current?["metadata"]?["uid"] != call.body["preconditions"]?["uid"]
        let left = isOther ? nil : current?["metadata"]
        let completed = CallCompleted(
            call: id, status: nil, uid: left?["uid"]?.string, resourceVersion: left?["resourceVersion"]?.string)
        try await complete(completed, current, &run)
        return true
    }

    /// Writes down that a call was carried out, what it left, and by whom that was brought about.
    private func complete(
        _ completed: CallCompleted, _ object: JSONValue?, _ run: inout RolloutRun
    ) async throws {
        try await note(.callCompleted(completed), &run)
        if let object { try await record([.changed(object)]) }
        if let done = run.newestCall { try await journal.attribute(done, of: run) }
    }
}

extension StatusError {
    /// Whether the cluster may do the very same a little later: credentials are renewed, and crowds pass.
    fileprivate var isPassing: Bool { [401, 408, 429].contains(code) }
}
