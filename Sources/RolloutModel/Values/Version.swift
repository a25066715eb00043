/// Which Shipslog this is.
public enum Version {
    /// The version of the program and its libraries.
    public static let current = "0.1.0"
}
