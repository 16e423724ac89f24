import BlobStorage
import BlobStorageSQLite
import BlobStorageTestKit
import Foundation
import Testing

/// Two processes write one file, and are killed at random: nothing acknowledged is lost, and the file
/// stays whole.
@Suite struct SQLiteCrashTests {
    /// Changes a process makes until it is left alone; `make soak` makes 10,000.
    private static let operationCount =
        ProcessInfo.processInfo.environment["BLOB_STORAGE_SOAK_OPERATIONS"] == nil ? 400 : 10_000
    /// The longest that a process lives, in milliseconds.
    private static let longestLife = operationCount < 1_000 ? 400 : 2_000
    /// After so many kills a process is left alone.
    private static let maximumKillCount = 200

    @Test func twoProcessesKilledAtRandom() async throws {
        let seed = UInt64.random(in: 0..<1_000_000)
        let database = try TemporaryDatabase()
        let store = try await database.store(.full)
        var shared = newRecord("shared")
        shared.byteCount = 0
        try await store.insert(shared)
        async let first = Self.run("one", seed: seed, database)
        async let second = Self.run("two", seed: seed + 1, database)
        let sums = try await [first, second]
        let done = sums.reduce(0) { $0 + $1.acknowledged }
        let open = sums.reduce(0) { $0 + $1.unanswered }
        let count = try await store.record("shared").byteCount ?? 0
        #expect((Int64(done)...Int64(done + open)).contains(count), "seed \(seed)")
        let kills = sums.reduce(0) { $0 + $1.kills }
        let operations = sums.reduce(0) { $0 + $1.operations }
        print(
            "SQLite crash: \(operations) changes acknowledged, \(kills) kills, seed \(seed); "
                + "shared count \(count) of \(done) to \(done + open)"
        )
        #expect(kills > 0 && operations >= Self.operationCount * 2)
    }

    /// What came of one process's changes to the shared record.
    private struct Sum {
        var acknowledged = 0
        var unanswered = 0
        var operations = 0
        var kills = 0
    }

    /// Runs a worker again and again, kills it, and checks its records after each end.
    private static func run(
        _ name: String,
        seed: UInt64,
        _ database: TemporaryDatabase
    ) async throws -> Sum {
        var random = SplitMix64(seed)
        var sum = Sum()
        /// The version of each record that was acknowledged last; 0 is deleted.
        var known: [String: Int64] = [:]
        var runCount = 0
        // On a busy machine a worker may be done before it is killed; then another one begins.
        while sum.operations < operationCount || sum.kills == 0 && runCount < 20 {
            runCount += 1
            let left = max(operationCount - sum.operations, 100)
            let run = try Worker(name, seed: random.next(), count: left, database)
            // The first kills come soon, so that some hit the opening of the file.
            let life = Int.random(in: 1...(sum.kills < 3 ? 60 : longestLife), using: &random)
            let isSpared = sum.kills >= maximumKillCount
            let wasKilled = try await run.ended(afterMilliseconds: isSpared ? nil : life)
            if wasKilled { sum.kills += 1 }
            let lines = try run.lines()
            var open: (id: String, version: Int64)?
            for line in lines {
                let parts = line.split(separator: " ")
                try #require(parts.count == 4, "\(line)")
                let (id, version) = (String(parts[2]), try #require(Int64(parts[3])))
                guard parts[0] == "!" else {
                    open = (id, version)
                    continue
                }
                open = nil
                sum.operations += 1
                if id == "shared" { sum.acknowledged += 1 } else { known[id] = version }
            }
            if open?.id == "shared" { sum.unanswered += 1 }
            try await check(name, &known, open, database, seed: seed)
        }
        return sum
    }

    /// Every record is as it was acknowledged, or as the change left it that was under way.
    private static func check(
        _ name: String,
        _ known: inout [String: Int64],
        _ open: (id: String, version: Int64)?,
        _ database: TemporaryDatabase,
        seed: UInt64
    ) async throws {
        #expect(try database.rows("PRAGMA integrity_check") == [["ok"]], "seed \(seed)")
        let store = SQLiteMetadataStore(path: database.path)
        var found: [String: Int64] = [:]
        for try await record in store.documents(DocumentQuery(owner: name)) {
            found[record.id.text] = record.version
        }
        for (id, version) in known where id != open?.id {
            #expect(found[id] ?? 0 == version, "\(id), seed \(seed)")
        }
        if let open, open.id != "shared" {
            let version = found[open.id] ?? 0
            let legal = [known[open.id] ?? 0, open.version]
            #expect(legal.contains(version), "\(open.id), seed \(seed)")
            known[open.id] = version
        }
        #expect(Set(found.keys).isSubset(of: known.keys), "seed \(seed)")
        await store.close()
    }
}

/// A process that changes records, and the file with its lines.
private final class Worker {
    private let process = Process()
    private let log: String

    init(_ name: String, seed: UInt64, count: Int, _ database: TemporaryDatabase) throws {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        process.executableURL =
            tests.deletingLastPathComponent().appendingPathComponent("metadata-worker")
        process.arguments = [database.path, name, "\(seed)", "\(count)"]
        log = "\(database.folder)/\(name).log"
        try Data().write(to: URL(fileURLWithPath: log))
        process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: log))
        try process.run()
    }

    /// Kills the process after a while, unless it ends before; `nil` lets it end.
    func ended(afterMilliseconds milliseconds: Int?) async throws -> Bool {
        if let milliseconds {
            try await Task.sleep(for: .milliseconds(milliseconds))
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        let wasKilled = process.terminationReason == .uncaughtSignal
        if !wasKilled { #expect(process.terminationStatus == 0) }
        return wasKilled
    }

    /// The whole lines that it wrote.
    func lines() throws -> [Substring] {
        let text = try String(contentsOfFile: log, encoding: .utf8)
        return text.split(separator: "\n", omittingEmptySubsequences: true)
    }
}
