import BenchSupport
import BlobStorage
import BlobStorageS3

/// Does the work of one row, once, with one store, and prints how long the work alone took.
///
/// Credentials and region are those of the environment.
@main
struct S3Bench {
    static func main() async throws {
        let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        try await Stopwatch.run { try await run(arguments) }
    }

    private static func run(_ arguments: Arguments) async throws -> Int64 {
        let store = try store(arguments)
        switch arguments.row {
        case "prepare":
            try await store.prepare()
            return 0
        case "fill": return try await fill(store, arguments)
        case "put-small": return try await SmallBlobs(arguments).put(to: store)
        case "get-small": return try await SmallBlobs(arguments).get(from: store)
        case "list":
            return try await Listing.count(store, prefix: try arguments.text("prefix"))
        default: return try await LargeBlob(arguments).run(store)
        }
    }

    /// Writes empty blobs until all are there or the time is up, and counts what is there.
    private static func fill(_ store: S3Store, _ arguments: Arguments) async throws -> Int64 {
        let limit = Duration.seconds(try arguments.number("seconds"))
        _ = try await SmallBlobs(arguments).put(to: store, limit: limit)
        return try await Listing.count(store, prefix: "")
    }

    /// Signed requests with the default checksum, CRC64NVME.
    private static func store(_ arguments: Arguments) throws -> S3Store {
        var vendor = S3Vendor.ceph
        // A checksum that can't be kept for parts makes a put of known length one request.
        if arguments.row == "put-stream" { vendor.multipartChecksums = [] }
        var configuration = S3Configuration(
            bucket: try arguments.text("bucket"),
            region: "us-east-1",
            endpoint: try arguments.text("endpoint"),
            vendor: vendor
        )
        if arguments.has("ca-file") {
            configuration.certificateFile = try arguments.text("ca-file")
        }
        configuration.readsInParallel = arguments.row == "get-ranges"
        return try S3Store(configuration)
    }
}
