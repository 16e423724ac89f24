import BlobStorageServer
import Foundation
import Testing

/// What came back for a request.
struct Answer: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }

    /// The body as a JSON object.
    func object(_ location: SourceLocation = #_sourceLocation) throws -> JSON {
        let value = try? JSONSerialization.jsonObject(with: Data(body))
        return JSON(try #require(value as? [String: Any], "\(text)", sourceLocation: location))
    }
}

/// A JSON object of which a test wants some members.
struct JSON {
    let members: [String: Any]

    init(_ members: [String: Any]) {
        self.members = members
    }

    subscript(name: String) -> String? { members[name] as? String }

    func number(_ name: String) -> Int? { members[name] as? Int }

    func numbers(_ name: String) -> [Int]? { members[name] as? [Int] }

    func object(_ name: String) throws -> JSON {
        JSON(try #require(members[name] as? [String: Any], "there is no object \(name)"))
    }

    func objects(_ name: String) throws -> [JSON] {
        try #require(members[name] as? [[String: Any]], "there is no list \(name)").map(JSON.init)
    }

    func texts(_ name: String) throws -> [String: String] {
        try #require(members[name] as? [String: String], "there is no object \(name)")
    }
}
