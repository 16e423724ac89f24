import Foundation
import Testing

/// Runs shell scripts that use the tool as it was built, each test in a folder of its own.
///
/// The scripts find the tool as `blob`, and `BLOB_STORE` names an empty store in their folder.
final class Shell: Sendable {
    /// What a script has printed, and how it ended.
    struct Result: Sendable {
        let status: Int32
        let output: [UInt8]
        let errors: String

        var text: String { String(decoding: output, as: UTF8.self) }

        /// The lines of the output, each read as a JSON object.
        func objects() throws -> [[String: any Sendable]] {
            try text.split(separator: "\n").map { line in
                let value = try JSONSerialization.jsonObject(with: Data(line.utf8))
                return try #require(value as? [String: any Sendable])
            }
        }
    }

    let folder: String
    private let tools: String

    init() async throws {
        folder =
            FileManager.default.temporaryDirectory
            .appending(path: "blob-tool-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        // The tests and the tool are built into one folder.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        tools = URL(filePath: tests).deletingLastPathComponent().path
        try #require(FileManager.default.isExecutableFile(atPath: "\(tools)/blob"))
        try #require(await run("blob init").status == 0)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// Runs a script of bash to its end.
    func run(_ script: String) async throws -> Result {
        let process = Process()
        process.executableURL = URL(filePath: "/bin/bash")
        process.arguments = ["-c", script]
        process.currentDirectoryURL = URL(filePath: folder)
        process.environment = [
            "PATH": "\(tools):/usr/bin:/bin", "BLOB_STORE": "file:\(folder)/store",
            "LC_ALL": "C.UTF-8", "TERM": "xterm", "HOME": folder,
        ]
        // Files, unlike pipes, never fill up.
        let number = UUID().uuidString
        let outputs = try ["out", "err"].map { name in
            let path = "\(folder)/.\(number).\(name)"
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
        let contents = try outputs.map { try Data(contentsOf: URL(filePath: $0)) }
        for path in outputs { try FileManager.default.removeItem(atPath: path) }
        return Result(
            status: process.terminationStatus,
            output: [UInt8](contents[0]),
            errors: String(decoding: contents[1], as: UTF8.self)
        )
    }

    /// Runs a script that must succeed and say nothing on the standard error.
    @discardableResult
    func succeed(_ script: String, at location: SourceLocation = #_sourceLocation) async throws
        -> String
    {
        let result = try await run(script)
        #expect(result.status == 0, "\(script)\n\(result.errors)", sourceLocation: location)
        #expect(result.errors == "", sourceLocation: location)
        return result.text
    }
}
