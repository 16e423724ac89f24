import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Testing

/// The errors, and the answers of single operations, of `s3/scripted-responses.json`.
@Suite struct ScriptedFailureTests {
    /// The kind of every answer with an error status.
    static let kinds: [String: BlobError.Kind] = [
        "404 NoSuchKey": .notFound,
        "404 NoSuchBucket": .storeNotFound,
        "404 NoSuchUpload": .notFound,
        "403 AccessDenied": .permissionDenied,
        "403 SignatureDoesNotMatch": .unauthenticated,
        "403 RequestTimeTooSkewed": .unauthenticated,
        "400 ExpiredToken": .unauthenticated,
        "412 PreconditionFailed": .preconditionFailed,
        "409 ConditionalRequestConflict": .conflict,
        "409 OperationAborted": .conflict,
        "503 SlowDown": .throttled,
        "500 InternalError": .unavailable,
        "416 InvalidRange": .rangeNotSatisfiable,
        "400 EntityTooLarge": .tooLarge,
        "400 BadDigest": .integrityFailure,
        "400 InvalidDigest": .invalidArgument,
        "400 RequestTimeout": .timedOut,
        "301 PermanentRedirect": .invalidArgument,
        "307 TemporaryRedirect": .unavailable,
        "HEAD 404 without a body": .notFound,
        "HEAD 403 without a body": .permissionDenied,
        "HEAD 412": .preconditionFailed,
        "HEAD 304": .notModified,
        "503 HTML from a load balancer": .unavailable,
        "500 JSON": .unavailable,
        "429 empty": .throttled,
        "503 with Retry-After": .unavailable,
        "error with nested/unknown fields": .permissionDenied,
        "error wrapped (ErrorResponse)": .invalidArgument,
        "error 5 MiB long": .unavailable,
    ]

    private func error(_ name: String) throws -> BlobError {
        let test = try #require(try ScriptedAnswers.load()[name])
        let answer = S3ErrorDocument.read(test.bytes, head: test.head)
        return S3FailureContext("get", key: "k").error(AWSFailure(.answer(answer)))
    }

    @Test("gives every error answer its kind", arguments: kinds.keys.sorted())
    func kind(name: String) throws {
        let test = try #require(try ScriptedAnswers.load()[name])
        let error = try error(name)
        #expect(error.kind == Self.kinds[name])
        #expect(error.remote?.status == test.status)
        #expect(error.description.utf8.count < 2_048)
        let isRetried: Set<BlobError.Kind> = [.conflict, .throttled, .unavailable, .timedOut]
        #expect(error.isRetryable == isRetried.contains(error.kind))
    }

    @Test func skewedClocksAreNamed() throws {
        #expect(try error("403 RequestTimeTooSkewed").message.contains("clock"))
    }

    @Test func messagesAreDecodedAndOutermost() throws {
        let error = try error("error with nested/unknown fields")
        #expect(error.remote?.code == "AccessDenied")
        #expect(error.message.contains("a <b> & \\\"c\\\""))
    }

    @Test func headWithoutABodySaysThatItDoesNotKnow() throws {
        #expect(try error("HEAD 404 without a body").message.contains("or the bucket"))
    }

    @Test(
        "takes 200 with an error for an error",
        arguments: [
            "CompleteMultipartUpload: 200 + Error", "CopyObject: 200 + Error",
            "UploadPartCopy: 200 + Error", "Complete: whitespace keep-alive then Error",
        ]
    )
    func errorInTheBody(name: String) throws {
        let test = try #require(try ScriptedAnswers.load()[name])
        let failure = try #require(throws: AWSFailure.self) { try read(test) }
        #expect(failure.answer?.code == "InternalError")
        #expect(failure.answer?.requestID == "656c76696e6727732072657175657374")
        #expect(S3FailureContext("put").error(failure).kind == .unavailable)
    }

    @Test(
        "refuses an answer that is not the result",
        arguments: [
            "Complete: 200, empty body", "Complete: 200, truncated result",
            "Complete: 200, result without ETag", "Complete: 200, HTML page from a proxy",
        ]
    )
    func badAnswer(name: String) throws {
        let test = try #require(try ScriptedAnswers.load()[name])
        var failure = try #require(throws: AWSFailure.self) { try read(test) }
        guard case .badAnswer = failure.cause else {
            Issue.record("\(failure.cause)")
            return
        }
        failure.mayHaveHappened = true
        let context = S3FailureContext("completeMultipartUpload", key: "k", isChange: true)
        #expect(context.error(failure).kind == .outcomeUnknown)
    }

    @Test(
        "lets blanks precede the result",
        arguments: [
            (
                "Complete: XML declaration, whitespace, result",
                "\"3858f62230ac3c915f300c664312c11f-9\""
            ),
            ("Complete: whitespace before the XML declaration", "\"e-1\""),
        ] as [(String, ETag)]
    )
    func blanks(name: String, etag: ETag) throws {
        let test = try #require(try ScriptedAnswers.load()[name])
        #expect(try S3CompleteAnswer(test.bytes, head: test.head).etag == etag)
    }

    private func read(_ test: ScriptedAnswers.Case) throws {
        switch test.operation {
        case "CompleteMultipartUpload": _ = try S3CompleteAnswer(test.bytes, head: test.head)
        case "CopyObject": _ = try S3CopyAnswer(test.bytes, isPart: false, head: test.head)
        case "UploadPartCopy": _ = try S3CopyAnswer(test.bytes, isPart: true, head: test.head)
        default: Issue.record("no reader for \(test.operation)")
        }
    }

    @Test func bulkDeleteTellsEachFailure() throws {
        let test = try #require(try ScriptedAnswers.load()["DeleteObjects: partial failure"])
        let answer = try S3DeleteAnswer(test.bytes)
        #expect(answer.deleted == ["a"])
        let failure = try #require(answer.failures.first)
        #expect(failure.key == "b")
        let error = S3FailureContext("delete", isChange: true).error(failure)
        #expect(error.kind == .permissionDenied)
        #expect(error.key == "b")
        #expect(answer.unmentioned(of: ["a", "b"]).isEmpty)
    }

    @Test func bulkDeleteTellsWhatIsNotMentioned() throws {
        let name = "DeleteObjects: key missing from the answer"
        let test = try #require(try ScriptedAnswers.load()[name])
        let answer = try S3DeleteAnswer(test.bytes)
        #expect(answer.unmentioned(of: ["a", "b"]) == ["b"])
    }

    static let single: Set<String> = [
        "CompleteMultipartUpload: 200 + Error", "CopyObject: 200 + Error",
        "UploadPartCopy: 200 + Error", "Complete: whitespace keep-alive then Error",
        "Complete: 200, empty body", "Complete: 200, truncated result",
        "Complete: 200, result without ETag", "Complete: 200, HTML page from a proxy",
        "Complete: XML declaration, whitespace, result",
        "Complete: whitespace before the XML declaration",
        "DeleteObjects: partial failure", "DeleteObjects: key missing from the answer",
    ]

    /// What a parser can't judge, since it is about the wire.
    static let wire: Set<String> = [
        "1,000,000 header lines", "100-continue then 500", "103 early hints then 200",
        "Content-Length 2^63", "Content-Length and chunked", "Content-Length twice, different",
        "HTTP/0.9 style body", "body reset mid-way", "body shorter than Content-Length, then close",
        "body stalls", "chunked body cut off", "chunked body with a bad size line",
        "duplicate ETag headers", "extra bytes after the body", "garbage instead of HTTP",
        "hostile: 256 MiB text", "keep-alive closed just before the next request",
        "no Content-Length, close-delimited", "obs-fold and bare LF in headers",
        "one 64 MiB header", "response before the request body is sent",
        "wrong x-amz-checksum-crc32",
    ]

    @Test func everyCaseIsReadHereOrIsAboutTheWire() throws {
        let all = Set(try ScriptedAnswers.load().keys)
        let parsed = Set(ScriptedListTests.expected.keys)
            .union(Self.kinds.keys)
            .union(ScriptedHeadTests.names)
            .union(Self.single)
        #expect(all.count == 119)
        #expect(parsed.count == 97)
        #expect(Self.wire.count == 22)
        #expect(parsed.union(Self.wire) == all)
    }
}
