import RolloutModel

/// Waits until something is so.
///
/// - Parameter what: What is waited for, to be told if it takes too long: long, since machines may be busy.
/// - Throws: ``ShipslogError`` with code `unavailable` if it takes too long; what `isSo` throws.
public func eventually(
    _ what: String, within deadline: Duration = .seconds(180), _ isSo: () async throws -> Bool
) async throws {
    let start = ContinuousClock.now
    while try await !isSo() {
        guard ContinuousClock.now - start < deadline else {
            throw ShipslogError(.unavailable, "Waited in vain for: \(what).")
        }
        try await Task.sleep(for: .milliseconds(10))
    }
}
