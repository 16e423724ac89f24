public import BlobStorage

/// The promises of `BlobStore` and `MultipartBlobStore`, as cases that any store can be run on.
///
/// One function with Swift Testing runs them all:
///
///     @Test("conforms", arguments: BlobStoreConformance.cases)
///     func conforms(_ promise: ConformanceCase) async throws {
///         try await promise.run(on: ConformanceSubject(store))
///     }
///
/// A case that asks for more than the store's ``BlobStorage/Capabilities`` claim does nothing;
/// ``namesLeftOut(by:)`` tells which ones do.
public enum BlobStoreConformance: Sendable {
    /// All cases, each with a name of its own.
    public static let cases: [ConformanceCase] = {
        let groups: [[ConformanceCase]] = [
            PutCases.all,
            HeaderCases.all,
            MetadataCases.all,
            ChecksumCases.all,
            TagCases.all,
            GetCases.all,
            RangeCases.all,
            ReadConditionCases.all,
            CopyCases.all,
            DeleteCases.all,
            ListCases.all,
            DelimiterCases.all,
            PagingCases.all,
            KeyCases.all,
            BodyCases.all,
            ConcurrencyCases.all,
            ConvenienceCases.all,
            RefusalCases.all,
            MultipartCases.all,
            MultipartFailureCases.all,
            MultipartListCases.all,
        ]
        return groups.flatMap(\.self)
    }()

    /// The cases that apply to a store.
    ///
    /// - Parameter store: The store that is to be tested.
    /// - Returns: The cases whose requirements the store meets.
    public static func cases(for store: any BlobStore) -> [ConformanceCase] {
        cases.filter { $0.requirements.areMet(by: store) }
    }

    /// The names of the cases that do not apply to a store, so that a run can print them.
    ///
    /// - Parameter store: The store that is to be tested.
    /// - Returns: The names, in the order of ``cases``.
    public static func namesLeftOut(by store: any BlobStore) -> [String] {
        cases.filter { !$0.requirements.areMet(by: store) }.map(\.name)
    }
}
