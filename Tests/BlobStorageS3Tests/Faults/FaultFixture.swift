import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTransportTestSupport
import Foundation

/// A store on a ``FakeS3``, with what lies between them and their clock.
struct FaultFixture {
    /// Parts are small, so that uploads of many parts cost little.
    static let partByteCount = 1 << 10

    let time: VirtualTime
    let server: FakeS3
    let transport: FaultyTransport
    let store: S3Store

    init(
        time: VirtualTime = VirtualTime(),
        timeout: Duration? = nil,
        maximumCopyByteCount: Int = 5 << 30,
        _ adjust: (inout S3Configuration) -> Void = { _ in },
        faults: @escaping @Sendable (FaultyTransport.Attempt) -> Fault? = { _ in nil }
    ) throws {
        self.time = time
        server = FakeS3(time: time, maximumCopyByteCount: maximumCopyByteCount)
        transport = FaultyTransport(server, faults)
        var configuration = Self.configuration
        configuration.operationTimeout = timeout
        adjust(&configuration)
        store = try S3Store(
            configuration,
            credentials: RotatingCredentials(),
            transport: transport,
            time: time.source,
            random: { 0.5 }
        )
    }

    /// The bucket of the fake server, by way of a vendor whose parts may be small.
    static var configuration: S3Configuration {
        var vendor = S3Vendor.aws
        vendor.name = "fake"
        vendor.addressing = .path
        vendor.multipartLimits.minimumPartByteCount = 1
        vendor.canTag = false
        var configuration = S3Configuration(
            bucket: FakeS3.bucket,
            region: "us-east-1",
            endpoint: "https://s3.example.com",
            vendor: vendor
        )
        configuration.partByteCount = Int64(partByteCount)
        configuration.concurrency = 3
        return configuration
    }
}

/// Credentials that are replaced when the server refuses them.
struct RotatingCredentials: AWSCredentialsProvider, CredentialsInMemory {
    private let generation = Locked(0)

    var credentialsInMemory: AWSCredentials? { Self.make(generation.withLock { $0 }) }

    func credentials() async throws -> AWSCredentials { Self.make(generation.withLock { $0 }) }

    func invalidate(_ credentials: AWSCredentials) async {
        generation.withLock { generation in
            if credentials.accessKeyID == Self.make(generation).accessKeyID { generation += 1 }
        }
    }

    private static func make(_ generation: Int) -> AWSCredentials {
        // They say themselves that they are not good for long, as temporary ones do: the answer to
        // a HEAD doesn't say why it is refused.
        AWSCredentials(
            accessKeyID: "AKIDTEST\(generation)",
            secretAccessKey: "secret",
            sessionToken: "token",
            expiration: Date(timeIntervalSince1970: 1_700_000_000)
        )
    }
}

extension FaultFixture {
    /// A store on which a request, by its operation and number, goes wrong.
    init(
        timeout: Duration? = nil,
        maximumCopyByteCount: Int = 5 << 30,
        failing faults: [String: [Fault]],
        _ adjust: (inout S3Configuration) -> Void = { _ in }
    ) throws {
        try self.init(
            timeout: timeout,
            maximumCopyByteCount: maximumCopyByteCount,
            adjust,
            faults: { attempt in
                let list = faults[attempt.request.operation] ?? []
                return attempt.number <= list.count ? list[attempt.number - 1] : nil
            }
        )
    }

    /// Another store on the same server, with an eye on its requests before they arrive.
    static func store(
        _ fixture: FaultFixture,
        _ look: @escaping @Sendable (FakeRequest) -> Void
    ) throws -> S3Store {
        let transport = FaultyTransport(fixture.server) { attempt in
            look(attempt.request)
            return nil
        }
        return try S3Store(
            configuration,
            credentials: RotatingCredentials(),
            transport: transport,
            time: fixture.time.source,
            random: { 0.5 }
        )
    }
}

extension FakeS3 {
    /// Puts an object as if somebody else had.
    func put(_ key: String, _ text: String) {
        put(key, Array(text.utf8))
    }

    /// Puts an object as if somebody else had.
    func put(_ key: String, _ bytes: [UInt8]) {
        let object = Object(
            bytes: bytes,
            etag: Self.etag(bytes),
            lastModified: now,
            headers: ["content-type": "text/plain"],
            checksum: Checksum.of(bytes, .crc64NVME)
        )
        state.withLock { $0.objects[Array(key.utf8)] = object }
    }

    /// The bytes of an object, as text; `nil` if it isn't there.
    func text(_ key: String) -> String? {
        state.withLock { $0.objects[Array(key.utf8)] }
            .map { String(decoding: $0.bytes, as: UTF8.self) }
    }

    /// How many uploads were begun and neither completed nor aborted.
    var uploadCount: Int { state.withLock { $0.uploads.count } }
}
