import Foundation
import Testing

/// Runs a program to its end.
enum Command {
    struct Result: Sendable {
        let status: Int32
        let output: String
        let errors: String
    }

    static func run(
        _ path: String,
        _ arguments: [String],
        environment: [String: String]? = nil
    ) async throws -> Result {
        let folder = try TestFolder()
        let process = Process()
        process.executableURL = URL(filePath: path)
        process.arguments = arguments
        if let environment { process.environment = environment }
        // Files, unlike pipes, never fill up.
        let outputs = try ["out", "err"].map { name in
            let path = "\(folder.path)/\(name)"
            try Data().write(to: URL(filePath: path))
            return path
        }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle(forWritingAtPath: outputs[0])
        process.standardError = FileHandle(forWritingAtPath: outputs[1])
        await withCheckedContinuation { (ended: CheckedContinuation<Void, Never>) in
            process.terminationHandler = { _ in ended.resume() }
            do {
                try process.run()
            } catch {
                Issue.record(error)
                ended.resume()
            }
        }
        let texts = try outputs.map {
            String(decoding: try Data(contentsOf: URL(filePath: $0)), as: UTF8.self)
        }
        return Result(status: process.terminationStatus, output: texts[0], errors: texts[1])
    }
}
