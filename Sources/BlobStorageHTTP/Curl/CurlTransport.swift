import BlobStorage

/// Sends requests with libcurl.
///
/// libcurl runs on a thread of its own, which begins with the first request and ends when the
/// transport is closed or nobody holds it any more, after the last transfer.
package final class CurlTransport: HTTPTransport {
    private let options: HTTPTransportOptions
    private let mailboxes: [LoopMailbox]
    private let nextMailbox = Locked(0)

    /// Creates a transport; nothing is opened until the first request.
    package init(_ options: HTTPTransportOptions = HTTPTransportOptions()) {
        self.options = options
        mailboxes = (0..<max(1, options.threadCount)).map { _ in LoopMailbox(options) }
    }

    deinit {
        close()
    }

    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try request.check()
        try Task.checkCancellation()
        let mailbox = chooseMailbox()
        let exchange = Exchange(request, options: options, mailbox: mailbox)
        try mailbox.start(exchange)
        guard let body = request.body, exchange.isFed else {
            await exchange.waitForHead()
            return try exchange.response()
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await exchange.feed(body) }
            await exchange.waitForHead()
            // The source of the body may be waiting for something that nobody needs any more.
            if exchange.isUploadStopped { group.cancelAll() }
            await group.waitForAll()
        }
        return try exchange.response()
    }

    private func chooseMailbox() -> LoopMailbox {
        guard mailboxes.count > 1 else { return mailboxes[0] }
        let index = nextMailbox.withLock { index in
            index = (index + 1) % mailboxes.count
            return index
        }
        return mailboxes[index]
    }

    /// Lets the transfers that are under way go on to their end; new ones fail.
    ///
    /// The idle connections are closed with the last transfer, or at once if there is none.
    package func close() {
        for mailbox in mailboxes { mailbox.close() }
    }
}
