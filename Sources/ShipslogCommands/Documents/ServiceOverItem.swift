import RolloutModel

/// A Service whose traffic goes to pods of a subject, as `state` answers with it.
struct ServiceOverItem: Printable {
    var service: ServiceState
    /// How many of the subject's pods its selector matches.
    var selects: Int

    var namespace: String { service.stream.namespace }
    var name: String { service.stream.shortName }

    static func columns(_ style: TextStyle) -> [Column<ServiceOverItem>] {
        [
            Column("NAME") { StyledText($0.service.stream.name) },
            Column("SELECTOR") { StyledText(ImageText.labels($0.service.selector)) },
            Column("SELECTS") { StyledText(Plural.of($0.selects, "pod")) },
            Column("READY") { item in
                let endpoints = item.service.endpoints
                return StyledText("\(endpoints.count { $0.ready })/\(endpoints.count)")
            },
        ]
    }

    var document: JSONValue {
        .object([
            "name": .string(service.stream.name),
            "readyEndpoints": .whole(service.endpoints.count { $0.ready }),
            "selector": .labels(service.selector),
            "selects": .whole(selects),
        ])
    }

    /// Those of the Services of a namespace that are over a subject.
    ///
    /// - Parameters:
    ///   - labels: The labels that new pods of the subject get.
    ///   - pods: The pods it has.
    static func over(labels: [String: String], pods: [PodState], among services: [ServiceState]) -> [ServiceOverItem] {
        services.filter { !$0.isDeleted }.compactMap { service in
            let selects = pods.count { service.selector.selects($0.labels) }
            return selects > 0 || service.selector.selects(labels)
                ? ServiceOverItem(service: service, selects: selects) : nil
        }
    }
}
