import BlobStorage

/// Many blobs, several at once.
struct SmallBlobs {
    private let count: Int
    private let byteCount: Int
    private let atOnce: Int

    init(_ arguments: Arguments) throws {
        count = try arguments.number("count")
        byteCount = try arguments.number("bytes")
        atOnce = try arguments.number("at-once")
    }

    /// The key of a blob; the peers and the driver name them alike.
    private static func key(_ index: Int) throws -> BlobKey {
        try BlobKey("d\(index % 100)/f\(index)")
    }

    func put(to store: any BlobStore) async throws -> Int64 {
        let bytes = [UInt8](repeating: 0x78, count: byteCount)
        return try await each { index in
            try await store.put(try Self.key(index), bytes).byteCount
        }
    }

    func get(from store: any BlobStore) async throws -> Int64 {
        try await each { index in
            let blob = try await store.get(try Self.key(index))
            return Int64(try await blob.body.collect(upTo: byteCount).count)
        }
    }

    /// Calls `body` for every blob, on as many tasks as may be at work at once.
    private func each(
        _ body: @escaping @Sendable (Int) async throws -> Int64
    ) async throws -> Int64 {
        try await withThrowingTaskGroup(of: Int64.self) { group in
            for first in 0..<atOnce {
                group.addTask { [count, atOnce] in
                    var sum: Int64 = 0
                    for index in stride(from: first, to: count, by: atOnce) {
                        sum += try await body(index)
                    }
                    return sum
                }
            }
            return try await group.reduce(0, +)
        }
    }
}
