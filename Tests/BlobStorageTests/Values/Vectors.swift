import Foundation
import Testing

/// Loads the test vectors; each file names its source.
enum Vectors {
    static func load<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let folder = try #require(Bundle.module.url(forResource: "Vectors", withExtension: nil))
        let data = try Data(contentsOf: folder.appending(path: name))
        return try JSONDecoder().decode(type, from: data)
    }
}

/// `Vectors/keys.json`.
struct KeyVectors: Decodable {
    struct Length: Decodable {
        var bytes: Int?
        var segments: Int?
        var utf8: String?
        var expect: String?

        var isLegal: Bool { expect != "reject" }

        /// A text of this length.
        var text: String {
            if let bytes { return String(repeating: "x", count: bytes) }
            if let segments {
                return Array(repeating: "a", count: segments).joined(separator: "/")
            }
            // Such as "ü x 512 = 1024 bytes".
            let words = (utf8 ?? "").split(separator: " ")
            return String(repeating: String(words[0]), count: Int(words[2]) ?? 0)
        }
    }

    struct Collision: Decodable {
        var pair: [String]
        var why: String
    }

    struct Order: Decodable {
        var keys: [String]
        var sorted: [String]
    }

    struct Metadata: Decodable {
        var valid: [[String]]
        var mustReject: [[String]]

        enum CodingKeys: String, CodingKey {
            case valid
            case mustReject = "must_reject"
        }
    }

    var mustRoundtrip: [String]
    var slashForms: [String]
    var dotForms: [String]
    var control: [String]
    var collisions: [Collision]
    var lengths: [Length]
    var listingOrder: Order
    var metadata: Metadata

    enum CodingKeys: String, CodingKey {
        case mustRoundtrip = "must_roundtrip"
        case slashForms = "slash_forms"
        case dotForms = "dot_forms"
        case control
        case collisions
        case lengths
        case listingOrder = "listing_order"
        case metadata
    }

    static func load() throws -> KeyVectors {
        try Vectors.load("keys.json", as: KeyVectors.self)
    }

    /// Every key that all stores must keep.
    var legal: [String] { mustRoundtrip + slashForms + dotForms + control }
}

/// The bytes of texts; `[String] ==` would merge two spellings of one letter.
func utf8(_ texts: some Sequence<String>) -> [[UInt8]] {
    texts.map { Array($0.utf8) }
}
