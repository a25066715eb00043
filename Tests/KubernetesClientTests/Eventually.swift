import Testing

/// Waits until something is so, and fails if that takes too long.
func eventually(
    _ what: String, within deadline: Duration = .seconds(120), sourceLocation: SourceLocation = #_sourceLocation,
    _ isSo: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while try await !isSo() {
        try #require(ContinuousClock.now - start < deadline, "waited for: \(what)", sourceLocation: sourceLocation)
        try await Task.sleep(for: .milliseconds(10))
    }
}
