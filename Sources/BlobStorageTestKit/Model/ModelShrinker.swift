/// Makes a sequence of operations shorter and simpler for as long as the stores disagree after it.
struct ModelShrinker {
    /// The most runs that are made to shrink one sequence.
    private static let runLimit = 600

    private(set) var operations: [ModelOperation]
    private(set) var difference: ModelDifference
    private var runCount = 0

    init(operations: [ModelOperation], difference: ModelDifference) {
        self.operations = Array(operations.prefix(difference.operationCount))
        self.difference = difference
    }

    /// Shrinks the sequence, with a way to run one on fresh stores.
    mutating func shrink(
        _ run: ([ModelOperation]) async throws -> ModelDifference?
    ) async throws {
        var length = max(1, operations.count / 2)
        while true {
            let isShorter = try await dropRuns(of: length, run)
            if length == 1, !isShorter { break }
            if !isShorter || length > operations.count { length = max(1, length / 2) }
        }
        try await simplify(run)
    }

    /// Leaves out runs of operations, each that the disagreement does not need.
    private mutating func dropRuns(
        of length: Int,
        _ run: ([ModelOperation]) async throws -> ModelDifference?
    ) async throws -> Bool {
        var isShorter = false
        var end = operations.count
        while end > 0 {
            let start = max(0, end - length)
            var candidate = operations
            candidate.removeSubrange(start..<end)
            if try await accept(candidate, run) {
                isShorter = true
                end = min(start, operations.count)
            } else {
                end = start
            }
        }
        return isShorter
    }

    /// Replaces operations by simpler ones.
    private mutating func simplify(
        _ run: ([ModelOperation]) async throws -> ModelDifference?
    ) async throws {
        var index = 0
        while index < operations.count {
            let text = operations[index].description
            for simpler in operations[index].simpler where simpler.description != text {
                var candidate = operations
                candidate[index] = simpler
                if try await accept(candidate, run) { break }
            }
            index += 1
        }
    }

    private mutating func accept(
        _ candidate: [ModelOperation],
        _ run: ([ModelOperation]) async throws -> ModelDifference?
    ) async throws -> Bool {
        guard runCount < Self.runLimit, !candidate.isEmpty else { return false }
        runCount += 1
        guard let found = try await run(candidate) else { return false }
        operations = Array(candidate.prefix(found.operationCount))
        difference = found
        return true
    }
}
