import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import BlobStorageXML
import Foundation

/// A small S3 with one bucket, in memory; what it holds is the truth that tests compare with.
///
/// It judges conditions, ranges, checksums, parts and the time of signatures as S3's reference
/// tells, and is itself judged by the conformance kit.
final class FakeS3: Sendable {
    struct Object: Sendable, Equatable {
        var bytes: [UInt8]
        var etag: String
        var lastModified: Date
        /// What describes the content, and the user's own pairs.
        var headers: HTTPHeaders
        var checksum: Checksum
        var tags: [String: String] = [:]
    }

    struct Part: Sendable {
        var bytes: [UInt8]
        var etag: String
    }

    struct Upload: Sendable {
        let key: [UInt8]
        let headers: HTTPHeaders
        let algorithm: ChecksumAlgorithm
        let initiated: Date
        var parts: [Int: Part] = [:]
    }

    struct State: Sendable {
        var objects: [[UInt8]: Object] = [:]
        var uploads: [String: Upload] = [:]
        var uploadCount = 0
        /// The access keys that are not accepted any more.
        var expiredKeys: Set<String> = []
    }

    static let bucket = "bucket"
    /// S3 takes signatures whose time is this far from its own.
    private static let allowedSkew: TimeInterval = 15 * 60

    let state = Locked(State())
    let time: VirtualTime
    let minimumPartByteCount: Int
    /// The most bytes of one `CopyObject`.
    let maximumCopyByteCount: Int

    init(
        time: VirtualTime = VirtualTime(),
        minimumPartByteCount: Int = 1,
        maximumCopyByteCount: Int = 5 << 30
    ) {
        self.time = time
        self.minimumPartByteCount = minimumPartByteCount
        self.maximumCopyByteCount = maximumCopyByteCount
    }

    /// The time in whole seconds, as S3 keeps it.
    var now: Date { Date(timeIntervalSince1970: time.trueNow.timeIntervalSince1970.rounded(.down)) }

    /// Does what a request asks for.
    func answer(_ http: HTTPRequest, body: [UInt8]) -> FakeAnswer {
        var answer: FakeAnswer
        do {
            let request = try FakeRequest(http, body: body)
            try checkSigner(request)
            answer = try state.withLock { try route(request, &$0) }
        } catch let error as FakeError {
            answer = .error(error.status, error.code, error.message)
            if error.status == 304 { answer.body = [] }
        } catch {
            answer = .error(400, "MalformedXML", "\(error)")
        }
        answer.headers["Date"] = HTTPDate.text(time.trueNow)
        answer.headers["x-amz-request-id"] = "fake"
        if answer.status != 204, answer.status != 304, answer.headers["Content-Length"] == nil {
            answer.headers["Content-Length"] = String(answer.body.count)
        }
        if http.method == .head { answer.body = [] }
        return answer
    }

    private func checkSigner(_ request: FakeRequest) throws {
        guard let text = request.headers["x-amz-date"], let date = AWSDate.parse(text),
            let signature = request.headers["Authorization"]
        else { throw FakeError(403, "AccessDenied") }
        guard abs(date.timeIntervalSince(time.trueNow)) <= Self.allowedSkew else {
            throw FakeError(403, "RequestTimeTooSkewed")
        }
        let key = Self.accessKey(of: signature)
        guard !state.withLock({ $0.expiredKeys.contains(key) }) else {
            throw FakeError(400, "ExpiredToken")
        }
    }

    static func accessKey(of signature: String) -> String {
        guard let start = signature.firstRange(of: "Credential=") else { return "" }
        return String(signature[start.upperBound...].prefix { $0 != "/" })
    }

    private func route(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        guard request.bucket == Self.bucket else { throw FakeError(404, "NoSuchBucket") }
        switch request.operation {
        case "HeadBucket": return FakeAnswer(status: 200)
        case "CreateBucket": throw FakeError(409, "BucketAlreadyOwnedByYou")
        case "PutObject": return try put(request, &state)
        case "GetObject", "HeadObject": return try get(request, state)
        case "GetObjectTagging": return try tagging(request, state)
        case "DeleteObject": return try delete(request, &state)
        case "DeleteObjects": return try deleteMany(request, &state)
        case "CopyObject": return try copy(request, &state)
        case "ListObjectsV2": return list(request, state)
        case "CreateMultipartUpload": return createUpload(request, &state)
        case "UploadPart": return try putPart(request, &state)
        case "UploadPartCopy": return try copyPart(request, &state)
        case "CompleteMultipartUpload": return try complete(request, &state)
        case "AbortMultipartUpload":
            _ = try upload(of: request, state)
            state.uploads[request.query["uploadId"] ?? ""] = nil
            return FakeAnswer(status: 204)
        case "ListParts": return try listParts(request, state)
        case "ListMultipartUploads": return listUploads(request, state)
        default: throw FakeError(501, "NotImplemented")
        }
    }

    // MARK: Values

    static func etag(_ bytes: [UInt8], partCount: Int? = nil) -> String {
        let digest = (try? DigestAlgorithm.md5.digest(of: bytes)) ?? []
        return "\"\(Hex.text(digest))\(partCount.map { "-\($0)" } ?? "")\""
    }

    /// What of a request's headers is kept with the object.
    static func kept(_ request: FakeRequest) -> HTTPHeaders {
        let names: Set<String> = [
            "content-type", "content-encoding", "content-language", "content-disposition",
            "cache-control", "expires",
        ]
        return HTTPHeaders(
            request.headers.fields.compactMap { field in
                let name = field.name.lowercased()
                guard names.contains(name) || name.hasPrefix("x-amz-meta-") else { return nil }
                let value =
                    name == "content-encoding"
                    ? field.value.split(separator: ",").filter { $0 != "aws-chunked" }
                        .joined(separator: ",") : field.value
                return value.isEmpty ? nil : HTTPHeaders.Field(name, value)
            }
        )
    }

    static let algorithms: [(ChecksumAlgorithm, header: String, name: StaticString)] = [
        (.crc64NVME, "x-amz-checksum-crc64nvme", "ChecksumCRC64NVME"),
        (.crc32C, "x-amz-checksum-crc32c", "ChecksumCRC32C"),
        (.sha256, "x-amz-checksum-sha256", "ChecksumSHA256"),
        (.crc32, "x-amz-checksum-crc32", "ChecksumCRC32"),
        (.sha1, "x-amz-checksum-sha1", "ChecksumSHA1"),
    ]

    /// The checksum of a body, which must be the one that came with it.
    static func checksum(of bytes: [UInt8], _ request: FakeRequest) throws -> Checksum {
        for (algorithm, header, _) in algorithms {
            guard let text = request[header] else { continue }
            guard let sent = try? Checksum(algorithm, base64: text) else {
                throw FakeError(400, "InvalidRequest")
            }
            let found = Checksum.of(bytes, algorithm)
            guard found == sent else { throw FakeError(400, "BadDigest") }
            return found
        }
        return Checksum.of(bytes, .crc64NVME)
    }

    static func document(_ make: (inout XMLWriter) -> Void) -> FakeAnswer {
        var xml = XMLWriter()
        make(&xml)
        return FakeAnswer(
            status: 200,
            headers: ["Content-Type": "application/xml"],
            body: Array("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8) + xml.bytes
        )
    }
}
