import BlobStorage
import BlobStorageAWS
import BlobStorageGateway
import BlobStorageS3
import BlobStorageUploads
import Foundation
import Testing

/// A service over stores, the gateway by which its clients reach them, and a clock.
struct Bench: Sendable {
    static let owner = "user-42"
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 1, 2, 3, 4]
    /// What makes parts of a few bytes possible.
    static let tinyParts = MultipartLimits(
        minimumPartByteCount: 4,
        maximumPartByteCount: 1_000,
        maximumPartCount: 200
    )

    let clock: TestClock
    let store: any FullStore
    let records: any MetadataStore
    let gate = Gate()
    let client: TestClient
    /// The service that a test looks at; each of its calls passes the gate.
    let service: UploadService
    /// Another process on the same stores, without a gate.
    let rival: UploadService

    /// Sets everything up, in memory unless told otherwise.
    init(
        without missing: Set<Capabilities.Feature> = [],
        hasParts: Bool = true,
        capabilities: Capabilities? = nil,
        checksCopySources: Bool = true,
        store: (any FullStore)? = nil,
        records: any MetadataStore = InMemoryMetadataStore(),
        delivery: (any BlobDelivery)? = nil,
        policy adjust: (inout UploadPolicy) -> Void = { _ in }
    ) throws {
        let clock = TestClock()
        let base = store ?? InMemoryStore(multipartLimits: Self.tinyParts, now: { clock.now })
        let credentials = AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret")
        let configuration = S3Configuration(
            bucket: "bucket",
            region: "us-east-1",
            endpoint: "http://gateway.example:9000",
            vendor: .gateway,
            credentials: StaticCredentials(credentials)
        )
        let presigner = try S3Presigner(configuration, time: clock.source)
        let served = S3GatewayConfiguration(
            buckets: FixedBuckets(["bucket": base]),
            accessKeys: [GatewayAccessKey(credentials)]
        )
        var policy = UploadPolicy(multipartThreshold: 16, partByteCount: 8)
        adjust(&policy)
        let rivalGate = Gate()
        func service(_ gate: Gate) throws -> UploadService {
            let type = hasParts ? SteppedPartStore.self : SteppedStore.self
            return try UploadService(
                store: type.init(
                    base,
                    presigner: presigner,
                    gate: gate,
                    without: missing,
                    capabilities: capabilities,
                    checksCopySources: checksCopySources
                ),
                metadata: SteppedMetadata(base: records, gate: gate),
                policy: policy,
                delivery: delivery,
                now: { clock.now }
            )
        }
        self.clock = clock
        self.store = base
        self.records = records
        client = TestClient(gateway: S3Gateway(served, time: clock.source))
        self.service = try service(gate)
        rival = try service(rivalGate)
    }

    /// A request for an upload of these bytes.
    static func request(
        _ bytes: [UInt8] = png,
        type: String = "image/png",
        name: String? = "cat.png",
        checksum: Checksum? = nil
    ) -> UploadRequest {
        UploadRequest(
            fileName: name,
            contentType: type,
            byteCount: Int64(bytes.count),
            checksum: checksum
        )
    }

    /// Bytes of a PNG.
    static func png(_ byteCount: Int) -> [UInt8] {
        Array((png + (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 7) }).prefix(byteCount))
    }

    /// Uploads and confirms.
    @discardableResult
    func upload(_ bytes: [UInt8] = png, owner: String = owner) async throws -> DocumentRecord {
        let ticket = try await rival.reserve(Self.request(bytes), owner: owner)
        try await client.follow(ticket, bytes)
        return try await rival.confirm(ticket.id, owner: owner)
    }

    /// The keys of all blobs.
    var keys: [String] {
        get async throws {
            var keys: [String] = []
            for try await blob in store.list(prefix: "") { keys.append(blob.key.text) }
            return keys
        }
    }

    /// The uploads that were neither completed nor aborted.
    var multipartUploads: [MultipartUpload] {
        get async throws {
            try await store.listMultipartUploads(prefix: "", continuationToken: nil, limit: 1_000)
                .uploads.map(\.upload)
        }
    }

    /// All records.
    var documents: [DocumentRecord] {
        get async throws { try await records.query(DocumentQuery(limit: 1_000)).records }
    }

    /// Fails unless each confirmed record has its blob, with size and etag.
    func expectConfirmedBlobs(_ comment: Comment? = nil) async throws {
        for record in try await documents where record.state == .confirmed {
            let found = try? await store.head(record.key)
            #expect(found?.etag == record.etag, comment)
            #expect(found?.byteCount == record.byteCount, comment)
            #expect(record.expires == nil, comment)
        }
    }

    /// Lets all reservations and deletions run out, sweeps once, and fails if anything but confirmed
    /// documents is left, or if a dry run had told of anything else.
    func expectNothingButConfirmed(_ comment: Comment? = nil) async throws {
        try await expectConfirmedBlobs(comment)
        clock.advance(seconds: 200_000)
        let promised = try await rival.sweep(SweepOptions(isDryRun: true))
        let report = try await rival.sweep()
        #expect(report.failureCount == 0, comment)
        #expect(Set(report.removals) == Set(promised.removals), comment)
        let left = try await documents
        #expect(left.allSatisfy { $0.state == .confirmed }, comment)
        #expect(try await keys == left.map(\.key.text).sorted(), comment)
        #expect(try await multipartUploads.isEmpty, comment)
        try await expectConfirmedBlobs(comment)
    }
}

/// Runs something that must be refused by the service.
@discardableResult
func refusal(
    _ reason: UploadError.Reason,
    _ comment: Comment? = nil,
    sourceLocation: SourceLocation = #_sourceLocation,
    _ work: () async throws -> Void
) async throws -> UploadError {
    let error = try await #require(
        throws: UploadError.self,
        comment,
        sourceLocation: sourceLocation
    ) { try await work() }
    #expect(error.reason == reason, comment, sourceLocation: sourceLocation)
    return error
}
