import Foundation
import ShipslogCommands

@main
struct Main {
    static func main() async {
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await ShipslogProgram.run(arguments, in: .ofProcess()))
    }
}
