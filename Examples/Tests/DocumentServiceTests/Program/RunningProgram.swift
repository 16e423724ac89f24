import Foundation
import Synchronization
import Testing

/// The program as it was built, running on a port of its own.
final class RunningProgram: Sendable {
    let address: String
    let process: Process
    private let errorsPath: String
    private let folder: TestFolder
    private let end: Task<Int32, Never>

    /// What the tests have set for it.
    private static let inherited = [
        "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_EC2_METADATA_DISABLED", "PGPASSWORD",
    ]

    /// Where the tests and the program were built.
    static func path() throws -> String {
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(filePath: tests).deletingLastPathComponent().path
        let path = "\(folder)/document-service"
        try #require(FileManager.default.isExecutableFile(atPath: path))
        return path
    }

    /// Starts the program and waits until it says where it is.
    init(_ variables: [String: String]) async throws {
        let process = Process()
        let folder = try TestFolder()
        process.executableURL = URL(filePath: try Self.path())
        process.currentDirectoryURL = URL(filePath: folder.path)
        var environment = [
            "PATH": "/usr/bin:/bin", "LISTEN": "127.0.0.1:0", "THUMBNAILER": "none",
            "HOME": folder.path,
        ]
        for name in Self.inherited {
            environment[name] = getenv(name).map { String(cString: $0) }
        }
        process.environment = environment.merging(variables) { $1 }
        let errorsPath = "\(folder.path)/errors"
        try Data().write(to: URL(filePath: errorsPath))
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle(forWritingAtPath: errorsPath)
        let (ends, source) = AsyncStream.makeStream(of: Int32.self)
        process.terminationHandler = { process in
            let isExit = process.terminationReason == .exit
            source.yield(isExit ? process.terminationStatus : 128 + process.terminationStatus)
            source.finish()
        }
        try process.run()
        end = Task { await ends.first { _ in true } ?? -1 }
        self.process = process
        self.folder = folder
        self.errorsPath = errorsPath
        var found: String?
        let deadline = ContinuousClock.now + .seconds(60)
        while found == nil {
            found = Self.lines(errorsPath).first { $0["event"] == "ready" }?["address"]
            let text = try String(contentsOfFile: errorsPath, encoding: .utf8)
            guard process.isRunning, ContinuousClock.now < deadline else {
                process.terminate()
                throw NotStarted(errors: text)
            }
            try await Task.sleep(for: .milliseconds(20))
        }
        address = try #require(found)
    }

    struct NotStarted: Error {
        let errors: String
    }

    deinit {
        if process.isRunning { kill(process.processIdentifier, SIGKILL) }
    }

    /// The log so far.
    var log: String { (try? String(contentsOfFile: errorsPath, encoding: .utf8)) ?? "" }

    /// The lines of the log.
    func lines(_ event: String) -> [JSON] { Self.lines(errorsPath).filter { $0["event"] == event } }

    private static func lines(_ path: String) -> [JSON] {
        let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            let value = try? JSONSerialization.jsonObject(with: Data(line.utf8))
            return (value as? [String: Any]).map(JSON.init)
        }
    }

    /// Sends a signal.
    func signal(_ number: Int32) {
        kill(process.processIdentifier, number)
    }

    /// Waits for the end.
    ///
    /// - Returns: The exit status, or 128 and the number of a signal.
    func status() async -> Int32 { await end.value }

    /// Sends a request to the API.
    func call(
        _ method: String,
        _ path: String,
        owner: String? = "ada",
        json: String? = nil
    ) async throws -> Answer {
        var headers: [String: String] = [:]
        if let owner { headers["X-Owner"] = owner }
        if json != nil { headers["Content-Type"] = "application/json" }
        let body = json.map { Array($0.utf8) }
        return try await Curl.send(method, address + path, headers: headers, body: body)
    }

    /// Reserves a place for five bytes.
    func reserve(_ name: String) async throws -> JSON {
        let json = "{\"fileName\":\"\(name)\",\"contentType\":\"text/plain\",\"byteCount\":5}"
        let answer = try await call("POST", "/api/uploads", json: json)
        try #require(answer.status == 201, "\(answer.text)")
        return try answer.object()
    }

    /// Sends bytes as a ticket for a single put says.
    func put(_ ticket: JSON, _ bytes: [UInt8] = Array("hello".utf8)) async throws -> Answer {
        let request = try ticket.object("request")
        return try await Curl.send(
            try #require(request["method"]),
            try #require(request["url"]),
            headers: try request.texts("headers"),
            body: bytes
        )
    }
}
