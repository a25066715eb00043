import ShipslogTesting

/// Runs a command line of the program on a terminal of its own, and answers it.
///
/// - Parameter answers: What is typed once something is said, one after the other: `Go on?=>y|;waiting=>^C`. `|` is Enter.
/// - Returns: All that is said, and in the last line the exit code.
func playOnTerminal(_ arguments: [String], _ answers: String) async throws -> String {
    try await Program.inBackground(
        "/usr/bin/env",
        [
            "-u", "HOME", "-u", "XDG_STATE_HOME", "USER=alice", "TERM=xterm", "NO_COLOR=1", "python3", "-c", terminal,
            answers,
            builtProgram,
        ] + arguments
    ).output
}

private let terminal = """
    import os, pty, sys
    answers = [pair.split("=>") for pair in sys.argv[1].split(";")]
    child, terminal = pty.fork()
    if child == 0:
        os.execv(sys.argv[2], sys.argv[2:])
    said = ""
    while True:
        try:
            piece = os.read(terminal, 4096).decode(errors="replace")
        except OSError:
            break
        if not piece:
            break
        said += piece
        if answers and answers[0][0] in said:
            said = ""
            os.write(terminal, answers.pop(0)[1].encode().replace(b"^C", b"\\x03").replace(b"|", b"\\n"))
        sys.stdout.write(piece)
    print("exit", os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
    """
