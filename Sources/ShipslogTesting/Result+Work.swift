extension Result where Failure == any Error {
    /// What became of some work.
    public init(_ work: () async throws -> Success) async {
        do { self = .success(try await work()) } catch { self = .failure(error) }
    }
}
