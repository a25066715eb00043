/// Somebody's own check of new pods.
public enum PodCheck: Hashable, Sendable {
    /// A command of a shell, which must end with 0.
    case command(String)
    /// A URL, which must answer with a status of 200 to 299.
    case url(String)
    /// A figure of Prometheus, which must be within limits.
    case query(PrometheusQuery)

    /// A command or URL as people write them.
    public init(_ text: String) {
        self = text.hasPrefix("http://") || text.hasPrefix("https://") ? .url(text) : .command(text)
    }

    /// For a person, in one line.
    public var summary: String {
        switch self {
        case .command(let text), .url(let text): text
        case .query(let query): query.summary
        }
    }
}

/// In a plan, a command or URL is a string, and a query an object.
extension PodCheck: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let text = try? container.decode(String.self) {
            self.init(text)
        } else {
            self = .query(try container.decode(PrometheusQuery.self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .command(let text), .url(let text): try container.encode(text)
        case .query(let query): try container.encode(query)
        }
    }
}

/// A question to Prometheus, and what its answer must be.
///
/// - SeeAlso: <https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries>
public struct PrometheusQuery: Hashable, Sendable, Codable {
    /// The URL at which Prometheus is: `http://prometheus:9090`.
    public var server: String
    /// In PromQL; a scalar or an instant vector must come of it.
    public var query: String
    /// What no sample may exceed; `nil` for no limit.
    public var atMost: Double?
    /// What no sample may be below; `nil` for no limit.
    public var atLeast: Double?

    public init(server: String, query: String, atMost: Double? = nil, atLeast: Double? = nil) {
        self.server = server
        self.query = query
        self.atMost = atMost
        self.atLeast = atLeast
    }

    var summary: String {
        let limits = [
            atLeast.map { "at least \(NumberText.short($0))" }, atMost.map { "at most \(NumberText.short($0))" },
        ]
        return "\(query) \(limits.compactMap(\.self).joined(separator: " and "))"
    }

    /// What the answer of Prometheus says of the pods.
    ///
    /// - Parameter answer: The body; `data.result` of a scalar is a pair of time and value, of a vector one such pair, as
    ///   `value`, for each of its series.
    /// - Returns: Whether all samples are within the limits, and what was measured, in one line. No samples at all are not
    ///   within limits: what is not measured cannot speak for the pods.
    package func judgement(of answer: JSONValue) -> (passed: Bool, said: String) {
        guard answer["status"]?.string == "success", let data = answer["data"] else {
            return (false, "Prometheus refused the query: \(answer["error"]?.string ?? "it did not say why")")
        }
        let texts: [String?]
        switch data["resultType"]?.string {
        case "scalar": texts = [data["result"]?.array?.last?.string]
        case "vector": texts = (data["result"]?.array ?? []).map { $0["value"]?.array?.last?.string }
        case let type: return (false, "the query gives a \(type ?? "nothing"), and not a scalar or a vector")
        }
        if texts.isEmpty { return (false, "the query gives no samples") }
        let samples = texts.map { $0.flatMap(Double.init) ?? .nan }
        let bad = samples.first { sample in
            sample.isNaN || atMost.map { sample > $0 } ?? false || atLeast.map { sample < $0 } ?? false
        }
        guard let bad else { return (true, samples.map(NumberText.short).joined(separator: ", ")) }
        if let atMost, bad > atMost {
            return (false, "\(NumberText.short(bad)) is more than \(NumberText.short(atMost))")
        }
        if let atLeast, bad < atLeast {
            return (false, "\(NumberText.short(bad)) is less than \(NumberText.short(atLeast))")
        }
        return (false, "the query gives no number")
    }
}

/// Numbers as people write them.
private enum NumberText {
    /// Without a decimal point where there is nothing behind it.
    static func short(_ number: Double) -> String {
        let text = String(number)
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }
}
