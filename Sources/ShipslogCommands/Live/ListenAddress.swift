import RolloutModel

/// Where a server listens: `127.0.0.1:9443`, `[::1]:9443`, `:9443`.
struct ListenAddress: Equatable {
    /// A name or an address; all addresses if it was left out.
    var host: String
    /// 0 for any that is free.
    var port: Int

    /// - Throws: ``ShipslogError`` with code `invalidArgument`.
    init(_ text: String) throws {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw Self.malformed(text)
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") {
            host = String(host.dropFirst().dropLast())
        } else if host.contains(":") {
            throw Self.malformed(text)
        }
        self.host = host.isEmpty ? "::" : host
        self.port = Int(port)
    }

    /// Whether only this machine can reach it.
    var isLoopback: Bool { host == "localhost" || host == "::1" || host.hasPrefix("127.") }

    private static func malformed(_ text: String) -> ShipslogError {
        ShipslogError(
            .invalidArgument, "\"\(text)\" is no address to listen at.", hint: "Write HOST:PORT: 127.0.0.1:9443.")
    }
}
