public import BlobStorage

/// A store under test, and the way to prepare data for it.
public struct ConformanceSubject: Sendable {
    /// The store under test.
    public let store: any BlobStore

    /// A store over the same blobs, through which cases write what they then read.
    public let fixture: any BlobStore

    /// Creates a subject.
    ///
    /// - Parameters:
    ///   - store: The store under test, prepared.
    ///   - fixture: A store over the same blobs that can write; `nil` if `store` can.
    public init(_ store: any BlobStore, fixture: (any BlobStore)? = nil) {
        self.store = store
        self.fixture = fixture ?? store
    }
}
