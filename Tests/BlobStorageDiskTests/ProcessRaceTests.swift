import BlobStorage
import BlobStorageDisk
import Foundation
import Testing

/// What conditions promise holds between processes, too.
@Suite(.serialized) struct ProcessRaceTests {
    static let processCount = 4

    @Test("one of several processes makes a key", arguments: Durability.allCases)
    func create(_ durability: Durability) async throws {
        let folder = try TemporaryFolder()
        let outputs = try await race("create", folder, durability, times: 50)
        let made = outputs.flatMap { $0.split(separator: "\n") }.compactMap { Int($0) }
        #expect(made.sorted() == Array(0..<50))
    }

    @Test("no addition is lost", arguments: Durability.allCases)
    func count(_ durability: Durability) async throws {
        let folder = try TemporaryFolder()
        try await folder.store().put("counter", "0")
        _ = try await race("count", folder, durability, times: 40)
        let total = "\(Self.processCount * 40)"
        #expect(try await folder.store().bytes("counter", upTo: 9) == Array(total.utf8))
    }

    @Test("folders that come and go tear nothing", arguments: Durability.allCases)
    func churn(_ durability: Durability) async throws {
        let folder = try TemporaryFolder()
        _ = try await race("churn", folder, durability, times: durability == .full ? 200 : 400)
        let report = try await folder.store().fsck()
        #expect(report.findings.filter { $0.kind != .emptyFolder }.map(\.description) == [])
    }

    /// Runs several processes at once, and gives what they print.
    private func race(
        _ name: String,
        _ folder: TemporaryFolder,
        _ durability: Durability,
        times: Int
    ) async throws -> [String] {
        // Swift's own threads are for the other tests.
        try await BlockingThreads(limit: 1).run {
            try blockingRace(name, folder, durability, times: times)
        }
    }

    private func blockingRace(
        _ name: String,
        _ folder: TemporaryFolder,
        _ durability: Durability,
        times: Int
    ) throws -> [String] {
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        let worker = tests.deletingLastPathComponent().appendingPathComponent("race-worker")
        let runs = try (0..<Self.processCount).map { _ in
            let process = Process()
            let output = Pipe()
            process.executableURL = worker
            process.arguments = [name, folder.path, durability.rawValue, "\(times)"]
            process.standardOutput = output
            try process.run()
            return (process, output)
        }
        return runs.map { process, output in
            let text = String(
                decoding: output.fileHandleForReading.readDataToEndOfFile(),
                as: UTF8.self
            )
            process.waitUntilExit()
            #expect(process.terminationStatus == 0)
            return text
        }
    }
}
