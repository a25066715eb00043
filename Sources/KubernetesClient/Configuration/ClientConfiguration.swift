import Foundation
import RolloutModel

/// Where an API server is, whom it is to be trusted by, and as whom to speak to it.
public struct ClientConfiguration: Hashable, Sendable {
    /// Where the API server is: `https://127.0.0.1:6443`, with a path if it is behind one.
    public var server: String
    /// The certificates of authorities that the server's may be signed by; `nil` for those that the machine trusts.
    public var certificateAuthority: Bytes?
    /// The name that the server's certificate must have; `nil` for the one in `server`.
    public var tlsServerName: String?
    /// Whether any certificate will do, which lets anyone in between read and change everything.
    public var skipsTLSVerification = false
    /// The proxy between here and there: `http://proxy:3128` or `socks5://proxy:1080`.
    public var proxy: String?
    /// How to say who we are.
    public var user = User()
    /// In whose name to act.
    public var impersonation = Impersonation()
    /// The namespace to use where none is given.
    public var namespace = "default"
    /// The context that this comes from; `nil` if from none.
    public var context: String?
    /// What somebody should know who uses this, in sentences.
    public var warnings: [String] = []

    /// How we introduce ourselves: `shipslog/0.1.0 (linux/amd64)`.
    public var userAgent = Self.defaultUserAgent
    /// As which manager of fields we write.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers>
    public var fieldManager = "shipslog"
    /// How long a request may take from its start to the last byte of its answer, with all that is tried again.
    public var requestTimeout: Duration = .seconds(60)
    /// After how long without a byte a connection is taken for dead.
    ///
    /// API servers send bookmarks to quiet watches about once a minute.
    public var silenceTimeout: Duration = .seconds(90)
    /// Which versions of HTTP to speak.
    public var httpVersions = HTTPVersions.any

    /// Versions of HTTP.
    public enum HTTPVersions: Sendable {
        /// HTTP/2 where the server speaks it over TLS, else HTTP/1.1.
        case any
        /// HTTP/1.1 only.
        case http1
    }

    /// For a server and nobody in particular.
    public init(server: String) {
        self.server = server
    }

    /// Text that is given, or is in a file, which is read again from time to time.
    public enum Bytes: Sendable, Hashable {
        case given(Data)
        case file(String)

        /// - Throws: ``ShipslogError`` with code `notFound` if the file cannot be read.
        func read(_ what: String) throws -> Data {
            switch self {
            case .given(let data): return data
            case .file(let path):
                guard let data = FileManager.default.contents(atPath: path) else {
                    throw ShipslogError(.notFound, "The \(what) \(path) cannot be read.")
                }
                return data
            }
        }
    }

    /// What a user has to prove who it is.
    ///
    /// Several may be there: a certificate and a token, for example.
    public struct User: Hashable, Sendable {
        /// The user's name in the kubeconfig, for messages.
        public var name: String?
        /// A client certificate with what signed it, in PEM.
        public var certificate: Bytes?
        /// The certificate's private key, in PEM.
        public var key: Bytes?
        /// A bearer token.
        public var token: Bytes?
        /// A name and a password, for servers behind something that asks for them.
        public var password: Password?
        /// A program that knows.
        public var plugin: ExecPlugin?

        /// A user with nothing to prove.
        public init() {}
    }

    /// A name and a password.
    public struct Password: Sendable, Hashable {
        public var username: String
        public var password: String

        public init(username: String, password: String) {
            self.username = username
            self.password = password
        }
    }

    /// In whose name to act, which the server allows only to those who may.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/reference/access-authn-authz/authentication/#user-impersonation>
    public struct Impersonation: Sendable, Hashable {
        public var user: String?
        public var uid: String?
        public var groups: [String] = []
        public var extra: [String: [String]] = [:]

        /// In the own name.
        public init() {}

        /// The headers that ask for it.
        var headers: [(String, String)] {
            var headers: [(String, String)] = []
            if let user { headers.append(("Impersonate-User", user)) }
            if let uid { headers.append(("Impersonate-Uid", uid)) }
            headers += groups.map { ("Impersonate-Group", $0) }
            for (key, values) in extra.sorted(by: { $0.key < $1.key }) {
                headers += values.map { ("Impersonate-Extra-\(URLText.escaped(key))", $0) }
            }
            return headers
        }
    }

    private static var defaultUserAgent: String {
        #if arch(x86_64)
            let architecture = "amd64"
        #elseif arch(arm64)
            let architecture = "arm64"
        #else
            let architecture = "unknown"
        #endif
        #if os(Linux)
            let system = "linux"
        #else
            let system = "darwin"
        #endif
        return "shipslog/\(Version.current) (\(system)/\(architecture))"
    }
}
