import Foundation

/// A system call that changed a file, or an acknowledgement, in the order in which they happened.
enum RecordedCall: Equatable {
    case create(path: String)
    case write(path: String, offset: Int, bytes: [UInt8])
    case truncate(path: String, size: Int)
    case sync(path: String)
    case remove(path: String)
    case rename(from: String, to: String)
    case link(from: String, to: String)
    case print(String)

    /// Reads what strace wrote, leaving out calls that failed.
    static func parse(_ trace: Data) throws -> [RecordedCall] {
        var unfinished: [Substring: Substring] = [:]
        var calls: [RecordedCall] = []
        for line in String(decoding: trace, as: UTF8.self).split(separator: "\n") {
            guard let space = line.firstIndex(of: " ") else { throw Unreadable(line: String(line.prefix(200))) }
            let process = line[..<space]
            var text = line[space...].drop { $0 == " " }
            if text.hasPrefix("+++") { continue }
            if text.hasSuffix(" <unfinished ...>") {
                unfinished[process] = text.dropLast(" <unfinished ...>".count)
                continue
            }
            if text.hasPrefix("<... "), let resumed = text.range(of: " resumed>") {
                text = (unfinished.removeValue(forKey: process) ?? "") + text[resumed.upperBound...]
            }
            if let call = try call(Substring(text.replacing("(deleted)", with: ""))) { calls.append(call) }
        }
        return calls
    }

    /// Reads one call: `pwrite64(3<\x2f\x61>, "\x00", 1, 0) = 1`.
    private static func call(_ text: Substring) throws -> RecordedCall? {
        // Paths and data are written in hexadecimal, so that no parenthesis and no comma stands in them.
        guard let open = text.firstIndex(of: "("), let close = text.firstIndex(of: ")"),
            let equals = text[close...].firstIndex(of: "=")
        else { throw Unreadable(line: String(text.prefix(200))) }
        guard !text[equals...].hasPrefix("= -") else { return nil }
        let name = text[..<open]
        let arguments = text[text.index(after: open)..<close].split(separator: ", ")
        func string(_ index: Int) -> String { String(decoding: bytes(arguments[index]), as: UTF8.self) }
        switch name {
        case "openat": return arguments[2].contains("O_CREAT") ? .create(path: string(1)) : nil
        case "pwrite64":
            return .write(path: string(0), offset: Int(arguments[3]) ?? 0, bytes: bytes(arguments[1]))
        case "ftruncate": return .truncate(path: string(0), size: Int(arguments[1]) ?? 0)
        case "fdatasync", "fsync": return .sync(path: string(0))
        case "unlink": return .remove(path: string(0))
        case "unlinkat": return .remove(path: string(1))
        case "rename": return .rename(from: string(0), to: string(1))
        case "renameat", "renameat2": return .rename(from: string(1), to: string(3))
        case "link": return .link(from: string(0), to: string(1))
        case "linkat": return .link(from: string(1), to: string(3))
        case "write": return arguments[0].hasPrefix("1<") ? .print(string(1)) : nil
        default: throw Unreadable(line: String(text.prefix(200)))
        }
    }

    /// The bytes in an argument that strace wrote as `\x61\x62`, whatever stands around them.
    private static func bytes(_ argument: Substring) -> [UInt8] {
        let text = Array(argument.utf8)
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count / 4)
        var index = text.firstIndex(of: UInt8(ascii: "\\")) ?? text.endIndex
        while index + 3 < text.endIndex, text[index] == UInt8(ascii: "\\") {
            bytes.append(digit(text[index + 2]) << 4 | digit(text[index + 3]))
            index += 4
        }
        return bytes
    }

    private static func digit(_ character: UInt8) -> UInt8 {
        character <= UInt8(ascii: "9") ? character - UInt8(ascii: "0") : character - UInt8(ascii: "a") + 10
    }

    struct Unreadable: Error {
        var line: String
    }
}
