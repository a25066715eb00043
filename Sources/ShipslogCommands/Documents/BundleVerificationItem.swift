import EventLedger
import RolloutModel

/// How the checkpoint of a bundle stands to what is known here of its ledger.
enum BundleOrigin {
    /// It was the head.
    case consistent(Witness)
    /// The head was another when the ledger was of that size.
    case contradicted(Witness)
    /// The ledger ends before that size.
    case ahead(path: String, head: Head)
    /// The ledger is not here.
    case unknown

    /// What is known of the ledger.
    enum Witness {
        case ledger(path: String)
        case rememberedHead

        fileprivate var head: String {
            switch self {
            case .ledger(let path): "a former head of \(path)"
            case .rememberedHead: "the head that is remembered of its ledger"
            }
        }
    }

    /// As it stands in the document.
    var verdict: String {
        switch self {
        case .consistent: "consistent"
        case .contradicted: "contradicted"
        case .ahead: "ahead"
        case .unknown: "unknown"
        }
    }

    fileprivate var details: String {
        switch self {
        case .consistent(let witness): witness.head
        case .contradicted(let witness): "not \(witness.head), which had another history"
        case .ahead(let path, let head): "not to be judged: \(path) ends at \(head.size)"
        case .unknown: "not to be judged: its ledger is not here"
        }
    }
}

/// What came of the verification of a bundle, as `verify --bundle` answers with it.
struct BundleVerificationItem: Printable {
    /// What was found.
    enum Finding {
        case sound(RolloutBundle, BundleOrigin)
        /// It is not as it was made; the text says where, in one sentence.
        case altered(String)
    }

    var path: String
    var finding: Finding

    var namespace: String { "" }
    var name: String { path }

    static func columns(_ style: TextStyle) -> [Column<BundleVerificationItem>] { [] }

    var isSound: Bool {
        switch finding {
        case .sound(_, .contradicted), .altered: false
        case .sound: true
        }
    }

    /// What was checked, and the verdict.
    var lines: [StyledText] {
        switch finding {
        case .altered(let message): [StyledText(message, .bad)]
        case .sound(let bundle, let origin): FieldList.lines(fields(bundle, origin)) + ["", verdict]
        }
    }

    private var verdict: StyledText {
        isSound
            ? "\("The bundle is sound", .good): \(path)."
            : "\("The bundle is not of the history that is known here", .bad): \(path)."
    }

    private func fields(_ bundle: RolloutBundle, _ origin: BundleOrigin) -> [(String, StyledText)] {
        let header = bundle.header
        let place = "namespace \(header.stream.namespace) of cluster \(header.stream.cluster)"
        return [
            ("Bundle", "\(header.rolloutName, .strong) in \(place)"),
            ("Made", "\(TimeText.absolute(header.madeAt)) by shipslog \(header.madeBy)"),
            ("Events", "\(bundle.events) of \(bundle.events) proven against the checkpoint"),
            ("Masked", StyledText(maskedText(bundle))),
            ("Checkpoint", "size \(header.size), root \(header.root)"),
            ("Origin", StyledText(origin.details, isSound ? .plain : .bad)),
        ]
    }

    private func maskedText(_ bundle: RolloutBundle) -> String {
        guard bundle.header.isMasked else { return "no: secrets were kept" }
        if bundle.masked.isEmpty { return "0 payloads" }
        let listed = bundle.masked.prefix(10).map(\.description).joined(separator: ", ")
        let rest = bundle.masked.count > 10 ? ", …" : ""
        let payloads = Plural.of(bundle.masked.count, "payload")
        return "\(payloads), whose content cannot be proven: at position \(listed)\(rest)"
    }

    var document: JSONValue {
        var members: [String: JSONValue] = [
            "checkpoint": .null, "events": .null, "madeAt": .null, "madeBy": .null, "masked": .null, "origin": .null,
            "path": .string(path), "problem": .null, "rollout": .null, "sound": .bool(isSound),
        ]
        switch finding {
        case .altered(let message): members["problem"] = .string(message)
        case .sound(let bundle, let origin):
            let header = bundle.header
            members["checkpoint"] = .object([
                "logID": .string(header.ledger.description), "root": .string(header.root.hex),
                "size": .whole(header.size),
            ])
            members["events"] = .whole(bundle.events)
            members["madeAt"] = .time(header.madeAt)
            members["madeBy"] = .string(header.madeBy)
            members["masked"] = .array(bundle.masked.map { .position($0) })
            members["origin"] = .string(origin.verdict)
            members["rollout"] = .object([
                "number": .whole(header.number), "stream": .string(header.stream.description),
            ])
            if case .contradicted = origin { members["problem"] = .string("The checkpoint is \(origin.details).") }
        }
        return .object(members)
    }
}

extension BundleHeader {
    /// The rollout as commands take it: `deploy/web@3`.
    var rolloutName: String { "\(stream.shortName)@\(number)" }
}
