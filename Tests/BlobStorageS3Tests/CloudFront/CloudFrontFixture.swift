import BlobStorageS3
import Foundation

/// The vectors of CloudFront's signatures.
struct CloudFrontFixture: Decodable {
    let keyPairID: String
    let cases: [Case]

    struct Case: Decodable, Sendable {
        let kind: String
        let url: String
        let resource: String?
        let range: String?
        let start: Double?
        let expires: Double?
        let end: Double?
        let policy: String
        let signedURL: String

        enum CodingKeys: String, CodingKey {
            case kind
            case url
            case resource
            case range = "ip_address"
            case start = "date_greater_than"
            case expires = "expires_epoch"
            case end = "date_less_than"
            case policy = "policy_signed"
            case signedURL = "signed_url"
        }

        /// When the permission ends.
        var expiresAt: Date { Date(timeIntervalSince1970: end ?? expires ?? 0) }

        /// The policy of a case that has one of its own.
        var custom: CloudFrontPolicy? {
            resource.map { resource in
                CloudFrontPolicy(
                    resource: resource,
                    expiresAt: expiresAt,
                    notBefore: start.map { Date(timeIntervalSince1970: $0) },
                    ipRange: range
                )
            }
        }
    }

    enum CodingKeys: String, CodingKey {
        case keyPairID = "key_pair_id"
        case cases
    }

    /// The same policies, signed with SHA-256.
    struct SHA256: Decodable {
        let cases: [Case]

        struct Case: Decodable {
            let policy: String
            let signature: String

            enum CodingKeys: String, CodingKey {
                case policy = "policy_signed"
                case signature
            }
        }

        static func load() throws -> SHA256 {
            try Vectors.decode(SHA256.self, "cloudfront/sha256.json")
        }
    }

    static func load() throws -> CloudFrontFixture {
        try Vectors.decode(CloudFrontFixture.self, "cloudfront/cloudfront.json")
    }

    static func key() throws -> String {
        String(decoding: try Vectors.data("cloudfront/test-key.pem"), as: UTF8.self)
    }

    static func signer(_ hash: CloudFrontSigner.Hash = .sha1) throws -> CloudFrontSigner {
        try CloudFrontSigner(keyPairID: load().keyPairID, privateKey: key(), hash: hash)
    }

    /// The parameters of a URL, as they stand there.
    static func query(_ url: String) -> [String: String] {
        let query = url.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let fields = query.split(separator: "&").map { $0.split(separator: "=", maxSplits: 1) }
        return Dictionary(
            fields.map { (String($0[0]), String($0.dropFirst().first ?? "")) }
        ) { first, _ in first }
    }
}
