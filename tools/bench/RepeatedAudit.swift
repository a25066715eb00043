import Foundation

/// An audit log as long as one likes: a recorded one again and again, each time of another namespace and other objects.
enum RepeatedAudit {
    /// Writes a log of at least so many bytes.
    ///
    /// - Parameters:
    ///   - source: A recorded log of changes, compressed by gzip.
    ///   - reads: How many requests that change nothing of a rollout come after each recorded one, as in a log of a real
    ///     cluster, whose components renew leases and look at things all the time.
    /// - Returns: How many bytes were written.
    static func write(_ source: URL, to path: String, reads: Int, bytes: Int) throws -> Int {
        let text = try Command.run(["/usr/bin/env", "gzip", "-dc", source.path]).output
        let lines = text.split(separator: "\n").map(String.init)
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let file = FileHandle(forWritingAtPath: path)
        else { throw CocoaError(.fileWriteUnknown) }
        defer { try? file.close() }
        let parts = lines.map(parts)
        var written = 0
        var copy = 0
        while written < bytes {
            let digits = String(copy, radix: 16)
            let name = String(repeating: "0", count: 8 - digits.count) + digits
            var text = ""
            for (index, line) in parts.enumerated() {
                text += line.joined(separator: name) + "\n"
                for read in 0..<reads { text += Self.read(number: (copy * lines.count + index) * reads + read) + "\n" }
            }
            let data = Data(text.utf8)
            try file.write(contentsOf: data)
            written += data.count
            copy += 1
        }
        return written
    }

    /// A line, cut where the name of a copy goes.
    private static func parts(of line: String) -> [String] {
        line.replacing(#/"namespace":"shop"/#, with: "\"namespace\":\"shop-\u{0}\"")
            .replacing(#/"(?<key>uid|auditID)":"[0-9a-f]{8}/#) { "\"\($0.key)\":\"\u{0}" }
            .split(separator: "\u{0}", omittingEmptySubsequences: false).map(String.init)
    }

    private static let requests = [
        ("get", "leases", "coordination.k8s.io"), ("update", "leases", "coordination.k8s.io"), ("list", "pods", ""),
        ("watch", "endpointslices", "discovery.k8s.io"), ("get", "configmaps", ""), ("patch", "nodes", ""),
        ("create", "events", ""), ("get", "pods", ""), ("watch", "deployments", "apps"), ("list", "secrets", ""),
    ]

    private static func read(number: Int) -> String {
        let (verb, resource, group) = requests[number % requests.count]
        let id = String(number, radix: 16)
        return """
            {"kind":"Event","apiVersion":"audit.k8s.io/v1","level":"Metadata","auditID":"\(id)-4362-860c-1536f31ae4af",\
            "stage":"ResponseComplete","requestURI":"/apis/\(group)/v1/namespaces/kube-system/\(resource)?timeout=10s",\
            "verb":"\(verb)","user":{"username":"system:kube-scheduler","groups":["system:authenticated"]},\
            "sourceIPs":["10.0.0.7"],"userAgent":"kube-scheduler/v1.29.2 (linux/amd64) kubernetes/4b8e819",\
            "objectRef":{"resource":"\(resource)","namespace":"kube-system","name":"kube-scheduler","apiGroup":"\(group)",\
            "apiVersion":"v1"},"responseStatus":{"metadata":{},"code":200},\
            "requestReceivedTimestamp":"2026-11-23T02:56:49.147705Z","stageTimestamp":"2026-11-23T02:56:49.155965Z",\
            "annotations":{"authorization.k8s.io/decision":"allow","authorization.k8s.io/reason":"RBAC: allowed by \
            ClusterRoleBinding \\"system:kube-scheduler\\" of ClusterRole \\"system:kube-scheduler\\""}}
            """
    }
}
