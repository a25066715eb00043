import Foundation
import GRDB

/// Tells which bytes of a checkpointed and closed SQLite file mean nothing, by SQLite's description of its format.
///
/// Page for page, the count of the bytes that nothing is stored in is compared with SQLite's own.
///
/// - SeeAlso: <https://www.sqlite.org/fileformat2.html>
struct DatabasePages {
    /// Fields of the file's header whose value changes nothing that is stored.
    ///
    /// - 18, 19: the format versions, which say in which journal mode to begin.
    /// - 24..<28, 92..<96: the change counter, and what it was when the field at 96 was written.
    /// - 28..<32: the size in pages, which counts only while those two agree.
    /// - 40..<44: the schema cookie, compared only with what an open connection remembers.
    /// - 44..<47, 56..<59: of the schema format and of the text encoding only the last byte is read.
    /// - 48..<52: the suggested cache size; 64..<68: a flag that counts only with auto-vacuum.
    /// - 72..<92: reserved.
    /// - 96..<100: the version of SQLite that wrote last.
    static let ignoredHeaderFields: [Range<Int>] = [
        18..<20, 24..<32, 40..<44, 44..<47, 48..<52, 56..<59, 64..<68, 72..<100,
    ]

    /// Offsets in the file of all bytes that mean nothing.
    private(set) var unused: Set<Int>

    private let bytes: [UInt8]
    private let pageSize: Int

    init(file: URL) throws {
        bytes = try Array(Data(contentsOf: file))
        pageSize = Int(bytes[16]) << 8 | Int(bytes[17])
        unused = Set(Self.ignoredHeaderFields.joined())
        var configuration = Configuration()
        configuration.readonly = true
        let pages = try DatabaseQueue(path: file.path, configuration: configuration).read { database in
            try Row.fetchAll(database, sql: "SELECT pageno, pagetype, payload, unused FROM dbstat")
        }
        for page in pages {
            let number: Int = page["pageno"]
            let free =
                page["pagetype"] == "overflow"
                ? Set((start(of: number) + 4 + page["payload"])..<start(of: number + 1)) : freeBytes(ofTreePage: number)
            guard free.count == page["unused"] else { throw Disagreement(page: number, ours: free.count) }
            unused.formUnion(free)
        }
        var trunk = integer(at: 32, width: 4)
        while trunk != 0 {
            let leaves = integer(at: start(of: trunk) + 4, width: 4)
            unused.formUnion(start(of: trunk) + 8 + 4 * leaves..<start(of: trunk + 1))
            for index in 0..<leaves {
                let leaf = integer(at: start(of: trunk) + 8 + 4 * index, width: 4)
                unused.formUnion(start(of: leaf)..<start(of: leaf + 1))
            }
            trunk = integer(at: start(of: trunk), width: 4)
        }
    }

    /// SQLite counts another number of unused bytes on a page than we do.
    struct Disagreement: Error {
        var page: Int
        var ours: Int
    }

    /// The bytes of a b-tree page in which nothing is stored: all but its header, its cells and the pointers to them.
    private func freeBytes(ofTreePage number: Int) -> Set<Int> {
        let header = number == 1 ? 100 : start(of: number)
        let isLeaf = bytes[header] >= 10
        let isTable = bytes[header] == 5 || bytes[header] == 13
        let cells = integer(at: header + 3, width: 2)
        let pointers = header + (isLeaf ? 8 : 12)
        var free = Set(pointers + 2 * cells..<start(of: number + 1))
        for index in 0..<cells {
            var cell = start(of: number) + integer(at: pointers + 2 * index, width: 2)
            let begin = cell
            if !isLeaf { cell += 4 }
            if isTable, !isLeaf {
                _ = variableInteger(at: &cell)
            } else {
                let payload = variableInteger(at: &cell)
                if isTable { _ = variableInteger(at: &cell) }
                let local = localLength(ofPayload: payload, isTable: isTable)
                cell += local + (local < payload ? 4 : 0)
            }
            free.subtract(begin..<max(cell, begin + 4))
        }
        return free
    }

    /// How many bytes of a payload stand on the page itself.
    private func localLength(ofPayload payload: Int, isTable: Bool) -> Int {
        let most = isTable ? pageSize - 35 : (pageSize - 12) * 64 / 255 - 23
        if payload <= most { return payload }
        let least = (pageSize - 12) * 32 / 255 - 23
        let rest = least + (payload - least) % (pageSize - 4)
        return rest <= most ? rest : least
    }

    private func start(of page: Int) -> Int { (page - 1) * pageSize }

    private func integer(at offset: Int, width: Int) -> Int {
        bytes[offset..<offset + width].reduce(0) { $0 << 8 | Int($1) }
    }

    private func variableInteger(at offset: inout Int) -> Int {
        var value = 0
        while true {
            let byte = bytes[offset]
            offset += 1
            value = value << 7 | Int(byte & 0x7F)
            if byte < 0x80 { return value }
        }
    }
}
