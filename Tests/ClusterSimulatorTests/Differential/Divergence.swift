/// That the real controllers do something else than the simulated ones.
struct Divergence: Error, CustomStringConvertible {
    let description: String

    /// That it comes to something else.
    init(_ step: SimulatedSide.Step, real: [String], simulated: [String]) {
        let lines =
            real.filter { !simulated.contains($0) }.map { "      real: \($0)" }
            + simulated.filter { !real.contains($0) }.map { " simulated: \($0)" }
        description = "At \(step.text) it comes to something else.\n\(lines.joined(separator: "\n"))"
    }

    private init(_ description: String) { self.description = description }

    /// Sees that both came to where they are in the same way.
    static func check(
        _ step: SimulatedSide.Step, real: DeploymentSight.Path, simulated: DeploymentSight.Path
    ) throws {
        guard real != simulated else { return }
        let things = Set(real.states.keys).union(simulated.states.keys).sorted()
        func text(_ states: [String]?) -> String { states?.joined(separator: ", then ") ?? "as before" }
        let lines = things.filter { real.states[$0] != simulated.states[$0] }.flatMap { thing in
            [
                "      real: \(thing) \(text(real.states[thing]))",
                " simulated: \(thing) \(text(simulated.states[thing]))",
            ]
        }
        throw Divergence("At \(step.text) it comes to the same in another way.\n\(lines.joined(separator: "\n"))")
    }
}
