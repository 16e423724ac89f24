internal import BlobStorage
internal import BlobStorageHandler

/// What the program's log is told.
extension S3GatewayConfiguration {
    /// What a client is told of a failure; the log is told what is behind it.
    func answer(
        to failure: GatewayError,
        method: String,
        resource: String,
        _ id: RequestID
    ) -> HTTPServerResponse {
        report(failure, of: id)
        return .failure(failure, method: method, resource: resource, id: id.text)
    }

    /// Tells what is behind a failure of which the client learns nothing.
    func report(_ failure: GatewayError, of id: RequestID) {
        guard failure.isFault else { return }
        report(cause: failure.cause ?? failure, of: id)
    }

    /// Tells what went wrong, unless nobody waits for the answer any more.
    func report(cause: any Error, of id: RequestID) {
        guard !(cause is CancellationError), !Task.isCancelled else { return }
        onFailure?(id.text, cause)
    }

    /// The same body, which tells of a failure that comes when the answer has begun.
    func reporting(_ body: BlobBody, of id: RequestID) -> BlobBody {
        // What is in memory does not fail, and a server has files sent by the kernel.
        guard onFailure != nil, body.bytesInMemory == nil, body.fileRange == nil else {
            return body
        }
        let chunks = ReportedChunks(base: body) { report(cause: $0, of: id) }
        return BlobBody(chunks, byteCount: body.byteCount, isReplayable: body.isReplayable)
    }
}

/// The chunks of a body, whose failure is told.
private struct ReportedChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let base: BlobBody
    let report: @Sendable (any Error) -> Void

    struct Iterator: AsyncIteratorProtocol {
        private var base: BlobBody.AsyncIterator
        private let report: @Sendable (any Error) -> Void

        init(_ chunks: ReportedChunks) {
            base = chunks.base.makeAsyncIterator()
            report = chunks.report
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            do {
                return try await base.next(isolation: actor)
            } catch {
                report(error)
                throw error
            }
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(self) }
}
