import Foundation
import RolloutModel
import ShipslogTesting
import Testing

@testable import KubernetesClient

@Suite("credentials are kept fresh") struct CredentialsTests {
    private let folder: TemporaryFolder
    private let clock = TestClock()

    init() throws { folder = try TemporaryFolder() }

    private func credentials(_ change: (inout ClientConfiguration.User) -> Void) -> Credentials {
        var configuration = ClientConfiguration(server: "https://api:6443")
        change(&configuration.user)
        return Credentials(configuration, now: { [clock] in clock.now })
    }

    @Test("a token file is read again after a minute")
    func rotation() async throws {
        let path = try folder.write("one\n", to: "token")
        let credentials = credentials { $0.token = .file(path) }
        #expect(try await credentials.current() == Credential(authorization: "Bearer one"))
        try folder.write("two\n", to: "token")
        clock.advance(seconds: 59)
        #expect(try await credentials.current() == Credential(authorization: "Bearer one"))
        clock.advance(seconds: 1)
        #expect(try await credentials.current() == Credential(authorization: "Bearer two"))
    }

    @Test("a token file is read again at once when the server refuses what was in it")
    func refusedToken() async throws {
        let path = try folder.write("one", to: "token")
        let credentials = credentials { $0.token = .file(path) }
        let one = try await credentials.current()
        #expect(try await credentials.replacement(for: one) == one)
        try folder.write("two", to: "token")
        let two = Credential(authorization: "Bearer two")
        #expect(try await credentials.replacement(for: one) == two)
        // Who comes later with the old one gets the one that is known.
        try folder.write("three", to: "token")
        #expect(try await credentials.replacement(for: one) == two)
        #expect(try await credentials.current() == two)
    }

    @Test("a token file that is missing or empty is named")
    func unusableFile() async throws {
        let path = folder.file("token")
        let credentials = credentials { $0.token = .file(path) }
        #expect(await refusal { try await credentials.current() } == "notFound: The token file \(path) cannot be read.")
        try folder.write(" \n", to: "token")
        #expect(await refusal { try await credentials.current() } == "unavailable: The token file \(path) is empty.")
        try folder.write("one", to: "token")
        #expect(try await credentials.current() == Credential(authorization: "Bearer one"))
    }

    @Test("the files of a client certificate are read again after a minute")
    func certificateFiles() async throws {
        let paths = try (folder.write("C1", to: "me.crt"), folder.write("K1", to: "me.key"))
        let credentials = credentials {
            $0.certificate = .file(paths.0)
            $0.key = .file(paths.1)
            $0.token = .given(Data("t".utf8))
        }
        func expected(_ number: Int) -> Credential {
            Credential(
                authorization: "Bearer t",
                certificate: .init(chain: Data("C\(number)".utf8), key: Data("K\(number)".utf8)))
        }
        #expect(try await credentials.current() == expected(1))
        try folder.write("C2", to: "me.crt")
        try folder.write("K2", to: "me.key")
        #expect(try await credentials.current() == expected(1))
        clock.advance(seconds: 60)
        #expect(try await credentials.current() == expected(2))
    }

    @Test("a name and a password are told as RFC 7617 wants it, and a token counts more")
    func password() async throws {
        let password = credentials { $0.password = .init(username: "Aladdin", password: "open sesame") }
        #expect(
            try await password.current() == Credential(authorization: "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ=="))
        let both = credentials {
            $0.password = .init(username: "a", password: "b")
            $0.token = .given(Data("t".utf8))
        }
        #expect(try await both.current() == Credential(authorization: "Bearer t"))
        #expect(try await credentials { _ in }.current() == Credential())
    }

    @Test("a plugin is asked again shortly before its answer expires", arguments: ["v1", "v1beta1"])
    func expiry(version: String) async throws {
        let plugin = try PluginFolder()
        let credentials = Credentials(
            try plugin.configuration(
                PluginFolder.counting(version: version, #", "expirationTimestamp": "2026-01-01T00:01:00Z""#),
                version: version),
            now: { [clock] in clock.now })
        #expect(try await credentials.current() == Credential(authorization: "Bearer t1"))
        clock.advance(seconds: 49)
        #expect(try await credentials.current() == Credential(authorization: "Bearer t1"))
        clock.advance(seconds: 1)
        #expect(try await credentials.current() == Credential(authorization: "Bearer t2"))
    }

    @Test("an answer that does not expire is kept until the server refuses it")
    func noExpiry() async throws {
        let plugin = try PluginFolder()
        let credentials = Credentials(
            try plugin.configuration(PluginFolder.counting()), now: { [clock] in clock.now })
        let first = try await credentials.current()
        clock.advance(seconds: 1_000_000)
        #expect(try await credentials.current() == first)
        #expect(try await credentials.replacement(for: first) == Credential(authorization: "Bearer t2"))
        #expect(try await credentials.replacement(for: first) == Credential(authorization: "Bearer t2"))
        #expect(try plugin.read("runs") == "xx")
    }

    @Test("all who ask at once wait for one run of the plugin")
    func oneRun() async throws {
        let plugin = try PluginFolder()
        let credentials = Credentials(
            try plugin.configuration(PluginFolder.counting()), now: { [clock] in clock.now })
        let answers = try await withThrowingTaskGroup(of: Credential.self) { group in
            for _ in 0..<20 { group.addTask { try await credentials.current() } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(answers == Array(repeating: Credential(authorization: "Bearer t1"), count: 20))
        #expect(try plugin.read("runs") == "x")
    }

    @Test("a plugin that failed is asked again")
    func failureIsNotKept() async throws {
        let plugin = try PluginFolder()
        let credentials = Credentials(
            try plugin.configuration("[ -e ready ] || exit 1\n" + PluginFolder.counting()),
            now: { [clock] in clock.now })
        #expect(
            await refusal { try await credentials.current() }
                == "unavailable: The exec plugin '/bin/sh' of the user 'me' failed with exit code 1.")
        try plugin.folder.write("", to: "ready")
        #expect(try await credentials.current() == Credential(authorization: "Bearer t1"))
    }
}
