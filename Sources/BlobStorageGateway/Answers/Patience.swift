internal import BlobStorage
internal import BlobStorageHandler

/// Keeps a client waiting whose answer takes long: a copy of many gibibytes, say.
///
/// Clients and proxies take a minute of silence for the end. As S3 does, it begins to answer then with
/// `200`, sends blanks while the work goes on, and the document behind them: the result, or an error.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
struct Patience: Sendable {
    /// How long the work may take before the answer begins, and how much time is between blanks: half
    /// of what the least patient client waits, and longer than most work takes, which then has its own
    /// status.
    var interval = Duration.seconds(10)
    /// Makes the document of a failure.
    let failure: @Sendable (any Error) -> HTTPServerResponse

    /// Does work whose answer is a document.
    ///
    /// - Parameters:
    ///   - endsWithClient: Whether the work is cancelled when the client goes away.
    ///   - work: The work; it reads nothing of the request.
    /// - Returns: The answer of the work, or one that is still to come.
    /// - Throws: What the work throws, if that is soon; `CancellationError`.
    func answer(
        endsWithClient: Bool,
        _ work: @escaping @Sendable () async throws -> HTTPServerResponse
    ) async throws -> HTTPServerResponse {
        let waiting = LateWork(interval, endsWithClient: endsWithClient, work)
        guard try await waiting.isDone() else {
            return HTTPServerResponse(
                status: 200,
                headers: ["Content-Type": "application/xml"],
                body: BlobBody(LateDocument(work: waiting, failure: failure))
            )
        }
        return try waiting.result()
    }
}

/// Work that somebody waits for, and hears of from time to time.
private final class LateWork: Sendable {
    private enum News {
        case goesOn
        case isDone
    }

    private let endsWithClient: Bool
    private let outcome = Locked<Result<HTTPServerResponse, any Error>?>(nil)
    private let news: AsyncStream<News>
    private let task: Task<Void, Never>

    init(
        _ interval: Duration,
        endsWithClient: Bool,
        _ work: @escaping @Sendable () async throws -> HTTPServerResponse
    ) {
        self.endsWithClient = endsWithClient
        let (news, teller) = AsyncStream<News>.makeStream()
        self.news = news
        let outcome = outcome
        let ticker = Task {
            while true {
                do { try await Task.sleep(for: interval) } catch { return }
                teller.yield(.goesOn)
            }
        }
        task = Task {
            let result: Result<HTTPServerResponse, any Error>
            do { result = .success(try await work()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            ticker.cancel()
            teller.yield(.isDone)
            teller.finish()
        }
    }

    /// Waits until the work is done, or for a while.
    ///
    /// - Throws: `CancellationError`.
    func isDone() async throws -> Bool {
        var iterator = news.makeAsyncIterator()
        switch await iterator.next() {
        case .isDone: return true
        case .goesOn: return outcome.withLock { $0 != nil }
        case nil:
            // The stream ends for a reader that is cancelled, too.
            guard outcome.withLock({ $0 }) == nil else { return true }
            if endsWithClient { task.cancel() }
            throw CancellationError()
        }
    }

    func result() throws -> HTTPServerResponse {
        guard let outcome = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try outcome.get()
    }
}

/// A document that is still made: its first line, blanks, and the rest.
private struct LateDocument: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let work: LateWork
    let failure: @Sendable (any Error) -> HTTPServerResponse

    struct Iterator: AsyncIteratorProtocol {
        private enum Stage {
            case declaration
            case blanks
            case end
        }

        private let document: LateDocument
        private var stage = Stage.declaration

        init(_ document: LateDocument) {
            self.document = document
        }

        mutating func next() async throws -> [UInt8]? {
            switch stage {
            case .declaration:
                stage = .blanks
                return HTTPServerResponse.xmlDeclaration
            case .blanks:
                guard try await document.work.isDone() else { return [UInt8(ascii: " ")] }
                stage = .end
                return rest
            case .end: return nil
            }
        }

        /// The document behind its first line, which was sent.
        private var rest: [UInt8] {
            let response: HTTPServerResponse
            do {
                response = try document.work.result()
            } catch {
                response = document.failure(error)
            }
            let bytes = response.body.bytesInMemory ?? []
            return Array(bytes.dropFirst(HTTPServerResponse.xmlDeclaration.count))
        }
    }

    func makeAsyncIterator() -> Iterator { Iterator(self) }
}
