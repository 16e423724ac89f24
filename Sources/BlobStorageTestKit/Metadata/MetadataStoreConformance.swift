public import BlobStorage

/// The promises of `MetadataStore`, as cases that any store can be run on.
///
/// One function with Swift Testing runs them all:
///
///     @Test("conforms", arguments: MetadataStoreConformance.cases)
///     func conforms(_ promise: MetadataConformanceCase) async throws {
///         try await promise.run(on: MetadataConformanceSubject(store))
///     }
public enum MetadataStoreConformance: Sendable {
    /// All cases, each with a name of its own.
    public static let cases: [MetadataConformanceCase] = {
        let groups: [[MetadataConformanceCase]] = [
            RecordCases.all,
            RecordTextCases.all,
            RecordRefusalCases.all,
            RecordUpdateCases.all,
            RecordDeleteCases.all,
            RecordBatchCases.all,
            RecordQueryCases.all,
            RecordPagingCases.all,
            RecordRaceCases.all,
        ]
        return groups.flatMap(\.self)
    }()
}

/// A metadata store under test.
public struct MetadataConformanceSubject: Sendable {
    /// The store under test.
    public let store: any MetadataStore

    /// How long a case waits before it asks a query for what it has just changed.
    public let queryDelay: Duration

    /// Creates a subject.
    ///
    /// - Parameters:
    ///   - store: The store under test, prepared.
    ///   - queryDelay: How far the store's queries may lag behind its changes.
    public init(_ store: any MetadataStore, queryDelay: Duration = .zero) {
        self.store = store
        self.queryDelay = queryDelay
    }
}
