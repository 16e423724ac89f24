import BlobStorage
import BlobStorageTestKit

/// Counts the chunks that are alive between a store that makes up large blobs and one that drops them.
final class ChunksAlive: Sendable {
    static let chunkCount = 64
    static let chunkByteCount = 64 << 10
    static let blobByteCount = Int64(chunkCount * chunkByteCount)

    private let counts = Locked((now: 0, most: 0))

    /// The most that were alive at a time.
    var most: Int { counts.withLock { $0.most } }

    /// The store's blobs, each with a large body that is made as it is read.
    func source(_ store: InMemoryStore) -> InterceptedStore {
        var source = InterceptedStore(store)
        source.onGet = { [counts] base, key, _ in
            var attributes = try await base.head(key)
            attributes.byteCount = Self.blobByteCount
            let chunks = MadeChunks { number in
                guard number < Self.chunkCount else { return nil }
                counts.withLock { counts in
                    counts.now += 1
                    counts.most = max(counts.most, counts.now)
                }
                return [UInt8](repeating: UInt8(number), count: Self.chunkByteCount)
            }
            return Blob(
                attributes: attributes,
                range: 0..<attributes.byteCount,
                body: BlobBody(chunks, byteCount: attributes.byteCount)
            )
        }
        return source
    }

    /// A store that takes all bytes and keeps none; it answers with the attributes of the original.
    func sink(_ store: InMemoryStore, originals: InMemoryStore) -> InterceptedStore {
        var sink = InterceptedStore(store)
        sink.onPut = { [counts] _, key, body, _ in
            var attributes = try await originals.head(key)
            attributes.byteCount = 0
            for try await chunk in body {
                attributes.byteCount += Int64(chunk.count)
                await Task.yield()
                counts.withLock { $0.now -= 1 }
            }
            // Those of a store that keeps no checksum.
            attributes.checksum = nil
            return attributes
        }
        return sink
    }
}
