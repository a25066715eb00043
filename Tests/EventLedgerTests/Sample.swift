import Foundation
import RolloutModel

/// Events for tests.
enum Sample {
    static let web = stream("prod/shop/deployment/web")
    static let api = stream("prod/shop/deployment/api")
    static let recorder = stream("prod/shop/recording/watch")

    static func stream(_ text: String) -> StreamName {
        guard let name = StreamName(text) else { preconditionFailure("no stream name: \(text)") }
        return name
    }

    /// An id that is the same for the same number.
    static func id(_ number: Int) -> EventID { EventID.derived(from: ["sample", String(number)]) }

    /// An event that says that something was not recorded; it changes no state.
    static func gap(
        _ number: Int, in stream: StreamName, actor: Actor? = nil, rollout: EventID? = nil, reason: String = "a test"
    ) -> Event {
        let time = Timestamp(microseconds: 1_700_000_000_000_000 + Int64(number) * 1_000_000)
        return Event(
            id: id(number), stream: stream, type: EventType(rawValue: "test.happened"), schemaVersion: 1,
            occurredAt: time, rollout: rollout, actor: actor, origin: .recorder,
            payload: Data(#"{"number":\#(number),"reason":"\#(reason)"}"#.utf8)
        )
    }
}

extension Array {
    /// All elements of a sequence that ends.
    init<Source: AsyncSequence>(_ source: Source) async throws where Source.Element == Element {
        self = []
        for try await element in source { append(element) }
    }
}
