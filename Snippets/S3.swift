// A store on S3: opened, used and looked after. Requests are sent only if there is a test server.
import BlobStorage
import BlobStorageDisk
import BlobStorageS3
import Foundation

// snippet.hide
let environment = ProcessInfo.processInfo.environment

func openOnAWS() throws -> any BlobStore {
    // snippet.show
    let store = try S3Store(S3Configuration(bucket: "reports", region: "eu-central-1"))
    // snippet.hide
    return store
}

func openElsewhere() throws -> [S3Store] {
    // snippet.show
    // Cloudflare R2; the profile follows from the endpoint's host.
    let r2 = try S3Store(
        S3Configuration(
            bucket: "reports",
            endpoint: "https://0123456789abcdef.r2.cloudflarestorage.com"
        )
    )

    // A server of one's own: nobody can tell by its name what it is.
    var configuration = S3Configuration(
        bucket: "reports",
        endpoint: "https://s3.example.com:9000",
        vendor: .ceph
    )
    configuration.certificateFile = "/etc/ssl/our-authority.pem"
    let ceph = try S3Store(configuration)
    // snippet.hide
    return [r2, ceph]
}

// snippet.show
// Which store it is stands in a variable, such as BLOB_STORE=s3://reports/2026?region=eu-central-1
let address = ProcessInfo.processInfo.environment["BLOB_STORE"] ?? "file:files"
let files = try await StoreURL(address).open(with: [.file, .memory, .s3])

// snippet.hide
func openWithCredentials(_ vault: any AWSCredentialsProvider) throws -> [S3Store] {
    // snippet.show
    // Whatever the default chain finds: the usual case.
    var configuration = S3Configuration(bucket: "reports", region: "eu-central-1")

    // One profile of ~/.aws/config and ~/.aws/credentials.
    configuration.credentials = ProfileCredentials(profile: "reports")

    // A role, asked for with what the default chain finds.
    configuration.credentials = AssumedRoleCredentials(
        role: "arn:aws:iam::123456789012:role/reports",
        source: DefaultCredentialsChain()
    )

    // A provider of one's own.
    configuration.credentials = vault
    // snippet.hide
    return [try S3Store(configuration)]
}

// snippet.show
// Asks the application's own vault, and asks again when the store says that a key has expired.
actor VaultCredentials: AWSCredentialsProvider {
    private let fetch: @Sendable () async throws -> AWSCredentials
    private var current: AWSCredentials?

    init(fetch: @escaping @Sendable () async throws -> AWSCredentials) {
        self.fetch = fetch
    }

    func credentials() async throws -> AWSCredentials {
        if let current { return current }
        let fetched = try await fetch()
        current = fetched
        return fetched
    }

    func invalidate(_ credentials: AWSCredentials) {
        if current == credentials { current = nil }
    }
}

// snippet.hide
func openTuned() throws -> S3Store {
    // snippet.show
    var configuration = S3Configuration(bucket: "videos", region: "eu-central-1")
    configuration.partByteCount = 32 << 20  // 32 MiB a part,
    configuration.concurrency = 4  // four of them under way: 128 MiB at most.
    configuration.readsInParallel = true  // Reads go by ranges of 32 MiB, four at once.
    configuration.maximumAttempts = 5
    configuration.operationTimeout = .seconds(60)
    configuration.storageClass = "STANDARD_IA"
    // snippet.hide
    return try S3Store(configuration)
}

func openEncrypted() throws -> [S3Store] {
    var stores: [S3Store] = []
    // snippet.show
    var configuration = S3Configuration(bucket: "secrets", region: "eu-central-1")

    // With keys of the store's own.
    configuration.encryption = .s3

    // With a key in AWS KMS; without an id, it is the account's own.
    configuration.encryption = .kms(keyID: "arn:aws:kms:eu-central-1:123456789012:key/1234abcd")

    // With a key that goes along with each request. Who loses it has lost the blobs.
    var random = SystemRandomNumberGenerator()
    let bytes = (0..<S3CustomerKey.byteCount).map { _ in UInt8.random(in: 0...255, using: &random) }
    configuration.encryption = .customerKey(try S3CustomerKey(bytes))
    // snippet.hide
    stores.append(try S3Store(configuration))
    return stores
}

func compareAndSwap(_ store: any BlobStore) async throws {
    // snippet.show
    do {
        // An id of one's own in the metadata tells this write from an equal one of somebody else.
        let id = UUID().uuidString
        let options = PutOptions(metadata: ["writer": id], condition: .ifAbsent)
        try await store.put("locks/import", "", options: options)
        print("we have the lock")
    } catch let error as BlobError where error.kind == .alreadyExists {
        print("somebody else has it")
    } catch let error as BlobError where error.kind == .outcomeUnknown {
        print("look who has it: \(error)")
    }
    // snippet.hide
}

func tag(_ store: S3Store) async throws {
    // snippet.show
    // Blobs that are written through this one have the tags from their first moment.
    let tagged = store.tagging(try BlobTags(["retention": "90-days"]))
    try await tagged.put("logs/today.txt", "…")

    try await store.setTags(try BlobTags(["retention": "10-years"]), of: "logs/today.txt")
    let tags = try await store.tags(of: "logs/today.txt")
    print(tags["retention"] ?? "none")
    try await store.deleteTags(of: "logs/today.txt")
    // snippet.hide
    precondition(tags["retention"] == "10-years")
}

func allowPages(_ store: S3Store) async throws {
    // snippet.show
    // A page of this origin may upload and download by presigned requests.
    try await store.setCORSRules([
        CORSRule(origins: ["https://app.example"], methods: ["GET", "HEAD", "PUT", "POST"])
    ])
    // snippet.hide
    let rules = try await store.corsRules()
    precondition(rules.map(\.origins) == [["https://app.example"]])
}

func versions(_ store: S3Store) async throws {
    // snippet.show
    var token: String?
    repeat {
        let page = try await store.listVersions(prefix: "logs/", continuationToken: token)
        for version in page.versions {
            print(version.key, version.id, version.content?.byteCount ?? 0, version.isLatest)
        }
        if let old = page.versions.first(where: { !$0.isLatest && $0.content != nil }) {
            let text = try await store.get(old.key, version: old.id).body.collect(upTo: 1 << 20)
            try await store.put(old.key, text)  // What was, is again.
            try await store.delete(old.key, version: old.id)  // For good.
        }
        token = page.continuationToken
    } while token != nil
    // snippet.hide
}

func diagnose(_ configuration: S3Configuration) async throws {
    // snippet.show
    let diagnosis = try await S3Store(configuration).doctor()
    print(diagnosis)  // A line a finding.

    // What works is claimed from here on, and nothing else.
    var corrected = configuration
    corrected.vendor = diagnosis.vendor
    let store = try S3Store(corrected)
    // snippet.hide
    precondition(store.capabilities == diagnosis.capabilities && !diagnosis.findings.isEmpty)
}

let aws = try openOnAWS()
precondition(aws.capabilities.features.contains(.putIfAbsent))
let elsewhere = try openElsewhere()
precondition(elsewhere.map(\.vendor.name) == ["cloudflareR2", "ceph"])
let vault = VaultCredentials { AWSCredentials(accessKeyID: "a", secretAccessKey: "b") }
let first = try await vault.credentials()
await vault.invalidate(first)
precondition(first.description == "AWSCredentials(a)")
_ = try openWithCredentials(vault)
_ = try (openTuned(), openEncrypted())

if let endpoint = environment["BLOB_STORAGE_TEST_CEPH_ENDPOINT"] {
    let configuration = S3Configuration(
        bucket: "snippet-\(UUID().uuidString.lowercased())",
        region: environment["BLOB_STORAGE_TEST_CEPH_REGION"],
        endpoint: endpoint,
        vendor: .ceph,
        credentials: StaticCredentials(
            AWSCredentials(
                accessKeyID: environment["BLOB_STORAGE_TEST_CEPH_ACCESS_KEY_ID"] ?? "",
                secretAccessKey: environment["BLOB_STORAGE_TEST_CEPH_SECRET_ACCESS_KEY"] ?? ""
            )
        )
    )
    let store = try S3Store(configuration)
    try await store.prepare()
    try await compareAndSwap(store)
    try await tag(store)
    try await allowPages(store)
    try await versions(store)
    try await diagnose(configuration)
}
