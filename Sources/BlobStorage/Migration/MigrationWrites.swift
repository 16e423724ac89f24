/// Where a ``MigratingStore`` writes blobs.
///
/// The new store decides each write in both cases: what is there counts, whatever the old one has.
@nonexhaustive
public enum MigrationWrites: Sendable {
    /// To the new store alone. There is no simple way back once something was written.
    case new
    /// To the new store and then to the old one, which stays complete, so that there is a way back.
    ///
    /// A write has happened once the new store has it. What the old one then fails at is told to
    /// `onFailure`, and makes the write no failure; the blob is behind there until it is written or
    /// deleted again.
    case both(onFailure: @Sendable (_ key: BlobKey, _ error: any Error) -> Void)

    /// Whether the old store is written to.
    var isBoth: Bool {
        switch self {
        case .new: false
        case .both: true
        }
    }
}
