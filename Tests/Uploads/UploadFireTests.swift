import BlobStorageUploadFireSupport
import Foundation
import Testing

/// The upload service while two processes do whatever can be done to it, and are killed: nothing that
/// was confirmed is lost or changed, and nothing else is left.
///
/// 5,000 steps; `make soak` takes 20,000. `BLOB_STORAGE_FIRE_SEED` repeats a run's choices.
@Suite(.serialized) struct UploadFireTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let stepCount =
        environment["BLOB_STORAGE_SOAK_OPERATIONS"] == nil ? 5_000 : 20_000
    private static let seed =
        environment["BLOB_STORAGE_FIRE_SEED"].flatMap { UInt64($0) }
        ?? .random(in: 0..<1_000_000)

    @Test func onDisk() async throws {
        // Both stores share the steps.
        let count = FireStage.hasCeph ? Self.stepCount / 2 : Self.stepCount
        try await Self.check(FireRun(place: .disk, seed: Self.seed, stepCount: count))
    }

    @Test func onCeph() async throws {
        guard FireStage.hasCeph else {
            print("SKIPPED: no server CEPH, so the upload service was under fire on disk alone")
            return
        }
        let bucket = "fire-\(UUID().uuidString.lowercased())"
        try await Self.check(
            FireRun(place: .ceph(bucket: bucket), seed: Self.seed, stepCount: Self.stepCount / 2)
        )
    }

    private static func check(_ run: FireRun) async throws {
        let result = try await run.run()
        print(result.text)
        for problem in result.problems.prefix(5) {
            Issue.record("\(problem)\nseed \(run.seed)\n\(result.history.text(of: problem.id))")
        }
        #expect(result.problems.isEmpty, "\(result.problems.count) problems, seed \(run.seed)")
        // Enough happened for it to mean something.
        #expect(result.history.stepCount >= run.stepCount)
        #expect(result.survivorCount > run.stepCount / 100)
    }

    // MARK: The checks find what is wrong

    /// A fault that is built into the stores, and the rules that it breaks.
    struct Mutant: CustomTestStringConvertible {
        let mutation: Mutation
        let rules: Set<FireProblem.Rule>

        var testDescription: String { mutation.rawValue }
    }

    static let mutants = [
        Mutant(mutation: .dropsCreateOnly, rules: [.bytes, .audit]),
        Mutant(mutation: .trustsClients, rules: [.accepted]),
        Mutant(mutation: .ignoresVersions, rules: [.transition, .confirmed, .audit, .vanished]),
        Mutant(mutation: .hidesRecords, rules: [.audit, .vanished]),
        Mutant(mutation: .keepsBlobs, rules: [.left]),
        Mutant(mutation: .keepsUploads, rules: [.left]),
        Mutant(mutation: .sweepsForReal, rules: [.dryRun]),
    ]

    @Test("finds a fault that is built in", arguments: mutants)
    func findsAFault(_ mutant: Mutant) async throws {
        var found: Set<FireProblem.Rule> = []
        // A race may not happen in one run.
        for attempt in 0..<20 where found.isDisjoint(with: mutant.rules) {
            var run = FireRun(place: .disk, seed: Self.seed &+ UInt64(attempt), stepCount: 800)
            run.mutation = mutant.mutation
            let result = try await run.run()
            found.formUnion(result.problems.map(\.rule))
            if found.isDisjoint(with: mutant.rules) { print(result.text) }
        }
        #expect(!found.isDisjoint(with: mutant.rules), "found only \(found), seed \(Self.seed)")
    }
}
