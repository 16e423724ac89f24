import BlobStorage
import BlobStorageUploadFireSupport
import Foundation

/// A worker that runs.
final class WorkerProcess: Sendable {
    /// How it ended.
    enum End {
        case killed
        case exited(Int32)
    }

    private let process: Locked<Process>
    private let ended: AsyncStream<Void>

    init(
        _ stage: FireStage,
        name: String,
        seed: UInt64,
        count: Int,
        calls: Int?,
        mutation: String?
    ) throws {
        let process = Process()
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        process.executableURL =
            tests.deletingLastPathComponent().appendingPathComponent("upload-worker")
        process.arguments = [
            stage.folder, stage.place.text, name, "\(seed)", "\(count)",
            calls.map { "\($0)" } ?? "-", mutation ?? "-",
        ]
        let (stream, input) = AsyncStream<Void>.makeStream()
        ended = stream
        process.terminationHandler = { _ in input.finish() }
        try process.run()
        self.process = Locked(process)
    }

    /// Kills the process after a while, unless it ends before; `nil` lets it end.
    func end(afterMilliseconds milliseconds: Int?) async -> End {
        let killer = Task {
            guard let milliseconds else { return }
            try await Task.sleep(for: .milliseconds(milliseconds))
            process.withLock { _ = kill($0.processIdentifier, SIGKILL) }
        }
        for await _ in ended {}
        killer.cancel()
        _ = await killer.result
        return process.withLock { process in
            let isKilled =
                process.terminationReason == .uncaughtSignal
                && process.terminationStatus == SIGKILL
            return isKilled ? .killed : .exited(process.terminationStatus)
        }
    }
}
