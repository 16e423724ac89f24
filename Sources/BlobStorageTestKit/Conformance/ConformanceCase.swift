/// One promise that every store keeps, as data.
///
/// A case works under a prefix of its own, which it empties at the end: cases can run at the same
/// time, on a store that holds other blobs. Its name stays the same from version to version.
public struct ConformanceCase: Sendable {
    /// What came of a case.
    public enum Outcome: Sendable, Hashable {
        /// The store keeps the promise.
        case passed
        /// The store's capabilities don't make the promise.
        case leftOut
    }

    /// The name, such as `put.ifAbsent.existing`.
    public let name: String
    /// What a store must be able to do for the case to apply to it.
    public let requirements: ConformanceRequirements

    private let body: @Sendable (CaseScope) async throws -> Void

    init(
        _ name: String,
        _ requirements: ConformanceRequirements,
        _ body: @escaping @Sendable (CaseScope) async throws -> Void
    ) {
        self.name = name
        self.requirements = requirements
        self.body = body
    }

    /// Runs the case.
    ///
    /// - Parameter subject: The store under test, prepared.
    /// - Returns: Whether the case applied.
    /// - Throws: ``ConformanceFailure``; `CancellationError` if the task was cancelled.
    @discardableResult
    public func run(on subject: ConformanceSubject) async throws -> Outcome {
        guard requirements.areMet(by: subject.store) else { return .leftOut }
        let scope = CaseScope(subject)
        do {
            try await body(scope)
        } catch {
            await scope.cleanUp()
            try Task.checkCancellation()
            throw ConformanceFailure(caseName: name, error)
        }
        await scope.cleanUp()
        return .passed
    }
}

extension ConformanceCase: CustomStringConvertible {
    /// The name.
    public var description: String { name }
}
