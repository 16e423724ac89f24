/// A promise that a store did not keep.
public struct ConformanceFailure: Error, Sendable {
    /// The name of the case.
    public let caseName: String
    /// What the case expected.
    public let expected: String
    /// What it found.
    public let found: String
    /// The error that the store threw where none was expected.
    public let underlying: (any Error)?

    /// Creates a failure.
    public init(
        caseName: String,
        expected: String,
        found: String,
        underlying: (any Error)? = nil
    ) {
        self.caseName = caseName
        self.expected = expected
        self.found = found
        self.underlying = underlying
    }
}

extension ConformanceFailure: CustomStringConvertible {
    /// The case, what was expected and what was found, in one line.
    public var description: String {
        "\(caseName): expected \(expected); found \(found)"
    }
}

/// What a check inside a case throws; the case adds its name.
struct Mismatch: Error {
    var expected: String
    var found: String
}
