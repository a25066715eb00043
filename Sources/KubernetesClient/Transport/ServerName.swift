#if Network
    import Foundation
    import NIOCore
    import NIOSSL

    /// The server that a certificate must have been made for, by its name or its address.
    ///
    /// NIOSSL is content with a certificate for the address at the other end of the connection. There may be a tunnel
    /// or a proxy, and behind it any server: many clusters have certificates for 127.0.0.1.
    ///
    /// - SeeAlso: <https://www.rfc-editor.org/rfc/rfc9525#section-6>
    struct ServerName: Sendable {
        /// The parts between the dots, in lower case; empty if it is an address.
        private let labels: [ArraySlice<UInt8>]
        /// The bytes of the address; `nil` if it is a name.
        private let address: [UInt8]?

        /// A certificate for another server.
        struct Mismatch: Error {}

        init(_ name: String) {
            address = Self.address(name)
            labels = address == nil ? Self.labels(name.utf8) : []
        }

        /// Whether it is an address.
        var isAddress: Bool { address != nil }

        /// Whether the certificate names this server.
        func isNamed(by certificate: NIOSSLCertificate) -> Bool {
            certificate._subjectAlternativeNames().contains { name in
                switch name.nameType {
                case .ipAddress: Array(name.contents) == address
                case .dnsName: isMatched(by: name.contents)
                default: false
                }
            }
        }

        /// Whether a name in a certificate means this server: `*` stands for the first label, and only for all of it.
        func isMatched(by pattern: some Collection<UInt8>) -> Bool {
            let pattern = Self.labels(pattern)
            guard pattern.count == labels.count, let first = pattern.first, !pattern.contains([]), !labels.contains([])
            else { return false }
            return (first.elementsEqual("*".utf8) || first == labels.first) && pattern.dropFirst() == labels.dropFirst()
        }

        /// Fails and closes the connection if it leads to another server.
        func check(_ channel: any Channel) -> EventLoopFuture<Void> {
            let checked = channel.nioSSL_peerCertificate().flatMapThrowing { certificate in
                guard let certificate, isNamed(by: certificate) else { throw Mismatch() }
            }
            checked.whenFailure { _ in channel.close(promise: nil) }
            return checked
        }

        private static func labels(_ name: some Collection<UInt8>) -> [ArraySlice<UInt8>] {
            var bytes = name.map { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 ? $0 | 0x20 : $0 }
            if bytes.last == UInt8(ascii: ".") { bytes.removeLast() }
            return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        }

        private static func address(_ text: String) -> [UInt8]? {
            for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
                var bytes = [UInt8](repeating: 0, count: count)
                if inet_pton(family, text, &bytes) == 1 { return bytes }
            }
            return nil
        }
    }
#endif
