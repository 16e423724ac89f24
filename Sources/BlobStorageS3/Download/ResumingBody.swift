internal import BlobStorage
internal import BlobStorageHTTP

/// The bytes of a download that goes on where a broken transfer ended.
struct ResumingBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    /// The most transfers in a row that break before they brought ``progressByteCount``.
    static let maximumBreaks = 4
    /// Bytes after which a transfer counts as one that gets on.
    static let progressByteCount: Int64 = 1 << 20

    /// The body of the first answer.
    let first: BlobBody
    /// The offsets in the blob that the whole body has.
    let range: Range<Int64>
    /// Asks for the rest from an offset on, of the same version.
    ///
    /// The second argument counts the transfers in a row that broke, from 1.
    let resume: @Sendable (_ offset: Int64, _ breaks: Int) async throws -> BlobBody
    /// Makes the error that the reader sees of one of the transport.
    let failure: @Sendable (HTTPError) -> any Error

    func makeAsyncIterator() -> Iterator {
        Iterator(self)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let body: ResumingBody
        private var current: BlobBody.AsyncIterator
        private var position: Int64
        private var breaks = 0
        private var begun: Int64

        init(_ body: ResumingBody) {
            self.body = body
            current = body.first.makeAsyncIterator()
            position = body.range.lowerBound
            begun = position
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            while true {
                do {
                    return try await chunk(isolation: actor)
                } catch let error as HTTPError {
                    try Task.checkCancellation()
                    guard [.connectionLost, .timedOut].contains(error.kind) else {
                        throw body.failure(error)
                    }
                    // What broke had brought the last byte: there is no rest to ask for.
                    if position == body.range.upperBound { return nil }
                    if position - begun >= ResumingBody.progressByteCount { breaks = 0 }
                    breaks += 1
                    guard breaks <= ResumingBody.maximumBreaks else { throw body.failure(error) }
                    begun = position
                    current = try await body.resume(position, breaks).makeAsyncIterator()
                }
            }
        }

        private mutating func chunk(isolation actor: isolated (any Actor)?) async throws -> [UInt8]?
        {
            guard let chunk = try await current.next(isolation: actor) else {
                // A sequence may end early, without an error, when its reader is cancelled.
                try Task.checkCancellation()
                guard position == body.range.upperBound else {
                    let message = "the body ended at byte \(position) of \(body.range.upperBound)"
                    throw HTTPError(.connectionLost, message, mayHaveArrived: true)
                }
                return nil
            }
            position += Int64(chunk.count)
            guard position <= body.range.upperBound else {
                throw HTTPError(
                    .badAnswer,
                    "the body has more than the \(body.range.count) bytes that were declared",
                    mayHaveArrived: true
                )
            }
            return chunk
        }
    }
}
