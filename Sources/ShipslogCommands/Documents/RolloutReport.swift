import RolloutModel

/// Everything about one rollout, as `show` answers with it.
struct RolloutReport: Printable {
    var item: RolloutItem
    /// The subject's pods at its end.
    var pods: [PodItem]
    /// The Services over it.
    var services: [StreamName]
    /// What the name of who did it rests on, if that was found out afterwards.
    var evidence: ActorAttributed?
    /// What people wrote down about it, the oldest first.
    var notes: [Note]
    var timeline: Timeline
    /// How the pods are by now; `nil` while it goes on, or if another rollout came after it.
    var aftermath: Aftermath?

    /// What became of the pods of a rollout after its end.
    struct Aftermath {
        var ready: Int
        var desired: Int
        var restarts: Int
        /// What stands against them, in one line; `nil` if nothing does.
        var trouble: String?

        /// - Parameter state: Of the Deployment, whose newest rollout it is.
        init(_ state: DeploymentState) {
            let pods = state.pods.values.filter { !$0.terminating }
            ready = pods.count(where: \.ready)
            desired = state.desired
            restarts = pods.reduce(0) { $0 + $1.restarts }
            trouble = state.trouble
        }

        /// In a line; `nil` if all is well.
        fileprivate var text: String? {
            guard trouble != nil || ready < desired else { return nil }
            let again = restarts > 0 ? ", \(Plural.of(restarts, "restart"))" : ""
            return "\(ready) of \(Plural.of(desired, "pod")) ready\(again)" + (trouble.map { "; \($0)" } ?? "")
        }

        fileprivate var document: JSONValue {
            .object([
                "desired": .whole(desired), "ready": .whole(ready), "restarts": .whole(restarts),
                "trouble": .text(trouble),
            ])
        }
    }

    var namespace: String { item.namespace }
    var name: String { item.name }

    static func columns(_ style: TextStyle) -> [Column<RolloutReport>] { [] }

    var document: JSONValue {
        guard case .object(var members) = item.document else { return item.document }
        members["aftermath"] = aftermath?.document ?? .null
        members["notes"] = .array(notes.map(\.document))
        members["podsAtEnd"] = .array(pods.map(\.document))
        members["evidence"] = evidence?.document ?? .null
        members["services"] = .texts(services.map(\.name))
        members["timeline"] = .array(
            timeline.entries.map { entry in
                .object([
                    "actor": .text(entry.actor?.name), "object": .text(entry.text.about),
                    "position": .position(entry.position),
                    "seconds": .decimal(entry.time.seconds(since: item.rollout.startedAt)),
                    "text": .string(entry.text.text), "time": .time(entry.time), "type": .text(entry.type),
                ])
            })
        return .object(members)
    }

    /// The report for a person.
    func lines(_ printer: Printer, all: Bool) -> [StyledText] {
        var lines = FieldList.lines(fields(printer.style))
        if !pods.isEmpty {
            lines += ["", StyledText(item.rollout.endedAt == nil ? "Pods now:" : "Pods at the end:")]
            lines += printer.tableLines(pods).map { "  " + $0 }
        }
        if !notes.isEmpty { lines += ["", "Notes:"] + notes.map { "  \($0.line)" } }
        let shown = all ? timeline.unfolded() : timeline.folded()
        lines += ["", "Timeline:"]
        let width = shown.map { seconds($0).count }.max() ?? 0
        lines += shown.map { line in
            let blanks = String(repeating: " ", count: width - seconds(line).count)
            return "  \(blanks)\(seconds(line), .faint)   \(line.text)"
        }
        let hidden = timeline.routineCount
        if !all, hidden > 0 { lines.append("  \("(\(hidden) more are routine; --all shows them)", .faint)") }
        return lines
    }

    private func seconds(_ line: Timeline.Line) -> String {
        let seconds = line.time.seconds(since: item.rollout.startedAt)
        return "\(seconds < 0 ? "-" : "+")\(TimeText.duration(abs(seconds)))"
    }

    private func fields(_ style: TextStyle) -> [(String, StyledText)] {
        let rollout = item.rollout
        let place = "\(rollout.stream.namespace) of cluster \(rollout.stream.cluster)"
        var fields: [(String, StyledText)] = [
            ("Rollout", "\(rollout.name, .strong) in namespace \(place)"),
            ("By", StyledText(rollout.actor?.text ?? "<unknown>")),
        ]
        if let evidence, rollout.actor?.evidence != .engine { fields.append(("Evidence", StyledText(evidence.text))) }
        fields += [
            ("Change", StyledText(changeText)),
            ("Strategy", StyledText(rollout.strategy.rawValue)),
            ("Started", StyledText(TimeText.absolute(rollout.startedAt))),
            ("Duration", StyledText(rollout.durationText(now: style.now))),
            ("Outcome", rollout.outcomeText),
        ]
        if let diagnosis = rollout.diagnosis { fields.append(("Diagnosis", StyledText(diagnosis, .bad))) }
        if let text = aftermath?.text { fields.append(("Since then", StyledText(text, .bad))) }
        if let cause = rollout.changeCause { fields.append(("Change-cause", StyledText(cause))) }
        if rollout.stream.kind != "service" {
            fields.append(
                (
                    "Pods",
                    "lowest ready \(rollout.lowestReady), most at once \(rollout.mostPods), desired \(rollout.desired)"
                ))
        }
        if let seconds = item.noReadyEndpointSeconds {
            let names = rollout.stream.kind == "service" ? [] : services.map(\.shortName)
            let behind = names.isEmpty ? "" : " behind \(names.joined(separator: ", "))"
            fields.append(
                (
                    "Down time",
                    StyledText(
                        "\(TimeText.duration(seconds)) with no ready endpoint\(behind)", seconds > 0 ? .bad : .plain)
                ))
        }
        return fields
    }

    private var changeText: String {
        let rollout = item.rollout
        if let from = rollout.fromSelector, let to = rollout.toSelector {
            return "\(ImageText.labels(from)) → \(ImageText.labels(to))"
        }
        if rollout.fromImages.isEmpty || rollout.fromImages == rollout.toImages {
            return ImageText.list(rollout.toImages)
        }
        return "\(ImageText.list(rollout.fromImages)) → \(ImageText.list(rollout.toImages))"
    }
}

extension ActorAttributed {
    /// What it rests on, for a person: `request 5f0c… from 10.0.0.7 (kubectl/v1.31.2), in groups dev, system:authenticated`.
    fileprivate var text: String {
        let sure =
            switch confidence {
            case .exact: "request"
            case .inferred: "probably request"
            }
        let program = userAgent.map { $0.split(separator: " ").first.map(String.init) ?? $0 }
        let parts: [String?] = [
            "\(sure) \(auditID)", sourceIPs.isEmpty ? nil : "from \(sourceIPs.joined(separator: " via "))",
            program.map { "with \($0)" }, impersonatedBy.map { "impersonated by \($0)" },
            groups.isEmpty ? nil : "in groups \(groups.joined(separator: ", "))",
        ]
        return parts.compactMap(\.self).joined(separator: " ")
    }

    /// It as `show` answers with it.
    fileprivate var document: JSONValue {
        .object([
            "auditID": .string(auditID), "confidence": .string(confidence.rawValue), "groups": .texts(groups),
            "impersonatedBy": .text(impersonatedBy), "sourceIPs": .texts(sourceIPs), "userAgent": .text(userAgent),
        ])
    }
}
