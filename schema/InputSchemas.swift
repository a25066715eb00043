extension LedgerSchema {
    /// The schema of each kind of file that people write for Shipslog, in the order of the schemas' names.
    ///
    /// - SeeAlso: `schema/input`.
    public static let inputSchemas: [Document] = [
        Document(name: "behaviours", bytes: PackageResources.behaviours_schema_json)
    ]
}
