import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import Testing

@Suite struct S3FailureTests {
    private func answer(_ status: Int, _ code: String? = nil) -> AWSFailure {
        AWSFailure(.answer(AWSFailure.Answer(status: status, code: code, requestID: "r")))
    }

    // Codes and their meaning:
    // https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
    @Test(
        "gives every code its kind",
        arguments: [
            (404, "NoSuchVersion", .notFound), (403, "InvalidAccessKeyId", .unauthenticated),
            (403, "InvalidObjectState", .permissionDenied), (400, "InvalidToken", .unauthenticated),
            (400, "AuthorizationHeaderMalformed", .invalidArgument),
            (411, "MissingContentLength", .unsupported), (501, "NotImplemented", .unsupported),
            (405, "MethodNotAllowed", .unsupported), (400, "EntityTooSmall", .invalidArgument),
            (400, "InvalidPart", .invalidArgument), (400, "InvalidPartOrder", .invalidArgument),
            (400, "IncompleteBody", .unavailable), (400, "MetadataTooLarge", .invalidArgument),
            (400, "XAmzContentChecksumMismatch", .integrityFailure),
            (400, "KeyTooLongError", .invalidArgument), (403, "QuotaExceeded", .outOfSpace),
            (503, "ServiceUnavailable", .unavailable), (503, "RequestLimitExceeded", .throttled),
            (409, "BucketAlreadyOwnedByYou", .alreadyExists),
            (400, "SomethingNew", .invalidArgument), (418, "Teapot", .unavailable),
        ] as [(Int, String, BlobError.Kind)]
    )
    func codes(status: Int, code: String, kind: BlobError.Kind) {
        let error = S3FailureContext("get", key: "k").error(answer(status, code))
        #expect(error.kind == kind)
        #expect(error.remote == BlobError.RemoteAnswer(status: status, code: code, requestID: "r"))
        #expect(!error.message.isEmpty)
    }

    @Test(
        "gives every status without a code its kind",
        arguments: [
            (301, .invalidArgument), (304, .notModified), (400, .invalidArgument),
            (401, .unauthenticated), (403, .permissionDenied), (404, .notFound),
            (405, .unsupported), (408, .timedOut), (409, .conflict), (411, .unsupported),
            (412, .preconditionFailed), (413, .tooLarge), (416, .rangeNotSatisfiable),
            (429, .throttled), (500, .unavailable), (501, .unsupported), (502, .unavailable),
            (503, .unavailable), (504, .unavailable), (507, .outOfSpace), (599, .unavailable),
        ] as [(Int, BlobError.Kind)]
    )
    func statuses(status: Int, kind: BlobError.Kind) {
        #expect(S3FailureContext("head", key: "k").error(answer(status)).kind == kind)
    }

    @Test func conditionsGiveRefusalsTheirMeaning() {
        let absent = S3FailureContext("put", key: "k", condition: .ifAbsent, isChange: true)
        #expect(absent.error(answer(412, "PreconditionFailed")).kind == .alreadyExists)
        #expect(absent.error(answer(409, "ConditionalRequestConflict")).kind == .conflict)
        let matches = S3FailureContext("put", key: "k", condition: .ifMatches("x"), isChange: true)
        #expect(matches.error(answer(412)).kind == .preconditionFailed)
        #expect(matches.error(answer(404, "NoSuchKey")).kind == .preconditionFailed)
        #expect(matches.error(answer(404, "NoSuchBucket")).kind == .storeNotFound)
        #expect(matches.error(answer(404, "NoSuchUpload")).kind == .notFound)
    }

    @Test func redirectsNameTheRegion() {
        let headers: HTTPHeaders = ["x-amz-bucket-region": "eu-west-1"]
        for status in [301, 307, 400] {
            let moved = AWSFailure(.answer(.init(status: status, headers: headers)))
            #expect(S3FailureContext("head").error(moved).message.contains("\"eu-west-1\""))
        }
        let details = ["Region": "eu-west-3", "Endpoint": "b.s3.eu-west-3.amazonaws.com"]
        let malformed = AWSFailure(
            .answer(.init(status: 400, code: "AuthorizationHeaderMalformed", details: details))
        )
        let message = S3FailureContext("head").error(malformed).message
        #expect(message.contains("\"eu-west-3\""))
        #expect(message.contains("b.s3.eu-west-3.amazonaws.com"))
    }

    @Test(
        "says when nobody knows what became of a change",
        arguments: [
            .deadline, .badAnswer("cut"),
            .transport(HTTPError(.connectionLost, "lost", mayHaveArrived: true)),
            .answer(.init(status: 503, code: "SlowDown")),
        ] as [AWSFailure.Cause]
    )
    func outcomes(cause: AWSFailure.Cause) {
        let failure = AWSFailure(cause, attemptCount: 2, mayHaveHappened: true)
        let change = S3FailureContext("put", key: "k", isChange: true).error(failure)
        #expect(change.kind == .outcomeUnknown)
        #expect(!change.isRetryable)
        #expect(S3FailureContext("get", key: "k").error(failure).kind != .outcomeUnknown)
    }

    @Test func causesWithoutAnAnswer() {
        let context = S3FailureContext("put", key: "k", isChange: true)
        #expect(context.error(AWSFailure(.deadline, attemptCount: 3)).kind == .timedOut)
        #expect(context.error(AWSFailure(.deadline, attemptCount: 3)).message.contains("3 times"))
        for (kind, expected) in [
            (.connectFailed, .unavailable), (.tlsFailed, .unavailable), (.timedOut, .timedOut),
            (.connectionLost, .unavailable), (.badAnswer, .unavailable), (.closed, .closed),
            (.invalidRequest, .invalidArgument),
        ] as [(HTTPError.Kind, BlobError.Kind)] {
            let failure = AWSFailure(.transport(HTTPError(kind, "m", mayHaveArrived: false)))
            let error = context.error(failure)
            #expect(error.kind == expected)
            #expect(error.underlying is HTTPError)
        }
    }

    @Test func vendorsTextCanNotForgeALine() {
        let failure = AWSFailure(
            .answer(
                .init(
                    status: 500,
                    code: "X",
                    message: "a\r\nput: ok" + String(repeating: "x", count: 9_999)
                )
            )
        )
        let text = S3FailureContext("put").error(failure).description
        #expect(text.utf8.allSatisfy { $0 >= 0x20 })
        #expect(text.utf8.count < 1_000)
    }
}
