import RolloutModel

extension SimulatedDeployment.Spec {
    /// Reads `spec`, with the defaults filled in.
    ///
    /// - Parameter document: Gets the defaults.
    /// - Returns: What is wrong, if anything is; then the value is of no use.
    /// - SeeAlso: <https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/deployment-v1/#DeploymentSpec>
    static func read(_ document: inout JSONValue) -> (spec: SimulatedDeployment.Spec, faults: [Fault]) {
        fillIn(&document)
        var faults: [Fault] = []
        func number(_ name: String) -> Int {
            let value = document[name]?.integer ?? -1
            if value < 0 {
                faults.append(
                    .invalid("spec.\(name)", Fault.text(document[name]), "must be greater than or equal to 0"))
            }
            return Int(clamping: value)
        }
        let replicas = number("replicas")
        let minReadySeconds = document["minReadySeconds"] == nil ? 0 : number("minReadySeconds")
        let deadline = number("progressDeadlineSeconds")
        let historyLimit = number("revisionHistoryLimit")
        if deadline >= 0, minReadySeconds >= deadline {
            faults.append(
                .invalid("spec.progressDeadlineSeconds", String(deadline), "must be greater than minReadySeconds"))
        }
        let type = document["strategy"]?["type"]?.string ?? ""
        let rolling = document["strategy"]?["rollingUpdate"]
        if type != "RollingUpdate", type != "Recreate" {
            faults.append(.notSupported("spec.strategy", document["strategy"], ["Recreate", "RollingUpdate"]))
        }
        if type == "Recreate", rolling != nil {
            faults.append(
                Fault(
                    field: "spec.strategy.rollingUpdate", reason: "FieldValueForbidden",
                    message: "Forbidden: may not be specified when strategy `type` is 'Recreate'"))
        }
        let surge = share("maxSurge", rolling, mayExceedAll: true, &faults)
        let unavailable = share("maxUnavailable", rolling, mayExceedAll: false, &faults)
        if type == "RollingUpdate", surge.isZero, unavailable.isZero {
            faults.append(
                .invalid(
                    "spec.strategy.rollingUpdate.maxUnavailable", Fault.text(rolling?["maxUnavailable"]),
                    "may not be 0 when `maxSurge` is 0"))
        }
        let template = document["template"] ?? .object([:])
        faults += templateFaults(template, selector: document["selector"])
        let spec = SimulatedDeployment.Spec(
            replicas: replicas, isPaused: document["paused"] == true, isRecreate: type == "Recreate",
            maxSurge: surge, maxUnavailable: unavailable, minReadySeconds: minReadySeconds,
            progressDeadlineSeconds: deadline == unlimited ? nil : deadline,
            revisionHistoryLimit: historyLimit == unlimited ? nil : historyLimit,
            selector: document["selector"] ?? .object([:]), template: template,
            templateDigest: Template.digest(template)
        )
        return (spec, faults)
    }

    /// The number that stands for none.
    private static let unlimited = Int(Int32.max)

    private static func fillIn(_ document: inout JSONValue) {
        var members = document.object ?? [:]
        members["replicas"] = members["replicas"] ?? 1
        members["progressDeadlineSeconds"] = members["progressDeadlineSeconds"] ?? 600
        members["revisionHistoryLimit"] = members["revisionHistoryLimit"] ?? 10
        var strategy = members["strategy"]?.object ?? [:]
        strategy["type"] = strategy["type"] ?? "RollingUpdate"
        if strategy["type"] == "RollingUpdate" {
            var rolling = strategy["rollingUpdate"]?.object ?? [:]
            rolling["maxSurge"] = rolling["maxSurge"] ?? "25%"
            rolling["maxUnavailable"] = rolling["maxUnavailable"] ?? "25%"
            strategy["rollingUpdate"] = .object(rolling)
        }
        members["strategy"] = .object(strategy)
        if var template = members["template"] {
            PodDefaults.fillIn(&template)
            members["template"] = template
        }
        document = .object(members)
    }

    private static func share(
        _ name: String, _ rolling: JSONValue?, mayExceedAll: Bool, _ faults: inout [Fault]
    ) -> SimulatedDeployment.Share {
        let field = "spec.strategy.rollingUpdate.\(name)"
        switch rolling?[name] {
        case nil: return .count(0)
        case .integer(let count):
            if count < 0 { faults.append(.invalid(field, String(count), "must be greater than or equal to 0")) }
            return .count(Int(clamping: count))
        case .string(let text):
            guard text.hasSuffix("%"), let percent = Int(text.dropLast()), percent >= 0, percent < 1_000_000 else {
                faults.append(
                    .invalid(
                        field, "\"\(text)\"",
                        "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', "
                            + "regex used for validation is '[0-9]+%')"))
                return .count(0)
            }
            if percent > 100, !mayExceedAll {
                faults.append(.invalid(field, "\"\(text)\"", "must not be greater than 100%"))
            }
            return .percent(percent)
        case let other?:
            faults.append(.invalid(field, Fault.text(other), "must be a number or a percentage"))
            return .count(0)
        }
    }

    private static func templateFaults(_ template: JSONValue, selector: JSONValue?) -> [Fault] {
        var faults: [Fault] = []
        let labels = Template.labels(template)
        let isEmpty =
            (selector?["matchLabels"]?.object ?? [:]).isEmpty && (selector?["matchExpressions"]?.array ?? []).isEmpty
        if selector == nil {
            faults.append(.required("spec.selector"))
        } else if isEmpty {
            faults.append(.invalid("spec.selector", "{}", "empty selector is invalid for deployment"))
        } else if let selector, !selector.selects(labels) {
            faults.append(
                .invalid(
                    "spec.template.metadata.labels", Fault.text(.object(labels.mapValues { .string($0) })),
                    "`selector` does not match template `labels`"))
        }
        if let policy = template["spec"]?["restartPolicy"], policy != "Always" {
            faults.append(.notSupported("spec.template.spec.restartPolicy", policy, ["Always"]))
        }
        return faults + PodDefaults.faults(template["spec"], at: "spec.template.spec")
    }
}

extension SimulatedDeployment.Share {
    fileprivate var isZero: Bool { self == .count(0) || self == .percent(0) }
}

extension JSONValue {
    /// Whether this label selector selects these labels.
    fileprivate func selects(_ labels: [String: String]) -> Bool {
        (self["matchLabels"]?.object ?? [:]).allSatisfy { labels[$0] == $1.string }
            && (self["matchExpressions"]?.array ?? []).allSatisfy { expression in
                let value = expression["key"]?.string.flatMap { labels[$0] }
                let values = (expression["values"]?.array ?? []).compactMap(\.string)
                switch expression["operator"]?.string {
                case "In": return value.map(values.contains) ?? false
                case "NotIn": return value.map { !values.contains($0) } ?? true
                case "Exists": return value != nil
                case "DoesNotExist": return value == nil
                default: return false
                }
            }
    }
}

/// What the API server fills into a pod's spec, and what it refuses in one.
enum PodDefaults {
    static func fillIn(_ template: inout JSONValue) {
        guard var spec = template["spec"]?.object else { return }
        spec["restartPolicy"] = spec["restartPolicy"] ?? "Always"
        spec["terminationGracePeriodSeconds"] = spec["terminationGracePeriodSeconds"] ?? 30
        spec["dnsPolicy"] = spec["dnsPolicy"] ?? "ClusterFirst"
        spec["schedulerName"] = spec["schedulerName"] ?? "default-scheduler"
        spec["securityContext"] = spec["securityContext"] ?? .object([:])
        if let containers = spec["containers"]?.array {
            spec["containers"] = .array(containers.map(filledIn))
        }
        template["spec"] = .object(spec)
    }

    private static func filledIn(_ container: JSONValue) -> JSONValue {
        guard var members = container.object else { return container }
        let image = members["image"]?.string ?? ""
        let name = image.split(separator: "/").last ?? ""
        let isLatest = !image.contains("@") && (!name.contains(":") || name.hasSuffix(":latest"))
        members["imagePullPolicy"] = members["imagePullPolicy"] ?? (isLatest ? "Always" : "IfNotPresent")
        members["resources"] = members["resources"] ?? .object([:])
        members["terminationMessagePath"] = members["terminationMessagePath"] ?? "/dev/termination-log"
        members["terminationMessagePolicy"] = members["terminationMessagePolicy"] ?? "File"
        if let ports = members["ports"]?.array {
            members["ports"] = .array(
                ports.map { port in
                    var port = port
                    if port["protocol"] == nil { port["protocol"] = "TCP" }
                    return port
                })
        }
        return .object(members)
    }

    static func faults(_ spec: JSONValue?, at path: String) -> [Fault] {
        let containers = spec?["containers"]?.array ?? []
        if containers.isEmpty { return [.required("\(path).containers")] }
        var names: Set<String> = []
        return containers.enumerated().flatMap { index, container in
            let field = "\(path).containers[\(index)]"
            var faults: [Fault] = []
            let name = container["name"]?.string ?? ""
            if name.isEmpty {
                faults.append(.required("\(field).name"))
            } else if !names.insert(name).inserted {
                faults.append(
                    Fault(
                        field: "\(field).name", reason: "FieldValueDuplicate", message: "Duplicate value: \"\(name)\""))
            }
            if (container["image"]?.string ?? "").isEmpty { faults.append(.required("\(field).image")) }
            for list in ["limits", "requests"] {
                let amounts = container["resources"]?[list]?.object ?? [:]
                for (resource, amount) in amounts.sorted(by: { $0.key < $1.key })
                where Quantity.thousandths(amount) == nil {
                    faults.append(
                        .invalid(
                            "\(field).resources.\(list).\(resource)", Fault.text(amount),
                            "must be a quantity"))
                }
            }
            return faults
        }
    }
}
