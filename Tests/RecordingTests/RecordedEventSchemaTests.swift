import Recording
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct RecordedEventSchemaTests {
    @Test(
        "every recorded event is valid under the schema of its type, as another validator judges",
        arguments: ["kubernetes-1.20", "kubernetes-1.33-synthetic"]
    )
    func valid(recording: String) async throws {
        let history = FoldedHistory()
        _ = try await WatchImport(paths: Fixtures.watchStreams(of: recording), cluster: "prod").run {
            try await history.append($0)
        }
        let instances = await history.events.map {
            SchemaValidator.Instance(schema: $0.event.type.rawValue, json: $0.event.payload)
        }
        #expect(!instances.isEmpty)
        #expect(try SchemaValidator.problems(in: instances) == [])
    }

    @Test(
        "the fact of every event is the one that its bytes state",
        arguments: ["kubernetes-1.20", "kubernetes-1.33-synthetic"])
    func sameFact(recording: String) async throws {
        let history = FoldedHistory()
        _ = try await WatchImport(paths: Fixtures.watchStreams(of: recording), cluster: "prod").run {
            try await history.append($0)
        }
        for event in await history.events.map(\.event) {
            var stored = event
            // As it is read from a ledger: of bytes alone.
            stored.payload = event.payload
            #expect(try stored.fact() == event.fact())
        }
    }
}
