internal import BlobStorage

/// A body that can be read only once, with an eye on whether that has begun.
///
/// As long as nobody asked it for a chunk, another attempt may send it.
final class OnceOnlyBody: Sendable {
    private let base: BlobBody
    private let wasBegun = Locked(false)

    init(_ base: BlobBody) {
        self.base = base
    }

    /// Whether a chunk was asked for.
    var isBegun: Bool { wasBegun.withLock { $0 } }

    /// The body to send; each attempt gets one of its own.
    var body: BlobBody {
        BlobBody(Chunks(owner: self), byteCount: base.byteCount)
    }

    private struct Chunks: AsyncSequence, Sendable {
        typealias Element = [UInt8]

        let owner: OnceOnlyBody

        func makeAsyncIterator() -> Iterator { Iterator(owner: owner) }

        struct Iterator: AsyncIteratorProtocol {
            let owner: OnceOnlyBody
            // Made with the first chunk: to make it already counts as reading.
            var base: BlobBody.AsyncIterator?

            mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws -> [UInt8]? {
                var iterator = base ?? owner.begin()
                defer { base = iterator }
                return try await iterator.next(isolation: actor)
            }

            mutating func next() async throws -> [UInt8]? {
                try await next(isolation: nil)
            }
        }
    }

    private func begin() -> BlobBody.AsyncIterator {
        wasBegun.withLock { $0 = true }
        return base.makeAsyncIterator()
    }
}
