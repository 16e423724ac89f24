package import BlobStorage

/// Many blobs, several at once.
package struct SmallBlobs: Sendable {
    private let count: Int
    private let byteCount: Int
    private let atOnce: Int
    /// The one blob to read again and again; `nil` if each has a key of its own.
    private let onlyKey: BlobKey?

    package init(_ arguments: Arguments) throws {
        count = try arguments.number("count")
        byteCount = try arguments.number("bytes")
        atOnce = try arguments.number("at-once")
        onlyKey = arguments.has("key") ? try BlobKey(try arguments.text("key")) : nil
    }

    /// The key of a blob; the peers and the driver name them alike.
    private static func key(_ index: Int) throws -> BlobKey {
        try BlobKey("d\(index % 100)/f\(index)")
    }

    /// Writes them; after `limit` no further one is begun.
    ///
    /// - Returns: The bytes written.
    package func put(to store: any BlobStore, limit: Duration? = nil) async throws -> Int64 {
        let bytes = [UInt8](repeating: 0x78, count: byteCount)
        return try await each(limit: limit) { index in
            try await store.put(try Self.key(index), bytes).byteCount
        }
    }

    /// Reads them.
    ///
    /// - Returns: The bytes read.
    package func get(from store: any BlobStore) async throws -> Int64 {
        try await each { index in
            let blob = try await store.get(try onlyKey ?? Self.key(index))
            return Int64(try await blob.body.collect(upTo: byteCount).count)
        }
    }

    /// Calls `body` for every blob, on as many tasks as may be at work at once.
    private func each(
        limit: Duration? = nil,
        _ body: @escaping @Sendable (Int) async throws -> Int64
    ) async throws -> Int64 {
        let end = limit.map { ContinuousClock.now + $0 }
        return try await withThrowingTaskGroup(of: Int64.self) { group in
            for first in 0..<atOnce {
                group.addTask { [count, atOnce] in
                    var sum: Int64 = 0
                    for index in stride(from: first, to: count, by: atOnce) {
                        if let end, ContinuousClock.now > end { break }
                        sum += try await body(index)
                    }
                    return sum
                }
            }
            return try await group.reduce(0, +)
        }
    }
}
