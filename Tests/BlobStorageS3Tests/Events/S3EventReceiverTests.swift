import BlobStorage
import BlobStorageHTTP
import BlobStorageHandler
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageS3

@Suite struct S3EventReceiverTests {
    private static let token = "correct-horse-battery-staple"
    private static let authorized: HTTPHeaders = ["Authorization": "Bearer \(token)"]
    private static let document = S3EventDocuments.records(S3EventDocuments.aws())

    let handled = Locked<[BlobEvent]>([])
    let transport = ScriptedTransport(then: .answer(200))

    private func processor(failing: Bool = false) -> BlobEventProcessor {
        let handled = handled
        return BlobEventProcessor(options: BlobEventOptions(maximumAttempts: 1)) { event in
            if failing {
                throw BlobError(.unavailable, operation: "test", message: "no")
            }
            handled.withLock { $0.append(event) }
        }
    }

    private func receiver(
        _ processor: BlobEventProcessor,
        _ options: S3EventReceiverOptions = S3EventReceiverOptions()
    ) throws -> S3EventReceiver {
        try S3EventReceiver(
            token: Self.token,
            options: options,
            processor: processor,
            transport: transport
        )
    }

    /// Sends one request to a receiver whose processor runs.
    private func answer(
        _ body: String = document,
        method: String = "POST",
        target: String = "/events",
        headers: HTTPHeaders = authorized,
        options: S3EventReceiverOptions = S3EventReceiverOptions(),
        failing: Bool = false
    ) async throws -> HTTPServerResponse {
        let processor = processor(failing: failing)
        let receiver = try receiver(processor, options)
        let run = Task { await processor.run() }
        let answer = await receiver.respond(
            to: HTTPServerRequest(
                method: method,
                target: target,
                headers: headers,
                body: BlobBody(Array(body.utf8))
            )
        )
        await processor.drain()
        _ = await run.value
        return answer
    }

    private func text(_ answer: HTTPServerResponse) async throws -> String {
        String(decoding: try await answer.body.collect(upTo: 1_000), as: UTF8.self)
    }

    // MARK: The token

    private static let basic = Data("user:\(token)".utf8).base64EncodedString()

    @Test(
        "where the token may be",
        arguments: [
            ("Bearer \(token)", "/"), ("bearer  \(token)", "/"), ("Basic \(basic)", "/e"),
            ("BASIC \(basic)", "/"), ("", "/events?token=\(token)"), ("", "/?a=b&token=\(token)&c"),
            ("Bearer \(token)", "/?token=\(token)"), ("", "/?token=correct%2Dhorse-battery-staple"),
        ]
    )
    func rightTokens(_ header: String, _ target: String) async throws {
        let headers: HTTPHeaders = header.isEmpty ? [:] : ["Authorization": header]
        #expect(try await answer(target: target, headers: headers).status == 200)
        #expect(handled.withLock { $0.count } == 1)
    }

    @Test(
        "tokens that do not do",
        arguments: [
            ("", "/"), ("Bearer", "/"), ("Bearer ", "/"), ("Bearer \(token)x", "/"),
            ("Bearer x\(token)", "/"), ("Bearer \(token.dropLast())", "/"), (token, "/"),
            ("Digest \(token)", "/"), ("Basic \(token)", "/"), ("Basic %%%", "/"),
            ("Basic \(Data(token.utf8).base64EncodedString())", "/"),
            ("Basic \(Data("\(token):x".utf8).base64EncodedString())", "/"),
            ("", "/?token="), ("", "/?token=\(token)x"), ("", "/?Token=\(token)"),
            ("", "/?xtoken=\(token)"), ("", "/token=\(token)"), ("", "/?token=%"),
            // The right one beside a wrong one.
            ("Bearer \(token)", "/?token=x"), ("Bearer x", "/?token=\(token)"),
            ("", "/?token=\(token)&token=x"),
        ]
    )
    func wrongTokens(_ header: String, _ target: String) async throws {
        let headers: HTTPHeaders = header.isEmpty ? [:] : ["Authorization": header]
        let refusal = try await answer(target: target, headers: headers)
        #expect(refusal.status == 401)
        // SNS gives a password only when it is asked.
        #expect(refusal.headers["WWW-Authenticate"] == "Basic realm=\"events\"")
        #expect(handled.withLock { $0.isEmpty })
        #expect(try await !text(refusal).contains(Self.token))
    }

    @Test func twoHeadersMustBothBeRight() async throws {
        var headers = Self.authorized
        headers.append("authorization", "Bearer other")
        #expect(try await answer(headers: headers).status == 401)
    }

    @Test(
        "tokens that can't be",
        arguments: ["", "short", "with a blank in it", "ümläut-ümläut-ümläut"]
    )
    func illegalTokens(_ token: String) throws {
        let error = try #require(throws: BlobError.self) {
            try S3EventReceiver(token: token, processor: processor())
        }
        #expect(error.kind == .invalidArgument)
        #expect(token.isEmpty || !error.message.contains(token))
    }

    @Test func theTokenIsNotShown() throws {
        let receiver = try receiver(processor())
        var dumped = ""
        dump(receiver, to: &dumped)
        for text in ["\(receiver)", String(reflecting: receiver), dumped] {
            #expect(!text.contains(Self.token))
        }
    }

    // MARK: Documents

    @Test func eventsAreHandledBeforeTheAnswer() async throws {
        let twice = S3EventDocuments.records(S3EventDocuments.aws(), S3EventDocuments.aws())
        let answer = try await answer(twice)
        #expect(answer.status == 200)
        #expect(try await text(answer) == "handled: 2\n")
        #expect(handled.withLock { $0.map(\.key) } == ["HappyFace.jpg"])
    }

    @Test func aTestIsNoted() async throws {
        #expect(try await answer(S3EventDocuments.test).status == 200)
        #expect(handled.withLock { $0.isEmpty })
    }

    @Test("documents that are none", arguments: ["", "{}", "[", "{\"Records\":[{}]}"])
    func badDocuments(_ document: String) async throws {
        #expect(try await answer(document).status == 400)
    }

    @Test("other methods", arguments: ["GET", "PUT", "HEAD", "post", ""])
    func otherMethods(_ method: String) async throws {
        let answer = try await answer(method: method)
        #expect(answer.status == 405 && answer.headers["Allow"] == "POST")
    }

    @Test func theSizeIsBounded() async throws {
        let size = Self.document.utf8.count
        var options = S3EventReceiverOptions(maximumByteCount: size)
        #expect(try await answer(options: options).status == 200)
        options.maximumByteCount = size - 1
        #expect(try await answer(options: options).status == 413)
    }

    @Test func aBodyWithoutALengthIsCutToo() async throws {
        let receiver = try receiver(processor())
        let readCount = Locked(0)
        let endless = AsyncStream<[UInt8]>(unfolding: {
            readCount.withLock { $0 += 1 }
            return [UInt8](repeating: 0x20, count: 64 << 10)
        })
        let answer = await receiver.respond(
            to: HTTPServerRequest(
                method: "POST",
                target: "/",
                headers: Self.authorized,
                body: BlobBody(endless)
            )
        )
        #expect(answer.status == 413)
        #expect(readCount.withLock { $0 } < 20)
    }

    @Test func withoutATokenTheBodyIsNotRead() async throws {
        let receiver = try receiver(processor())
        let isRead = Locked(false)
        let body = AsyncStream<[UInt8]>(unfolding: {
            isRead.withLock { $0 = true }
            return nil
        })
        let answer = await receiver.respond(
            to: HTTPServerRequest(method: "POST", target: "/", body: BlobBody(body))
        )
        #expect(answer.status == 401)
        #expect(!isRead.withLock { $0 })
    }

    // MARK: Failures

    @Test func anEventThatFailsIsToBeSentAgain() async throws {
        let answer = try await answer(failing: true)
        #expect(answer.status == 503)
        #expect(try await text(answer) == "failed: 1 of 1\n")
    }

    @Test func anEarlyAnswerDoesNotWait() async throws {
        let processor = processor()
        let receiver = try receiver(processor, S3EventReceiverOptions(answersEarly: true))
        // Nothing runs yet.
        let answer = await receiver.respond(
            to: HTTPServerRequest(
                method: "POST",
                target: "/",
                headers: Self.authorized,
                body: BlobBody(Array(Self.document.utf8))
            )
        )
        #expect(answer.status == 200)
        #expect(processor.counts.waiting == 1)
    }

    @Test("after the end", arguments: [false, true])
    func closed(_ answersEarly: Bool) async throws {
        let processor = processor()
        await processor.drain()
        let receiver = try receiver(
            processor,
            S3EventReceiverOptions(answersEarly: answersEarly)
        )
        let answer = await receiver.respond(
            to: HTTPServerRequest(
                method: "POST",
                target: "/",
                headers: Self.authorized,
                body: BlobBody(Array(Self.document.utf8))
            )
        )
        #expect(answer.status == 503)
    }

    // MARK: Subscriptions

    private static let topic = "arn:aws:sns:us-west-2:123456789012:MyTopic"

    @Test func aTopicThatIsWantedIsConfirmed() async throws {
        let options = S3EventReceiverOptions(confirmedTopics: [Self.topic])
        let answer = try await answer(S3EventDocuments.subscription(), options: options)
        #expect(answer.status == 200)
        let sent = try #require(transport.sent.first?.http)
        #expect(sent.method == .get)
        #expect(
            sent.url.text
                == "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=23ab"
        )
    }

    @Test func anyOtherTopicIsRefused() async throws {
        for topics in [[], ["\(Self.topic)2"]] as [Set<String>] {
            let options = S3EventReceiverOptions(confirmedTopics: topics)
            let answer = try await answer(S3EventDocuments.subscription(), options: options)
            #expect(answer.status == 403)
        }
        #expect(transport.requestCount == 0)
    }

    @Test(
        "only SNS's own address is fetched",
        arguments: [
            "http://sns.us-west-2.amazonaws.com/", "https://sns.us-west-2.amazonaws.com:8443/",
            "https://169.254.169.254/latest/meta-data/",
            "https://sns.us-west-2.amazonaws.com.evil/",
            "https://evil/sns.us-west-2.amazonaws.com/", "https://s3.us-west-2.amazonaws.com/b/k",
            "https://sns.amazonaws.com/", "https://a.sns.us-west-2.amazonaws.com/",
            "https://user@sns.us-west-2.amazonaws.com/", "https://sns.us-west-2.amazonaws.org/",
            "https://sns.us-west-2.amazonaws.com.cn.evil/", "file:///etc/passwd", "", "x",
        ]
    )
    func otherAddresses(_ url: String) async throws {
        let options = S3EventReceiverOptions(confirmedTopics: [Self.topic])
        let answer = try await answer(S3EventDocuments.subscription(url: url), options: options)
        #expect(answer.status == 400)
        #expect(transport.requestCount == 0)
    }

    @Test func chinaHasItsOwn() async throws {
        let options = S3EventReceiverOptions(confirmedTopics: [Self.topic])
        let url = "https://sns.cn-north-1.amazonaws.com.cn/?Action=ConfirmSubscription"
        let answer = try await answer(S3EventDocuments.subscription(url: url), options: options)
        #expect(answer.status == 200)
    }

    @Test("SNS that does not take the answer", arguments: [301, 403, 500])
    func refusedConfirmation(_ status: Int) async throws {
        let transport = ScriptedTransport(then: .answer(status, ["Location": "http://evil/"]))
        let receiver = try S3EventReceiver(
            token: Self.token,
            options: S3EventReceiverOptions(confirmedTopics: [Self.topic]),
            processor: processor(),
            transport: transport
        )
        let answer = await receiver.respond(
            to: HTTPServerRequest(
                method: "POST",
                target: "/",
                headers: Self.authorized,
                body: BlobBody(Array(S3EventDocuments.subscription().utf8))
            )
        )
        #expect(answer.status == 502)
        #expect(transport.requestCount == 1)
        #expect(try await !text(answer).contains("23ab"))
    }
}
