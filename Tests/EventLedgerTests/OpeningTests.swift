import EventLedger
import Foundation
import GRDB
import RolloutModel
import ShipslogTesting
import Testing

@Suite struct OpeningTests {
    let folder: TemporaryFolder
    var path: String { folder.file("ledger.db") }

    init() throws { folder = try TemporaryFolder() }

    /// The error of opening the file, which must be the same for reading and for appending.
    private func openingError(sourceLocation: SourceLocation = #_sourceLocation) -> ShipslogError? {
        let errors = [OpenMode.readOnly, .readWrite].map { mode in
            #expect(throws: ShipslogError.self, sourceLocation: sourceLocation) {
                try Ledger.open(at: path, mode: mode)
            }
        }
        #expect(errors[0]?.message == errors[1]?.message, sourceLocation: sourceLocation)
        return errors[0]
    }

    @Test("a new ledger is empty, readable by its owner only, and leaves nothing else in its folder")
    func create() throws {
        let nested = folder.file("a/b/ledger.db")
        let ledger = try Ledger.create(at: nested)
        #expect(try ledger.head().size == 0)
        #expect(try ledger.head().root == MerkleTree.emptyRoot)
        let attributes = try FileManager.default.attributesOfItem(atPath: nested)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        try ledger.close()
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.file("a/b")).sorted() == [
                "ledger.db", "ledger.db.lock",
            ])
        #expect(try Ledger.open(at: nested).head() == Ledger.open(at: nested, mode: .readOnly).head())
    }

    @Test("a file that is there is never taken for a new ledger")
    func exists() throws {
        try Data("mine".utf8).write(to: URL(fileURLWithPath: path))
        let error = #expect(throws: ShipslogError.self) { try Ledger.create(at: path) }
        #expect(error?.code == .invalidArgument)
        #expect(FileManager.default.contents(atPath: path) == Data("mine".utf8))
    }

    @Test("opening creates nothing")
    func missing() throws {
        #expect(openingError()?.code == .notFound)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test(
        "what is no ledger is said to be none, and is left as it was",
        arguments: [
            ("", "it is empty"), ("apiVersion: v1", "it is not an SQLite database"),
            (String(repeating: "text ", count: 100), "it is not an SQLite database"),
        ])
    func notALedger(content: String, reason: String) throws {
        try Data(content.utf8).write(to: URL(fileURLWithPath: path))
        let error = openingError()
        #expect(error?.code == .invalidArgument)
        #expect(error?.message == "The file \(path) is not a ledger: \(reason).")
        #expect(FileManager.default.contents(atPath: path) == Data(content.utf8))
    }

    @Test("a folder is no ledger")
    func isFolder() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
        #expect(openingError()?.message == "The file \(path) is not a ledger: it is a folder.")
    }

    @Test("the database of another program is no ledger")
    func otherDatabase() throws {
        try DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE t (x)") }
        #expect(
            openingError()?.message == "The file \(path) is not a ledger: it is the SQLite database of another program."
        )
    }

    @Test("a ledger of a newer version is refused")
    func newerSchema() throws {
        try Ledger.create(at: path).close()
        try DatabaseQueue(path: path).write { try $0.execute(sql: "PRAGMA user_version = 99") }
        let error = openingError()
        #expect(error?.code == .unsupportedSchema)
        #expect(error?.hint == "Upgrade shipslog.")
    }

    @Test("a ledger that is open for reading only refuses to append and to rebuild")
    func readOnly() async throws {
        try Ledger.create(at: path).close()
        let ledger = try Ledger.open(at: path, mode: .readOnly)
        let appending = await #expect(throws: ShipslogError.self) {
            _ = try await ledger.append([Sample.gap(1, in: Sample.web)])
        }
        #expect(appending?.code == .unavailable)
        let rebuilding = #expect(throws: ShipslogError.self) { try ledger.rebuild() }
        #expect(rebuilding?.code == .unavailable)
    }

    @Test("an append waits for another writer only so long; what failed can be tried again")
    func locked() async throws {
        let ledger = try Ledger.create(at: path, options: .deterministic(lockTimeout: .milliseconds(50)))
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let foreign = try DatabaseQueue(path: path, configuration: configuration)
        try await foreign.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }

        let error = await #expect(throws: ShipslogError.self) {
            _ = try await ledger.append([Sample.gap(1, in: Sample.web)])
        }
        #expect(error?.code == .unavailable)
        #expect(error?.message == "The ledger \(path) is locked by another process.")

        try await foreign.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(try await ledger.append([Sample.gap(1, in: Sample.web)]) == [1])
    }

    @Test("a path may hold characters that mean something in an address")
    func oddPath() async throws {
        let odd = folder.file("50% of #1?mode=rwc & more ü.db")
        let ledger = try Ledger.create(at: odd)
        _ = try await ledger.append([Sample.gap(1, in: Sample.web)])
        try ledger.close()
        #expect(try Ledger.open(at: odd, mode: .readOnly).head().size == 1)
    }
}

@Suite struct CheckpointStoreTests {
    @Test("the head is remembered when a ledger is closed, and an older copy of the file is refused then")
    func rollback() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("ledger.db")
        let store = CheckpointStore(folder: folder.file("state"))
        let options = LedgerOptions(checkpoints: store)
        let ledger = try Ledger.create(at: path, options: options)
        _ = try await ledger.append((1...300).map { Sample.gap($0, in: Sample.web) })
        try ledger.close()
        let old = folder.file("old.db")
        try FileManager.default.copyItem(atPath: path, toPath: old)

        let again = try Ledger.open(at: path, options: options)
        _ = try await again.append((301...700).map { Sample.gap($0, in: Sample.web) })
        let head = try again.head()
        try again.close()

        #expect(try store.load(head.logID) == head)
        #expect(try Ledger.open(at: path, options: options).head() == head)
        let error = #expect(throws: ShipslogError.self) { try Ledger.open(at: old, options: options) }
        #expect(error?.code == .tampered)
        #expect(error?.message == "The ledger \(old) was rolled back: it ends at position 300, but had reached 700.")
    }

    @Test("a history that was rewritten is refused, also if it is longer")
    func rewritten() async throws {
        let temporary = try TemporaryLedger()
        let store = CheckpointStore(folder: temporary.folder.file("state"))
        _ = try await temporary.ledger.append([Sample.gap(1, in: Sample.web)])
        var head = try temporary.ledger.head()
        head.root = MerkleTree.emptyRoot
        try store.save(head)
        _ = try await temporary.ledger.append([Sample.gap(2, in: Sample.web)])

        let error = #expect(throws: ShipslogError.self) {
            try Ledger.open(at: temporary.path, options: LedgerOptions(checkpoints: store))
        }
        #expect(error?.code == .tampered)
    }

    @Test("a remembered head never goes back, and a damaged one is an error")
    func store() throws {
        let folder = try TemporaryFolder()
        let store = CheckpointStore(folder: folder.file("state"))
        let id = UUID()
        let head = Head(size: 7, root: MerkleTree.emptyRoot, logID: id)
        #expect(try store.load(id) == nil)
        try store.save(head)
        try store.save(Head(size: 6, root: MerkleTree.emptyRoot, logID: id))
        #expect(try store.load(id) == head)
        try Data("7\n".utf8).write(
            to: URL(fileURLWithPath: folder.file("state/\(id.uuidString.lowercased()).checkpoint")))
        let error = #expect(throws: ShipslogError.self) { try store.load(id) }
        #expect(error?.code == .tampered)
    }
}
