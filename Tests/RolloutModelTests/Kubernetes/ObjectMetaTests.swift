import Foundation
import RolloutModel
import Testing

@Suite struct ObjectMetaTests {
    private func deletionRequestedAt(_ fields: String) throws -> String? {
        let metadata = #"{"name":"a","uid":"u","resourceVersion":"1"\#(fields)}"#
        return try CanonicalJSON.decode(ObjectMeta.self, from: Data(metadata.utf8)).deletionRequestedAt?.rfc3339
    }

    @Test(
        "when an object was asked to go is its stamp without its time to do so, unless that is longer than any life",
        arguments: [
            ("", nil), (#","deletionTimestamp":"2026-01-01T00:00:30Z""#, "2026-01-01T00:00:30Z"),
            (
                #","deletionTimestamp":"2026-01-01T00:00:30Z","deletionGracePeriodSeconds":30"#,
                "2026-01-01T00:00:00Z"
            ),
            (#","deletionTimestamp":"2026-01-01T00:00:30Z","deletionGracePeriodSeconds":9223372036854775807"#, nil),
            (#","deletionTimestamp":"2026-01-01T00:00:30Z","deletionGracePeriodSeconds":9223372036854"#, nil),
        ] as [(String, String?)])
    func deletion(fields: String, requestedAt: String?) throws {
        #expect(try deletionRequestedAt(fields) == requestedAt)
    }
}
