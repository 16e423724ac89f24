internal import BlobStorage

/// A body without its frames, whose end is an error unless it is what the request said.
///
/// All is verified before the last bytes are handed on, so that not even a reader that stops at the
/// declared count keeps a wrong body.
struct VerifiedBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let source: BlobBody
    let byteCount: Int64?
    let decoder: ChunkedDecoder?
    let expectations: [BodyExpectation]
    let trailing: ChecksumAlgorithm?

    func makeAsyncIterator() -> Iterator {
        Iterator(self)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let body: VerifiedBody
        private var source: BlobBody.AsyncIterator
        private var decoder: ChunkedDecoder?
        private var verifier: BodyVerifier?
        private var isAtEnd = false

        init(_ body: VerifiedBody) {
            self.body = body
            source = body.source.makeAsyncIterator()
            decoder = body.decoder
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            guard !isAtEnd else { return nil }
            var verifier =
                try self.verifier
                ?? BodyVerifier(
                    byteCount: body.byteCount,
                    expectations: body.expectations,
                    trailing: body.trailing
                )
            while let data = try await decodedChunk(isolation: actor) {
                guard !data.isEmpty else { continue }
                try verifier.take(data)
                if verifier.isComplete {
                    try await readEnd(isolation: actor)
                    try finish(verifier)
                }
                self.verifier = verifier
                return data
            }
            try finish(verifier)
            return nil
        }

        private mutating func decodedChunk(
            isolation actor: isolated (any Actor)?
        ) async throws -> [UInt8]? {
            guard let chunk = try await source.next(isolation: actor) else {
                // A sequence may end early, without an error, when its reader is cancelled.
                try Task.checkCancellation()
                return nil
            }
            return try decoder?.decode(chunk) ?? chunk
        }

        /// Reads what comes after the last byte of data: trailers, or nothing.
        private mutating func readEnd(isolation actor: isolated (any Actor)?) async throws {
            while let data = try await decodedChunk(isolation: actor) {
                guard data.isEmpty else {
                    throw GatewayError(
                        400,
                        "IncompleteBody",
                        "The body has more bytes than its length says"
                    )
                }
            }
        }

        private mutating func finish(_ verifier: BodyVerifier) throws {
            isAtEnd = true
            try decoder?.finish()
            try verifier.finish(trailer: decoder?.trailer)
        }
    }
}
