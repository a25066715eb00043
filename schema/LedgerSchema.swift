/// The migrations of the ledger file.
public enum LedgerSchema {}
