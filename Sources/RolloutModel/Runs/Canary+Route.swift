extension Canary {
    /// An HTTPRoute that shares the traffic by weights.
    public struct Route: Hashable, Sendable, Codable {
        public var name: String
        /// The route, which must still be the same.
        public var uid: String
        /// Its `spec.rules` before the run.
        public var rules: JSONValue
        /// The name of the Service over the new pods alone.
        public var canaryService: String
        /// What that Service is made from; `nil` if it is there and stays.
        public var manifest: JSONValue?
        /// The requests that go to the new pods from the first step on; `nil` for none.
        public var match: Match?

        /// A header that requests have.
        public struct Match: Hashable, Sendable, Codable {
            public var header: String
            public var value: String
            /// Whether the value is a regular expression.
            public var isPattern: Bool

            public init(header: String, value: String, isPattern: Bool = false) {
                self.header = header
                self.value = value
                self.isPattern = isPattern
            }
        }

        public init(
            name: String, uid: String, rules: JSONValue, canaryService: String, manifest: JSONValue? = nil,
            match: Match? = nil
        ) {
            self.name = name
            self.uid = uid
            self.rules = rules
            self.canaryService = canaryService
            self.manifest = manifest
            self.match = match
        }
    }
}

extension Canary.Route {
    /// Whether rules send requests to a Service of the route's namespace.
    package static func isNamed(_ service: String, in rules: JSONValue, _ namespace: String) -> Bool {
        (rules.array ?? []).contains { rule in
            (rule["backendRefs"]?.array ?? []).contains { names($0, service, namespace) }
        }
    }

    /// `spec.rules` for a part of the traffic, in per cent.
    ///
    /// Of each rule that sends requests to the first Service, the second takes over the part; other backends keep their
    /// shares, and other rules are left alone. Unless the part is all, copies of those rules come last that send the
    /// requests to the second Service that match: they go before what they are copied from, since they ask for a header
    /// more, and not before another rule that asks for as many.
    ///
    /// - Parameters:
    ///   - service: The Service over the old pods.
    ///   - namespace: The route's.
    package func rules(atWeight weight: Int, from service: String, in namespace: String) -> JSONValue {
        let rules = rules.array ?? []
        let copies = weight < 100 ? rules.compactMap { chosen($0, service, namespace) } : []
        return .array(rules.map { shared($0, weight, service, namespace) } + copies)
    }

    private func shared(_ rule: JSONValue, _ weight: Int, _ service: String, _ namespace: String) -> JSONValue {
        guard let backends = rule["backendRefs"]?.array,
            backends.contains(where: { Self.names($0, service, namespace) })
        else { return rule }
        // One that was there before had no part in the traffic.
        let kept = backends.filter { !Self.names($0, canaryService, namespace) }
        let result = kept.flatMap { backend -> [JSONValue] in
            // So that hundredths of each share are whole numbers.
            let share = kept.count == 1 ? 1 : Int(backend["weight"]?.integer ?? 1)
            guard Self.names(backend, service, namespace) else { return [Self.weighted(backend, share * 100)] }
            let canary = Self.weighted(backend, share * weight, as: canaryService)
            return weight < 100 ? [Self.weighted(backend, share * (100 - weight)), canary] : [canary]
        }
        var rule = rule
        rule["backendRefs"] = .array(result)
        return rule
    }

    /// A rule for the requests that are chosen; `nil` if there are none, or none of this rule can be told by their header.
    private func chosen(_ rule: JSONValue, _ service: String, _ namespace: String) -> JSONValue? {
        guard let match,
            let backend = rule["backendRefs"]?.array?.first(where: { Self.names($0, service, namespace) })
        else { return nil }
        let header: JSONValue = [
            "type": match.isPattern ? "RegularExpression" : "Exact", "name": .string(match.header),
            "value": .string(match.value),
        ]
        let everything: JSONValue = ["path": ["type": "PathPrefix", "value": "/"]]
        let matches = (rule["matches"]?.array ?? [everything]).compactMap { wanted -> JSONValue? in
            let headers = wanted["headers"]?.array ?? []
            // Of several conditions on one header Gateway API only looks at the first.
            let name = match.header.lowercased()
            if headers.contains(where: { $0["name"]?.string?.lowercased() == name }) { return nil }
            var wanted = wanted
            wanted["headers"] = .array(headers + [header])
            return wanted
        }
        guard !matches.isEmpty else { return nil }
        var rule = rule
        // A name belongs to one rule.
        rule["name"] = nil
        rule["matches"] = .array(matches)
        rule["backendRefs"] = [Self.weighted(backend, 1, as: canaryService)]
        return rule
    }

    private static func weighted(_ backend: JSONValue, _ weight: Int, as name: String? = nil) -> JSONValue {
        var backend = backend
        if let name { backend["name"] = .string(name) }
        backend["weight"] = .integer(Int64(weight))
        return backend
    }

    private static func names(_ backend: JSONValue, _ service: String, _ namespace: String) -> Bool {
        backend["name"]?.string == service && backend["kind"]?.string ?? "Service" == "Service"
            && backend["namespace"]?.string ?? namespace == namespace
    }
}
