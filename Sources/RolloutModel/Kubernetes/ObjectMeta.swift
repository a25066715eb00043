/// The part of `metadata` that rollouts touch.
///
/// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/>
package struct ObjectMeta: Decodable, Sendable {
    package var name: String
    package var namespace: String?
    package var uid: String
    package var resourceVersion: String
    package var generation: Int?
    package var creationTimestamp: Timestamp?
    package var deletionTimestamp: Timestamp?
    package var deletionGracePeriodSeconds: Int?
    package var labels: [String: String]?
    package var annotations: [String: String]?
    package var ownerReferences: [OwnerReference]?
    package var managedFields: [ManagedFields]?

    /// An owner of the object.
    package struct OwnerReference: Decodable, Sendable {
        package var kind: String
        package var name: String
        package var uid: String
        package var controller: Bool?
    }

    /// Which manager wrote which fields, and when.
    package struct ManagedFields: Decodable, Sendable {
        package var manager: String
        package var time: Timestamp?
        package var subresource: String?
        /// The fields right under `spec` that the manager wrote any part of.
        package var specFields: Set<String>

        private enum Key: String, CodingKey { case manager, time, subresource, fieldsV1 }
        private enum Field: String, CodingKey { case spec = "f:spec" }
        private struct SpecField: CodingKey {
            let stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }

        package init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: Key.self)
            manager = try container.decodeIfPresent(String.self, forKey: .manager) ?? ""
            time = try container.decodeIfPresent(Timestamp.self, forKey: .time)
            subresource = try container.decodeIfPresent(String.self, forKey: .subresource)
            // The tree of fields is large, and below this depth of no use.
            let fields = try? container.nestedContainer(keyedBy: Field.self, forKey: .fieldsV1)
            let spec = try? fields?.nestedContainer(keyedBy: SpecField.self, forKey: .spec)
            specFields = Set((spec?.allKeys ?? []).map { String($0.stringValue.dropFirst(2)) })
        }
    }

    /// The owner that manages the object; `nil` if none does.
    package var controller: Owner? {
        ownerReferences?.first { $0.controller == true }.map { Owner(kind: $0.kind, name: $0.name, uid: $0.uid) }
    }

    /// When the object was asked to go; `nil` if it was not, or with a time to do so that is longer than any life.
    ///
    /// The stamp itself is when it will be gone at the latest.
    package var deletionRequestedAt: Timestamp? {
        guard let deletionTimestamp, let grace = Int32(exactly: deletionGracePeriodSeconds ?? 0) else { return nil }
        return Timestamp(microseconds: deletionTimestamp.microseconds - Int64(grace) * 1_000_000)
    }

    /// The newest moment that the API server's own clock left on the object.
    package var lastServerTime: Timestamp? {
        let times = [creationTimestamp, deletionRequestedAt] + (managedFields ?? []).map(\.time)
        return times.compactMap { $0 }.max()
    }

    /// The manager that wrote a field of the spec last, as far as the stamps tell, which are to the second.
    package func manager(ofSpecField field: String) -> String? {
        managers { $0.specFields.contains(field) }
    }

    /// The manager that wrote anything of the spec last.
    package var specManager: String? {
        managers { !$0.specFields.isEmpty }
    }

    private func managers(where wrote: (ManagedFields) -> Bool) -> String? {
        (managedFields ?? []).filter { wrote($0) && $0.subresource != "status" && !$0.manager.isEmpty }
            .max { ($0.time ?? Timestamp(microseconds: 0)) < ($1.time ?? Timestamp(microseconds: 0)) }?.manager
    }
}
