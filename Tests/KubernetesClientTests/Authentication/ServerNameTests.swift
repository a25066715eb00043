#if Network
    import Testing

    @testable import KubernetesClient

    @Suite("the names in a certificate") struct ServerNameTests {
        @Test(arguments: [
            ("api.example", "api.example"), ("API.example.", "api.EXAMPLE"), ("api.example", "*.example"),
            ("localhost", "localhost"), ("xn--bcher-kva.example", "*.example"),
        ])
        func same(name: String, pattern: String) {
            #expect(ServerName(name).isMatched(by: pattern.utf8))
        }

        @Test(arguments: [
            ("api.example", "example"), ("api.example", "a.api.example"), ("a.api.example", "*.example"),
            ("api.example", "a*.example"), ("api.example", "api.*"), ("api.example", "*"), ("api.example", ""),
            ("api.example", "*.*"), ("api.example", "api.example\0.evil"), ("api.example", ".example"),
            ("api.example", "api..example"), (".example", "*.example"), ("", ""), ("", "*"), ("k", "\u{212A}"),
            ("10.0.0.1", "10.0.0.1"), ("10.0.0.1", "*.0.0.1"), ("::1", "::1"),
        ])
        func other(name: String, pattern: String) {
            #expect(!ServerName(name).isMatched(by: pattern.utf8))
        }

        @Test func addresses() {
            #expect(["10.0.0.1", "::1", "fd00::1"].allSatisfy { ServerName($0).isAddress })
            #expect(["", "api.example", "10.0.0.256", "1"].allSatisfy { !ServerName($0).isAddress })
        }
    }
#endif
