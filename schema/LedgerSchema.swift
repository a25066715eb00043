/// The migrations of the ledger file: SQL scripts, applied in order, each once and in a transaction of its own.
///
/// A script that was released is never edited. `PRAGMA user_version` of a ledger is the number of scripts applied to it.
public enum LedgerSchema {
    /// The scripts, the oldest first.
    public static let migrations: [String] = [
        PackageResources.v0001_events_sql,
        PackageResources.v0002_projections_sql,
        PackageResources.v0003_attribution_sql,
        PackageResources.v0004_subject_sql,
        PackageResources.v0005_recorder_sql,
        PackageResources.v0006_columns_sql,
        PackageResources.v0007_digests_sql,
        PackageResources.v0008_late_news_sql,
    ].map { String(decoding: $0, as: UTF8.self) }

    /// The number of scripts up to the last one that changed the projections, be it their tables or the rules by which
    /// events are folded: a ledger to which fewer were applied has them rebuilt when it is brought up to date.
    public static let newestProjections = 8

    /// `PRAGMA application_id` of a ledger file: "SLOG" in ASCII.
    public static let applicationID: Int32 = 0x534C_4F47
}
