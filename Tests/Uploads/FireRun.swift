import BlobStorage
import BlobStorageS3
import BlobStorageSQLite
import BlobStorageTestKit
import BlobStorageUploadFireSupport
import Foundation
import Testing

/// One run: two workers on one stage, again and again, until they have taken so many steps.
struct FireRun {
    /// What came of it.
    struct Result {
        let problems: [FireProblem]
        let history: FireHistory
        let survivorCount: Int
        let text: String
    }

    let place: FireStage.Place
    let seed: UInt64
    /// How many steps both workers take together.
    let stepCount: Int
    /// A fault that is built in; then nobody is killed, and the run ends as soon as it shows.
    var mutation: Mutation?

    func run() async throws -> Result {
        let folder = NSTemporaryDirectory() + "upload-fire-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let stage = FireStage(folder: folder, place: place)
        let metadata = stage.metadata()
        try await metadata.prepare()
        let store = try await openStore(stage)
        let database = FireDatabase(path: stage.databasePath)
        try database.prepare()

        async let one = FireWorkers("one", self, seed: seed, stage).run()
        async let two = FireWorkers("two", self, seed: seed &+ 1, stage).run()
        let sums = try await [one, two]

        let rest = FireRest(
            stage: stage,
            store: store,
            metadata: metadata,
            mutation: mutation
        )
        let (left, survivors, sweep) = try await rest.settle()
        await metadata.close()
        let history = try FireHistory(stage, workers: sums.flatMap(\.names))
        var problems = sums.flatMap(\.problems) + left
        problems += history.problems(survivors: survivors, isLenient: place != .disk)
        problems += try database.faults().map { FireProblem(.error, "-", "SQLite: \($0)") }
        let timed = sums.reduce(0) { $0 + $1.timedKillCount }
        let atCalls = sums.reduce(0) { $0 + $1.callKillCount }
        let text =
            "upload fire on \(place == .disk ? "disk" : "Ceph"), seed \(seed): "
            + "\(history.stepCount) steps, \(timed + atCalls) kills (\(timed) at any time, "
            + "\(atCalls) at a call to a store), \(history.meetingCount) meetings, "
            + "\(survivors.count) documents confirmed in the end; the last sweep \(sweep)\n"
            + history.summary
        return Result(
            problems: problems,
            history: history,
            survivorCount: survivors.count,
            text: text
        )
    }

    private func openStore(
        _ stage: FireStage
    ) async throws -> any BlobStore & BlobPresigner & MultipartBlobStore {
        let store: any BlobStore & BlobPresigner & MultipartBlobStore
        switch place {
        // Nothing is sent by it, so any port will do.
        case .disk: store = stage.disk().presigned(by: try stage.presigner(port: 1))
        case .ceph(let bucket): store = try stage.ceph(bucket: bucket)
        }
        try await store.prepare()
        return store
    }
}

/// One worker's lives.
struct FireWorkers {
    /// What came of them.
    struct Sum {
        var names: [String] = []
        var stepCount = 0
        var timedKillCount = 0
        var callKillCount = 0
        var problems: [FireProblem] = []
    }

    /// The longest that a worker lives before it is killed, in milliseconds.
    private static let longestLife = 1_500
    /// The most calls to its stores that it makes before it ends itself.
    private static let mostCalls = 400
    /// After so many kills a worker is left alone.
    private static let maximumKillCount = 400
    /// A run that gets nowhere ends.
    private static let maximumLifeCount = 1_000

    private let name: String
    private let run: FireRun
    private let seed: UInt64
    private let stage: FireStage

    init(_ name: String, _ run: FireRun, seed: UInt64, _ stage: FireStage) {
        self.name = name
        self.run = run
        self.seed = seed
        self.stage = stage
    }

    func run() async throws -> Sum {
        var random = SplitMix64(seed)
        var sum = Sum()
        while sum.stepCount < run.stepCount / 2, sum.problems.isEmpty {
            guard sum.names.count < Self.maximumLifeCount else {
                sum.problems.append(FireProblem(.worker, "-", "\(name) gets nowhere"))
                break
            }
            let life = "\(name)-\(sum.names.count)"
            sum.names.append(life)
            let isSpared =
                run.mutation != nil
                || sum.timedKillCount + sum.callKillCount
                    >= Self.maximumKillCount
            // The first ends come soon, so that some hit the opening of files.
            let isYoung = sum.names.count <= 4
            var calls: Int?
            var milliseconds: Int?
            if !isSpared {
                if Bool.random(using: &random) {
                    calls = Int.random(in: 0...(isYoung ? 40 : Self.mostCalls), using: &random)
                } else {
                    milliseconds = Int.random(
                        in: 1...(isYoung ? 200 : Self.longestLife),
                        using: &random
                    )
                }
            }
            let process = try WorkerProcess(
                stage,
                name: life,
                seed: random.next(),
                count: run.mutation == nil ? run.stepCount / 2 - sum.stepCount : 50,
                calls: calls,
                mutation: run.mutation?.rawValue
            )
            switch await process.end(afterMilliseconds: milliseconds) {
            case .killed:
                if calls == nil { sum.timedKillCount += 1 } else { sum.callKillCount += 1 }
            case .exited(0): break
            case .exited(let status):
                let message = "\(life) ended with \(status)"
                sum.problems.append(FireProblem(.worker, "-", message))
            }
            let lines = try FireHistory.lines(of: life, stage)
            sum.stepCount += lines.count { $0.mark == .begin }
            // What a mutation brought about is read from the log with all else.
            if lines.contains(where: { $0.mark == .violation }) { break }
        }
        return sum
    }
}
