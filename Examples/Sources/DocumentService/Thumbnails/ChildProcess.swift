import Foundation
import Glibc
import Synchronization

/// Another program that runs once, says nothing, and is killed if it takes too long.
struct ChildProcess: Sendable {
    let path: String
    let arguments: [String]
    let environment: [String: String]
    let folder: String

    /// Runs the program to its end.
    ///
    /// - Parameter time: How long it may take.
    /// - Returns: Its exit status, or 128 and the number of the signal that ended it; `nil` if it was
    ///   killed because it took too long.
    /// - Throws: `CancellationError`, after the process was killed; what the system does if it can't be
    ///   started.
    func run(within time: Duration) async throws -> Int32? {
        let life = ProcessLife()
        return try await withThrowingTaskGroup(of: Int32?.self) { group in
            group.addTask { try await wait(life) }
            group.addTask {
                try await Task.sleep(for: time)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let status = first else {
                // The end of the process is waited for, so that none is left behind.
                life.kill()
                _ = try? await group.next()
                return nil
            }
            return status
        }
    }

    private func wait(_ life: ProcessLife) async throws -> Int32 {
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        process.environment = environment
        process.currentDirectoryURL = URL(filePath: folder)
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        await withTaskCancellationHandler {
            await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
                process.terminationHandler = { process in
                    let number = process.terminationStatus
                    let isExit = process.terminationReason == .exit
                    life.ended(.success(isExit ? number : 128 + number))
                    ended.resume()
                }
                do {
                    try process.run()
                    life.started(process.processIdentifier)
                } catch {
                    life.ended(.failure(error))
                    ended.resume()
                }
            }
        } onCancel: {
            life.kill()
        }
        try Task.checkCancellation()
        return try life.status()
    }
}

/// Where a process is between its start and its end, so that no other's number is ever killed.
private final class ProcessLife: Sendable {
    private enum State {
        case notStarted
        case killedBeforeStart
        case running(pid_t)
        case ended(Result<Int32, any Error>)
    }

    private let state = Mutex(State.notStarted)

    /// Notes that the process runs, unless it has ended already.
    func started(_ pid: pid_t) {
        state.withLock { state in
            switch state {
            case .notStarted: state = .running(pid)
            case .killedBeforeStart:
                Glibc.kill(pid, SIGKILL)
                state = .running(pid)
            case .running, .ended: break
            }
        }
    }

    func ended(_ result: Result<Int32, any Error>) {
        state.withLock { $0 = .ended(result) }
    }

    /// Kills the process, now or as soon as it runs.
    func kill() {
        state.withLock { state in
            switch state {
            case .notStarted: state = .killedBeforeStart
            case .running(let pid): Glibc.kill(pid, SIGKILL)
            case .killedBeforeStart, .ended: break
            }
        }
    }

    /// The exit status of a process that has ended.
    func status() throws -> Int32 {
        try state.withLock { state in
            guard case .ended(let result) = state else { throw CancellationError() }
            return try result.get()
        }
    }
}
