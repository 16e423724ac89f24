import BenchSupport
import BlobStorage

/// One large blob.
struct Streams {
    private static let key: BlobKey = "large.bin"

    private let arguments: Arguments

    init(_ arguments: Arguments) {
        self.arguments = arguments
    }

    func run(_ store: any BlobStore) async throws -> Int64 {
        switch arguments.row {
        case "put-file":
            return try await store.put(Self.key, file: try arguments.text("source")).byteCount
        case "put-stream":
            let file = try await BlobBody.file(try arguments.text("source"))
            // A sequence of chunks, of which the store knows nothing, as a web server's upload is.
            let body = BlobBody(file.map { $0 }, byteCount: file.byteCount)
            return try await store.put(Self.key, body).byteCount
        case "put-pipe":
            return try await store.put(Self.key, .reading(fromDescriptor: 0)).byteCount
        case "get-stream":
            var count: Int64 = 0
            for try await chunk in try await store.get(Self.key).body {
                count += Int64(chunk.count)
            }
            return count
        case "get-file":
            return try await store.get(Self.key, toFile: try arguments.text("target")).byteCount
        case "get-pipe":
            return try await store.get(Self.key).body.write(toDescriptor: 1)
        default:
            throw Misuse("there is no row \"\(arguments.row)\"")
        }
    }
}
