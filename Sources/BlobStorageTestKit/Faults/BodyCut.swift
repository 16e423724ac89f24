import BlobStorage

/// A place in a body where it throws.
struct BodyCut: Sendable {
    var byteCount: Int64
    var error: any Error
}

extension BodyCut? {
    /// A body that throws at the place; the same body if there is none.
    func applied(to body: BlobBody) -> BlobBody {
        guard let self else { return body }
        return BlobBody(
            CutChunks(base: body, cut: self),
            byteCount: body.byteCount,
            isReplayable: body.isReplayable
        )
    }
}

/// The chunks of a body up to a place where it throws.
///
/// A body that ends before the place throws at its end.
private struct CutChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let base: BlobBody
    let cut: BodyCut

    struct AsyncIterator: AsyncIteratorProtocol {
        private var base: BlobBody.AsyncIterator
        private var rest: Int64
        private let error: any Error

        init(_ chunks: CutChunks) {
            base = chunks.base.makeAsyncIterator()
            rest = chunks.cut.byteCount
            error = chunks.cut.error
        }

        mutating func next() async throws -> [UInt8]? {
            guard rest > 0, let chunk = try await base.next() else { throw error }
            defer { rest -= Int64(chunk.count) }
            return chunk.count <= rest ? chunk : Array(chunk.prefix(Int(rest)))
        }
    }

    func makeAsyncIterator() -> AsyncIterator {
        AsyncIterator(self)
    }
}
