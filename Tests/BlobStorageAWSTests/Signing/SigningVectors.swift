import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

/// Loads the vectors of signing; each file names its source.
enum SigningVectors {
    static func folder() throws -> URL {
        let folder = try #require(Bundle.module.url(forResource: "Vectors", withExtension: nil))
        return folder.appending(path: "sigv4")
    }

    static func load<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let data = try Data(contentsOf: folder().appending(path: name))
        return try decoder.decode(type, from: data)
    }

    static func text(_ name: String) throws -> String {
        String(decoding: try Data(contentsOf: folder().appending(path: name)), as: UTF8.self)
    }

    static func date(_ text: String) throws -> Date {
        try #require(AWSDate.parse(text))
    }
}

/// What a signer showed of its work.
struct SigningStages {
    var canonicalRequest = ""
    var stringToSign = ""

    mutating func take(_ canonical: CanonicalRequest) {
        canonicalRequest = String(decoding: canonical.bytes, as: UTF8.self)
        stringToSign = String(decoding: canonical.stringToSign, as: UTF8.self)
    }
}

extension HTTPURL {
    /// Takes a URL apart without touching a byte of path and query.
    init(vector text: String) throws {
        let parts = text.split(separator: "://", maxSplits: 1)
        let rest = try #require(parts.last)
        let end = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        var host = String(rest[..<end])
        var port: Int?
        if let colon = host.lastIndex(of: ":"), let number = Int(host[host.index(after: colon)...])
        {
            port = number
            host = String(host[..<colon])
        }
        let target = rest[end...].split(
            separator: "?",
            maxSplits: 1,
            omittingEmptySubsequences: false
        )
        let path = target.first.map(String.init) ?? ""
        self.init(
            parts[0] == "http" ? .http : .https,
            host: host,
            port: port,
            path: path.isEmpty ? "/" : path,
            query: target.count > 1 ? String(target[1]) : nil
        )
    }

    /// The query without what presigning adds.
    var queryWithoutSignature: String? {
        let kept = (query ?? "").split(separator: "&").filter { !$0.hasPrefix("X-Amz-") }
        return kept.isEmpty ? nil : kept.joined(separator: "&")
    }
}

/// The headers of an answer that tell of the signature.
func signedHeaderNames(_ authorization: String) throws -> Set<String> {
    let part = try #require(authorization.split(separator: "SignedHeaders=").last)
    let names = try #require(part.split(separator: ",").first)
    return Set(names.split(separator: ";").map(String.init))
}
