import BenchSupport
import BlobStorage
import BlobStorageS3

/// Presigns URLs in one task, one after the other, through the public API.
@main
struct PresignBench {
    static func main() async throws {
        let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        try await Stopwatch.run { try await run(arguments) }
    }

    private static func run(_ arguments: Arguments) async throws -> Int64 {
        let count = try arguments.number("count")
        let presigner: any BlobPresigner = try S3Presigner(
            S3Configuration(
                bucket: "bench-bucket",
                region: "eu-west-1",
                credentials: StaticCredentials(
                    AWSCredentials(
                        accessKeyID: "AKIDEXAMPLE",
                        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
                    )
                )
            )
        )
        // Keys are made before, as they are for the peers.
        let keys = try (0..<1_000).map { try BlobKey("uploads/42/2026/photo-\($0).jpg") }
        var byteCount = 0
        switch arguments.row {
        case "get":
            for index in 0..<count {
                let key = keys[index % keys.count]
                let request = try await presigner.presign(.get, key, expiresIn: .seconds(900))
                byteCount += request.url.utf8.count
            }
        case "put-bound":
            let options = PresignOptions(
                headers: ContentHeaders(contentType: "image/jpeg"),
                byteCount: 123_456,
                condition: .ifAbsent
            )
            for index in 0..<count {
                let request = try await presigner.presign(
                    .put,
                    keys[index % keys.count],
                    expiresIn: .seconds(900),
                    options: options
                )
                byteCount += request.url.utf8.count
            }
        default: throw Misuse("the row is get or put-bound")
        }
        precondition(byteCount > 100 * count)
        return Int64(count)
    }
}
