extension DeploymentStrategy {
    /// The fields of a Deployment's spec that may be absent.
    package static let optionalSpecFields = ["minReadySeconds", "progressDeadlineSeconds", "revisionHistoryLimit"]

    /// The strategy as the fields of a Deployment's spec that it is made of.
    package var specFields: [String: JSONValue] {
        func number(_ value: Int?) -> JSONValue? { value.map { .integer(Int64($0)) } }
        func numberOrText(_ value: String?) -> JSONValue? {
            value.map { text in Int64(text).map(JSONValue.integer) ?? .string(text) }
        }
        var strategy: [String: JSONValue] = ["type": .string(type)]
        if type == "RollingUpdate" {
            strategy["rollingUpdate"] = .object(
                ["maxSurge": numberOrText(maxSurge), "maxUnavailable": numberOrText(maxUnavailable)].compactMapValues {
                    $0
                })
        } else {
            strategy["rollingUpdate"] = .null
        }
        let rest = [
            "minReadySeconds": number(minReadySeconds), "progressDeadlineSeconds": number(progressDeadlineSeconds),
            "revisionHistoryLimit": number(revisionHistoryLimit),
        ]
        return rest.compactMapValues { $0 }.merging(["strategy": .object(strategy)]) { $1 }
    }

    /// Reads the strategy out of a spec.
    package init(specFields spec: JSONValue) {
        func text(_ value: JSONValue?) -> String? { value?.string ?? value?.integer.map { String($0) } }
        let rolling = spec["strategy"]?["rollingUpdate"]
        self.init(
            type: spec["strategy"]?["type"]?.string ?? "RollingUpdate", maxSurge: text(rolling?["maxSurge"]),
            maxUnavailable: text(rolling?["maxUnavailable"]),
            minReadySeconds: spec["minReadySeconds"]?.integer.map { Int($0) },
            progressDeadlineSeconds: spec["progressDeadlineSeconds"]?.integer.map { Int($0) },
            revisionHistoryLimit: spec["revisionHistoryLimit"]?.integer.map { Int($0) }
        )
    }
}
