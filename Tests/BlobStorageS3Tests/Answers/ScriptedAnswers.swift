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
        let base64: String?
        let generator: Generator?
        let framing: WireFraming?

        enum CodingKeys: String, CodingKey {
            case name
            case operation
            case status
            case headers
            case body
            case base64 = "body_base64"
            case generator = "body_generator"
            case framing
        }
    }

    struct Generator: Decodable, Sendable {
        let template: String?
        let `repeat`: String?
        let times: Int?
        let a: Repeat?
        let b: Repeat?
        let o: Repeat?

        enum CodingKeys: String, CodingKey {
            case template
            case `repeat`
            case times
            case a = "A"
            case b = "B"
            case o = "O"
        }
    }

    struct Repeat: Decodable, Sendable {
        let `repeat`: String
        let times: Int

        var text: String {
            let parts = `repeat`.components(separatedBy: "{i}")
            return (0..<times).map { parts.joined(separator: String($0)) }.joined()
        }
    }

    static func load() throws -> [String: Case] {
        let file = try Vectors.decode(ScriptedAnswers.self, "s3/scripted-responses.json")
        return Dictionary(uniqueKeysWithValues: file.cases.map { ($0.name, $0) })
    }
}

extension ScriptedAnswers.Case {
    var bytes: [UInt8] {
        if let base64 { return Array(Data(base64Encoded: base64) ?? Data()) }
        guard let generator else { return Array((body ?? "").utf8) }
        if let text = generator.repeat, let times = generator.times {
            return Array(String(repeating: text, count: times).utf8)
        }
        var text = generator.template ?? ""
        for (name, part) in [("A", generator.a), ("B", generator.b), ("O", generator.o)] {
            guard let part else { continue }
            text = text.replacingOccurrences(of: "{\(name)}", with: part.text)
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
