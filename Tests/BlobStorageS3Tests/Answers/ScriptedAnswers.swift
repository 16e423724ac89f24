import BlobStorageHTTP
import BlobStorageS3
import Foundation

/// The answers of `s3/scripted-responses.json`.
struct ScriptedAnswers: Decodable {
    let cases: [Case]

    struct Case: Decodable, Sendable {
        let name: String
        let operation: String
        let status: Int
        let headers: [String: String]
        let body: String?
        let body_base64: String?
        let body_generator: Generator?
        let framing: Framing?
    }

    /// Wire-level cases have one; what is in it is not looked at here.
    struct Framing: Decodable, Sendable {
        let content_length: Int64?
        let send: Int?
        let body: String?
    }

    struct Generator: Decodable, Sendable {
        let template: String?
        let `repeat`: String?
        let times: Int?
        let A: Repeat?
        let B: Repeat?
        let O: Repeat?
    }

    struct Repeat: Decodable, Sendable {
        let `repeat`: String
        let times: Int

        var text: String {
            var text = ""
            for index in 0..<times {
                text += `repeat`.replacing("{i}", with: String(index))
            }
            return text
        }
    }

    static func load() throws -> [String: Case] {
        let file = try Vectors.decode(ScriptedAnswers.self, "s3/scripted-responses.json")
        return Dictionary(uniqueKeysWithValues: file.cases.map { ($0.name, $0) })
    }
}

extension ScriptedAnswers.Case {
    var bytes: [UInt8] {
        if let base64 = body_base64 { return Array(Data(base64Encoded: base64) ?? Data()) }
        guard let generator = body_generator else { return Array((body ?? "").utf8) }
        if let text = generator.repeat, let times = generator.times {
            return Array(String(repeating: text, count: times).utf8)
        }
        var text = generator.template ?? ""
        for (name, part) in [("A", generator.A), ("B", generator.B), ("O", generator.O)] {
            guard let part else { continue }
            text = text.replacing("{\(name)}", with: part.text)
        }
        return Array(text.utf8)
    }

    var head: S3AnswerHead {
        S3AnswerHead(status: status, headers: httpHeaders)
    }

    var httpHeaders: HTTPHeaders {
        HTTPHeaders(headers.sorted { $0.key < $1.key }.map { .init($0.key, $0.value) })
    }
}
