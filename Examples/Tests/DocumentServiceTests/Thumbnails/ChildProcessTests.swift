import Foundation
import Testing

@testable import DocumentService

@Suite struct ChildProcessTests {
    private func process(_ script: String) -> ChildProcess {
        ChildProcess(
            path: "/bin/sh",
            arguments: ["-c", script],
            environment: ["PATH": "/usr/bin:/bin"],
            folder: "/tmp"
        )
    }

    @Test func theStatusIsTold() async throws {
        #expect(try await process("exit 0").run(within: .seconds(30)) == 0)
        #expect(try await process("exit 3").run(within: .seconds(30)) == 3)
        #expect(try await process("kill -9 $$").run(within: .seconds(30)) == 137)
    }

    @Test func aProcessThatTakesTooLongIsKilled() async throws {
        let folder = try TestFolder()
        let path = "\(folder.path)/pid"
        let start = ContinuousClock.now
        let script = "echo $$ >\(path).new; mv \(path).new \(path); exec sleep 60"
        // On a busy machine the first time may be over before the script has begun.
        for time in [Duration.milliseconds(500), .seconds(3), .seconds(20)]
        where !FileManager.default.fileExists(atPath: path) {
            #expect(try await process(script).run(within: time) == nil)
        }
        #expect(ContinuousClock.now - start < .seconds(50))
        try expectGone(folder)
    }

    @Test func aProcessWhoseTaskIsCancelledIsKilled() async throws {
        let folder = try TestFolder()
        let path = "\(folder.path)/pid"
        let child = process("echo $$ >\(path).new; mv \(path).new \(path); exec sleep 60")
        let task = Task { try await child.run(within: .seconds(60)) }
        while !FileManager.default.fileExists(atPath: path) {
            try await Task.sleep(for: .milliseconds(10))
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        try expectGone(folder)
    }

    @Test func aProgramThatIsNotThereIsAnError() async {
        let child = ChildProcess(path: "/nowhere", arguments: [], environment: [:], folder: "/tmp")
        await #expect(throws: (any Error).self) { try await child.run(within: .seconds(30)) }
    }

    private func expectGone(_ folder: TestFolder) throws {
        let text = try String(contentsOfFile: "\(folder.path)/pid", encoding: .utf8)
        let pid = try #require(Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)))
        #expect(kill(pid, 0) != 0)
    }
}
