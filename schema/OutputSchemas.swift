extension LedgerSchema {
    /// The schema of what each command prints with `-o json`, in the order of the commands' names.
    ///
    /// - SeeAlso: `schema/output`.
    public static let outputSchemas: [Document] = [
        Document(name: "bundle", bytes: PackageResources.bundle_schema_json),
        Document(name: "diff", bytes: PackageResources.diff_schema_json),
        Document(name: "events", bytes: PackageResources.events_schema_json),
        Document(name: "history", bytes: PackageResources.history_schema_json),
        Document(name: "import", bytes: PackageResources.import_schema_json),
        Document(name: "import-ledger", bytes: PackageResources.import_ledger_schema_json),
        Document(name: "plan", bytes: PackageResources.plan_schema_json),
        Document(name: "replay", bytes: PackageResources.replay_schema_json),
        Document(name: "replay-clean", bytes: PackageResources.replay_clean_schema_json),
        Document(name: "rollouts", bytes: PackageResources.rollouts_schema_json),
        Document(name: "show", bytes: PackageResources.show_schema_json),
        Document(name: "state", bytes: PackageResources.state_schema_json),
        Document(name: "verify", bytes: PackageResources.verify_schema_json),
        Document(name: "verify-bundle", bytes: PackageResources.verify_bundle_schema_json),
        Document(name: "what-if", bytes: PackageResources.what_if_schema_json),
    ]
}
