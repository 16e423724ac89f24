import BlobStorage
import Foundation
import Testing

/// The `curl` command as a client that nobody here wrote.
struct CurlCommand {
    /// What the server answered.
    struct Answer {
        let status: Int
        let headers: [String: String]
        let body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// Sends a presigned request with all its headers.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - body: What to send.
    ///   - adjust: Changes method, URL or headers, as a client would who breaks the contract.
    /// - Returns: The answer.
    /// - Throws: If curl can't be run, or gets no answer.
    static func send(
        _ request: PresignedRequest,
        _ body: [UInt8]? = nil,
        adjust: (inout Message) -> Void = { _ in }
    ) throws -> Answer {
        var message = Message(request.method, request.url, request.headers)
        adjust(&message)
        var arguments = message.method == "HEAD" ? ["--head"] : ["--request", message.method]
        // curl counts the body by itself; the header would hide that it has another length.
        for (name, value) in message.headers where name != "content-length" {
            arguments += ["--header", "\(name): \(value)"]
        }
        guard let body else { return try run(arguments + [message.url]) }
        return try withFile(body) { try run(arguments + ["--upload-file", $0, message.url]) }
    }

    /// A request that can be changed.
    struct Message {
        var method: String
        var url: String
        var headers: [String: String]

        init(_ method: String, _ url: String, _ headers: [String: String]) {
            self.method = method
            self.url = url
            self.headers = headers
        }
    }

    /// Sends a presigned form, the file last.
    static func send(
        _ form: PresignedForm,
        file: [UInt8],
        adjust: (inout [String: String]) -> Void = { _ in }
    ) throws -> Answer {
        var fields = form.fields
        adjust(&fields)
        var arguments: [String] = []
        for (name, value) in fields { arguments += ["--form-string", "\(name)=\(value)"] }
        return try withFile(file) { path in
            let file = "\(PresignedForm.fileField)=@\(path);filename=photo.png"
            return try run(arguments + ["--form", file, form.url])
        }
    }

    private static func withFile(_ bytes: [UInt8], _ use: (String) throws -> Answer) throws
        -> Answer
    {
        let file = FileManager.default.temporaryDirectory
            .appendingPathComponent("curl-\(UUID().uuidString)")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        return try use(file.path)
    }

    private static func run(_ arguments: [String]) throws -> Answer {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            [
                "curl", "--silent", "--show-error", "--max-time", "30", "--globoff",
                "--path-as-is", "--noproxy", "*", "--header", "Expect:", "--dump-header", "-",
            ] + arguments
        process.standardOutput = output
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let end = try #require(data.firstRange(of: Data("\r\n\r\n".utf8)))
        let head = String(decoding: data[..<end.lowerBound], as: UTF8.self)
        var lines = head.components(separatedBy: "\r\n")
        let words = lines.removeFirst().split(separator: " ")
        var headers: [String: String] = [:]
        for line in lines {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            headers[line[..<colon].lowercased()] = value
        }
        return Answer(
            status: try #require(words.count > 1 ? Int(words[1]) : nil),
            headers: headers,
            body: [UInt8](data[end.upperBound...])
        )
    }
}
