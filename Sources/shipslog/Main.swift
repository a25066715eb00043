import Foundation
import ShipslogCommands

@main
struct Main {
    static func main() async {
        // A file that may not grow is to be an error that is told, as a full disk is, not the end of the process.
        signal(SIGXFSZ, SIG_IGN)
        let arguments = Array(CommandLine.arguments.dropFirst())
        exit(await ShipslogProgram.run(arguments, in: .ofProcess()))
    }
}
