import BlobStorageServer
import Foundation
import Testing

/// Sends requests by curl, as a client that shares no code with what it tests.
enum Curl {
    /// Sends one request.
    static func send(
        _ method: String,
        _ url: String,
        headers: [String: String] = [:],
        body: [UInt8]? = nil,
        form: [(String, String)]? = nil
    ) async throws -> Answer {
        let folder = try TestFolder()
        let (head, out, file) = (
            "\(folder.path)/head", "\(folder.path)/out", "\(folder.path)/body"
        )
        var arguments = ["-sS", "--globoff", "--max-time", "60", "-X", method]
        arguments += ["-D", head, "-o", out]
        // As in a browser, the length is that of the body, whatever was signed.
        for (name, value) in headers where name.lowercased() != "content-length" {
            arguments += ["-H", "\(name): \(value)"]
        }
        if let body {
            try Data(body).write(to: URL(filePath: file))
            if let form {
                for (name, value) in form { arguments += ["--form-string", "\(name)=\(value)"] }
                arguments += ["-F", "file=@\(file)"]
            } else {
                arguments += ["--data-binary", "@\(file)"]
                if headers.keys.allSatisfy({ $0.lowercased() != "content-type" }) {
                    arguments += ["-H", "Content-Type:"]
                }
            }
        }
        let status = try await Command.run("/usr/bin/curl", arguments + [url]).status
        try #require(status == 0, "curl ended with \(status)")
        let lines = String(decoding: try Data(contentsOf: URL(filePath: head)), as: UTF8.self)
            .split(whereSeparator: \.isNewline)
        // The head of an interim answer, 100 Continue, comes before.
        let start = try #require(lines.lastIndex { $0.hasPrefix("HTTP/") })
        let words = lines[start].split(separator: " ")
        let code = try #require(words.dropFirst().first.flatMap { Int($0) })
        var fields = HTTPHeaders()
        for line in lines[(start + 1)...] {
            guard let colon = line.firstIndex(of: ":") else { continue }
            let value = line[line.index(after: colon)...].trimmingPrefix(while: \.isWhitespace)
            fields.append(String(line[..<colon]), String(value))
        }
        let bytes = FileManager.default.contents(atPath: out) ?? Data()
        return Answer(status: code, headers: fields, body: [UInt8](bytes))
    }
}
