/// One promise that every metadata store keeps, as data.
///
/// A case works with ids and owners of its own, and deletes its records at the end: cases can run
/// at the same time, on a store that holds other records. Its name stays the same from version to
/// version.
public struct MetadataConformanceCase: Sendable {
    /// The name, such as `update.version.stale`.
    public let name: String

    private let body: @Sendable (MetadataScope) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (MetadataScope) async throws -> Void) {
        self.name = name
        self.body = body
    }

    /// Runs the case.
    ///
    /// - Parameter subject: The store under test, prepared.
    /// - Throws: ``ConformanceFailure``; `CancellationError` if the task was cancelled.
    public func run(on subject: MetadataConformanceSubject) async throws {
        let scope = MetadataScope(subject)
        do {
            try await body(scope)
        } catch {
            await scope.cleanUp()
            try Task.checkCancellation()
            throw ConformanceFailure(caseName: name, error)
        }
        await scope.cleanUp()
    }
}

extension MetadataConformanceCase: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}

extension ConformanceFailure {
    /// The failure of a case that ended with an error.
    init(caseName: String, _ error: any Error) {
        if let mismatch = error as? Mismatch {
            self.init(caseName: caseName, expected: mismatch.expected, found: mismatch.found)
        } else {
            self.init(
                caseName: caseName,
                expected: "no error",
                found: readable(error),
                underlying: error
            )
        }
    }
}
