import BlobStorage
import BlobStorageGateway
import BlobStorageHandler

/// Two buckets, and clients who may do some things with them.
struct RightsFixture {
    let store: any MultipartBlobStore
    let other = InMemoryStore()

    init(_ store: any MultipartBlobStore = InMemoryStore()) async throws {
        self.store = store
        for key in ["a/x", "b/x", "c", "\u{E9}/x", "e\u{301}/x"] as [BlobKey] {
            _ = try await store.put(key, BlobBody(Array("text".utf8)))
        }
        _ = try await other.put("o", BlobBody(Array("other".utf8)))
    }

    /// Somebody who has these rights and no others.
    func client(_ rights: GatewayRight...) -> RawClient {
        RawClient(buckets: FixedBuckets(["bucket": store, "other": other])) { configuration in
            configuration.anonymousRights = rights
        }
    }

    /// Whether a blob is there.
    func has(_ key: BlobKey) async throws -> Bool { try await store.exists(key) }
}

/// An operation, as a request.
struct Asked: CustomStringConvertible, Sendable {
    let method: String
    let target: String
    var headers = HTTPHeaders()
    var body = ""

    init(_ method: String, _ target: String, _ headers: HTTPHeaders = [:], _ body: String = "") {
        self.method = method
        self.target = target
        self.headers = headers
        self.body = body
    }

    var description: String { "\(method) \(target)" }

    func send(_ client: RawClient) async throws -> RawClient.Answer {
        try await client.send(method, target, headers, body)
    }

    /// Every operation on the object `a/x`, and on listings of `a/`, by the access that it needs.
    static let all: [GatewayRight.Access: [Asked]] = [
        .read: [
            Asked("GET", "/bucket/a/x"), Asked("HEAD", "/bucket/a/x"),
            Asked("GET", "/bucket/a/x?attributes", ["x-amz-object-attributes": "ETag"]),
            Asked("GET", "/bucket/a/x?acl"), Asked("GET", "/bucket/a/x?partNumber=1"),
        ],
        .list: [
            Asked("GET", "/bucket?list-type=2&prefix=a/"), Asked("GET", "/bucket?prefix=a/"),
            Asked("GET", "/bucket?prefix=a/x&delimiter=/"),
        ],
        .write: [
            Asked("PUT", "/bucket/a/x", [:], "new"), Asked("DELETE", "/bucket/a/x"),
            Asked("POST", "/bucket/a/x?uploads"), Asked("GET", "/bucket?uploads&prefix=a/"),
            Asked("PUT", "/bucket/a/x?partNumber=1&uploadId=u", [:], "part"),
            Asked("GET", "/bucket/a/x?uploadId=u"), Asked("DELETE", "/bucket/a/x?uploadId=u"),
            Asked(
                "POST",
                "/bucket/a/x?uploadId=u",
                [:],
                "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>e</ETag></Part>"
                    + "</CompleteMultipartUpload>"
            ),
        ],
    ]
}
