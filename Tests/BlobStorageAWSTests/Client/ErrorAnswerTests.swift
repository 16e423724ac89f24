import BlobStorage
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Testing

@testable import BlobStorageAWS

@Suite struct ErrorAnswerTests {
    private func decode(
        _ body: String,
        status: Int = 400,
        headers: HTTPHeaders = [:]
    ) -> AWSFailure.Answer {
        ErrorAnswer.decode(status: status, headers: headers, body: Array(body.utf8))
    }

    /// The document in https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html.
    @Test func readsTheErrorsOfS3() {
        let answer = decode(
            """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error>
              <Code>NoSuchKey</Code>
              <Message>The resource you requested does not exist</Message>
              <Resource>/mybucket/myfoto.jpg</Resource>
              <RequestId>4442587FB7D0A2F9</RequestId>
            </Error>
            """,
            status: 404
        )
        #expect(answer.code == "NoSuchKey")
        #expect(answer.message == "The resource you requested does not exist")
        #expect(answer.requestID == "4442587FB7D0A2F9")
        #expect(answer.details["Resource"] == "/mybucket/myfoto.jpg")
    }

    @Test func keepsWhereARedirectPoints() {
        let answer = decode(
            """
            <Error><Code>PermanentRedirect</Code><Message>m</Message>\
            <Endpoint>b.s3.eu-west-1.amazonaws.com</Endpoint><Region>eu-west-1</Region></Error>
            """,
            status: 301,
            headers: ["x-amz-bucket-region": "eu-west-1"]
        )
        #expect(answer.details["Endpoint"] == "b.s3.eu-west-1.amazonaws.com")
        #expect(answer.details["Region"] == "eu-west-1")
        #expect(answer.headers["X-Amz-Bucket-Region"] == "eu-west-1")
    }

    @Test func decodesReferencesAndIgnoresWhatIsNested() {
        let answer = decode(
            """
            <Error><Code>AccessDenied</Code><Message>a &lt;b&gt; &amp; &quot;c&quot;</Message>\
            <Extra><Code>Wrong</Code></Extra><Resource>/b/k</Resource></Error>
            """,
            status: 403
        )
        #expect(answer.code == "AccessDenied")
        #expect(answer.message == "a <b> & \"c\"")
    }

    @Test func readsTheErrorsOfSTS() {
        let answer = decode(
            """
            <ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error>\
            <Type>Sender</Type><Code>InvalidRequest</Code><Message>m</Message></Error>\
            <RequestId>r</RequestId></ErrorResponse>
            """
        )
        #expect(answer.code == "InvalidRequest")
        #expect(answer.message == "m")
        #expect(answer.requestID == "r")
    }

    /// The shapes that https://smithy.io/2.0/aws/protocols/aws-json-1_0-protocol.html lists.
    @Test(
        "reads the errors of DynamoDB",
        arguments: [
            (#"{"__type":"FooError","message":"m"}"#, [:]),
            (#"{"__type":"aws.protocoltests.json10#FooError","message":"m"}"#, [:]),
            (#"{"__type":"ns#FooError:http://internal.amazon.com/x/","Message":"m"}"#, [:]),
            (#"{"code":"FooError","message":"m"}"#, [:]),
            (#"{"message":"m"}"#, ["x-amzn-errortype": "FooError"]),
            (#"{"message":"m"}"#, ["X-Amzn-Errortype": "FooError:http://internal.amazon.com/x/"]),
        ] as [(String, HTTPHeaders)]
    )
    func json(_ body: String, _ headers: HTTPHeaders) {
        let answer = decode(body, headers: headers)
        #expect(answer.code == "FooError")
        #expect(answer.message == "m")
    }

    @Test func fallsBackOnHeaders() {
        let answer = decode(
            "",
            status: 404,
            headers: [
                "x-amz-error-code": "NoSuchKey", "x-amz-error-message": "none",
                "x-amz-request-id": "r1", "x-amz-id-2": "r2",
            ]
        )
        #expect(answer.code == "NoSuchKey")
        #expect(answer.message == "none")
        #expect(answer.requestID == "r1")
        #expect(decode("", headers: ["x-amz-id-2": "r2"]).requestID == "r2")
        #expect(decode("").code == nil)
        #expect(decode("").message == nil)
    }

    @Test(
        "takes no code from what is no error document",
        arguments: [
            "<html><h1>503 Service\r\nTemporarily Unavailable</h1></html>", "<Error><Code>A",
            "upstream connect error", "{\"message\":", "<Other><Code>A</Code></Other>", "[]",
            "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/hostname\">]><Error><Code>&a;</Code></Error>",
        ]
    )
    func page(_ body: String) throws {
        let answer = decode(body, status: 503)
        #expect(answer.code == nil)
        let message = try #require(answer.message)
        #expect(message.utf8.count <= ErrorAnswer.pageLimit)
        #expect(message.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F })
    }

    @Test("keeps nothing that a request must not show") func secrets() {
        let answer = decode(
            """
            <Error><Code>SignatureDoesNotMatch</Code><Message>m</Message>\
            <AWSAccessKeyId>AKID</AWSAccessKeyId><StringToSign>AWS4-HMAC-SHA256 x</StringToSign>\
            <SignatureProvided>5ec7e7</SignatureProvided>\
            <CanonicalRequest>x-amz-security-token:5ec7e7</CanonicalRequest>\
            <Token-0>5ec7e7</Token-0><ArgumentValue>5ec7e7</ArgumentValue></Error>
            """
        )
        #expect(answer.code == "SignatureDoesNotMatch")
        #expect(!String(reflecting: answer).contains("5ec7e7"))
        let echo = decode("Authorization: AWS4-HMAC-SHA256 Credential=a, Signature=5ec7e7")
        #expect(echo.message == nil)
    }

    @Test("cuts long texts", arguments: ["<Error><Message>", "", "{\"message\":\""])
    func long(_ start: String) async throws {
        let chunk = Array(String(repeating: "é", count: 8_192).utf8)
        let chunks = CountingChunks(first: Array(start.utf8), chunk: chunk, count: 320)
        let response = HTTPResponse(status: 500, body: BlobBody(chunks))
        let answer = try await ErrorAnswer.read(response)
        #expect(answer.status == 500)
        #expect((answer.message?.utf8.count ?? 0) <= ErrorAnswer.messageLimit)
        // 64 KiB and a chunk more are read of 5 MiB.
        #expect(chunks.taken.withLock { $0 } <= 6)
    }

    @Test func aBrokenBodyLeavesTheStatus() async throws {
        let body = BlobBody(BrokenChunks(bytes: Array("<Error><Code>Slow".utf8)))
        let answer = try await ErrorAnswer.read(HTTPResponse(status: 503, body: body))
        #expect(answer.status == 503)
        #expect(answer.code == nil)
    }
}

/// Counts how many chunks are taken.
private struct CountingChunks: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let first: [UInt8]
    let chunk: [UInt8]
    let count: Int
    let taken = Locked(0)

    func makeAsyncIterator() -> Iterator { Iterator(owner: self) }

    struct Iterator: AsyncIteratorProtocol {
        let owner: CountingChunks

        mutating func next() async throws -> [UInt8]? {
            let number = owner.taken.withLock { taken in
                taken += 1
                return taken
            }
            if number == 1 { return owner.first }
            return number <= owner.count ? owner.chunk : nil
        }
    }
}
