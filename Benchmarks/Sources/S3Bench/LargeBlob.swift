import BenchSupport
import BlobStorage

/// One large blob, to or from memory: what is sent is made as it goes, what is read is counted.
struct LargeBlob {
    private let arguments: Arguments
    private let key: BlobKey

    /// How long the slow reader thinks about each chunk.
    private static let pause = Duration.milliseconds(2)

    init(_ arguments: Arguments) throws {
        self.arguments = arguments
        key = try BlobKey(try arguments.text("key"))
    }

    func run(_ store: any BlobStore) async throws -> Int64 {
        switch arguments.row {
        case "get-stream", "get-ranges": return try await get(store, pause: nil)
        case "get-slow": return try await get(store, pause: Self.pause)
        case "put-parts": return try await put(store, isLengthKnown: true)
        case "put-unknown": return try await put(store, isLengthKnown: false)
        case "put-stream":
            let options = PutOptions(checksum: .compute(.crc64NVME))
            return try await put(store, options, isLengthKnown: true)
        default: throw Misuse("there is no row \"\(arguments.row)\"")
        }
    }

    private func get(_ store: any BlobStore, pause: Duration?) async throws -> Int64 {
        var count: Int64 = 0
        for try await chunk in try await store.get(key).body {
            count += Int64(chunk.count)
            if let pause { try await Task.sleep(for: pause) }
        }
        return count
    }

    /// Writes as many bytes as `--bytes` says.
    ///
    /// A server that drops them has another blob of that key, whose size the store would tell.
    private func put(
        _ store: any BlobStore,
        _ options: PutOptions = PutOptions(),
        isLengthKnown: Bool
    ) async throws -> Int64 {
        let byteCount = Int64(try arguments.number("bytes"))
        let body = BlobBody(
            NewChunks(byteCount: byteCount),
            byteCount: isLengthKnown ? byteCount : nil
        )
        _ = try await store.put(key, body, options: options)
        return byteCount
    }
}

/// Chunks as an upload would bring them, each in memory of its own.
private struct NewChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let byteCount: Int64

    private static let chunkByteCount: Int64 = 1 << 20

    func makeAsyncIterator() -> Iterator {
        Iterator(left: byteCount)
    }

    struct Iterator: AsyncIteratorProtocol {
        var left: Int64

        mutating func next() async -> [UInt8]? {
            guard left > 0 else { return nil }
            let count = Swift.min(left, chunkByteCount)
            left -= count
            return [UInt8](repeating: 0x78, count: Int(count))
        }
    }
}
