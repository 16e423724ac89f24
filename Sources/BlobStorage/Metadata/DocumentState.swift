/// Where a document is between its reservation and its end.
@nonexhaustive
public enum DocumentState: String, Sendable, Hashable, CaseIterable, Codable {
    /// Its place is reserved; the bytes may come, have come in part, or never come.
    case pending
    /// Its blob is there, with the size and the etag that the record tells.
    case confirmed
    /// It is to be deleted: first the blob, then the record.
    case deleting
}
