public import BlobStorage

/// Runs random operations on a store and on its model, and compares what they give.
///
/// The model is `InMemoryStore`. A run draws operations from a seed: writes, reads, ranges, copies,
/// deletes, listings and multipart uploads, with conditions, over a few keys that are easily taken
/// for one another. What differs legitimately, such as etags and times, is compared by what it
/// means.
///
///     @Test("agrees with the model", arguments: 0..<20 as Range<UInt64>)
///     func agrees(_ seed: UInt64) async throws {
///         try await StoreModel.check(seed: seed) { try await makeEmptyStore() }
///     }
public enum StoreModel: Sendable {
    /// Which keys a run uses.
    public enum Scope: Sendable, Hashable {
        /// The keys as they are, so that they are odd from the first byte on; the store must be
        /// empty each time.
        case wholeStore

        /// Keys under a prefix that no other run uses, for a store that holds other blobs.
        case uniquePrefix
    }

    /// Runs operations, and shrinks them if the stores disagree.
    ///
    /// - Parameters:
    ///   - seed: What the operations are drawn from; the same seed gives the same ones.
    ///   - count: How many operations to draw.
    ///   - scope: Which keys to use.
    ///   - makeStore: Makes the store to compare, prepared; called again for each attempt to shrink.
    /// - Throws: ``ModelFailure`` if the stores disagree; `BlobError` of kind `invalidArgument` if
    ///   the store is not empty; what `makeStore` throws.
    public static func check(
        seed: UInt64,
        operations count: Int = 200,
        scope: Scope = .wholeStore,
        makeStore: @Sendable () async throws -> any BlobStore
    ) async throws {
        let first = try await makeStore()
        var generator = ModelGenerator(seed: seed, store: first)
        let operations = generator.operations(count)
        guard let difference = try await run(operations, on: first, scope) else { return }
        var shrinker = ModelShrinker(operations: operations, difference: difference)
        try await shrinker.shrink { operations in
            try await run(operations, on: makeStore(), scope)
        }
        throw ModelFailure(
            seed: seed,
            operations: shrinker.operations.map(\.description),
            step: shrinker.difference.step,
            expected: shrinker.difference.expected,
            found: shrinker.difference.found
        )
    }

    private static func run(
        _ operations: [ModelOperation],
        on store: any BlobStore,
        _ scope: Scope
    ) async throws -> ModelDifference? {
        var prefix = ""
        if scope == .uniquePrefix {
            // No slash at its end: from the second page on radosgw loses entries if the delimiter, such
            // as "//", can begin in the prefix.
            prefix = "model" + String(UInt64.random(in: (1 << 48)..<(1 << 52)), radix: 16) + "-"
        }
        var run = ModelRun(store: store, prefix: prefix)
        // Else nothing that is found, or shrunk, means anything.
        let isEmpty = try await store.list(ListOptions(prefix: prefix, limit: 1)).blobs.isEmpty
        guard isEmpty else {
            throw BlobError(
                .invalidArgument,
                operation: "check",
                message: "the store that was made holds blobs; each run needs an empty one"
            )
        }
        let difference = try await run.perform(operations)
        if scope == .uniquePrefix { await run.cleanUp() }
        return difference
    }
}

/// A sequence of operations after which a store disagrees with the model.
public struct ModelFailure: Error, Sendable {
    /// What the operations were drawn from.
    public let seed: UInt64
    /// The operations, as few as could be found, in words.
    public let operations: [String]
    /// What was compared when the stores disagreed.
    public let step: String
    /// What the model gave.
    public let expected: String
    /// What the store gave.
    public let found: String
}

extension ModelFailure: CustomStringConvertible {
    /// The seed, the operations, what was expected and what was found, on lines of their own.
    public var description: String {
        let lines = operations.enumerated().map { "  \($0.offset + 1). \($0.element)" }
        return "the store disagrees with the model (seed \(seed)) after\n"
            + lines.joined(separator: "\n")
            + "\n  at: \(step)\n  expected: \(expected)\n  found: \(found)"
    }
}

/// Where two stores disagree.
struct ModelDifference: Sendable {
    /// How many operations it took.
    var operationCount: Int
    var step: String
    var expected: String
    var found: String
}
