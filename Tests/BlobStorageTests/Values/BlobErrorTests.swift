import BlobStorage
import Testing

@Suite struct BlobErrorTests {
    @Test func printsOperationKeyKindMessageAndStatus() {
        let error = BlobError(
            .preconditionFailed,
            operation: "put",
            key: "a/b",
            message: "the blob has etag \"7\", not \"5\"",
            remote: BlobError.RemoteAnswer(status: 412)
        )
        let expected =
            #"put "a/b": preconditionFailed: the blob has etag "7", not "5" (HTTP 412)"#
        #expect(error.description == expected)
        #expect("\(error as any Error)" == expected)
    }

    @Test func printsWhatIsKnown() {
        #expect(
            BlobError(.unavailable, operation: "list", message: "no").description
                == "list: unavailable: no"
        )
        let remote = BlobError.RemoteAnswer(status: 503, code: "SlowDown", requestID: "R1")
        #expect(
            BlobError(.throttled, operation: "get", key: "k", message: "m", remote: remote)
                .description == #"get "k": throttled: m (HTTP 503 SlowDown, request R1)"#
        )
    }

    @Test func aKeyCannotForgeALine() {
        let error = BlobError(.notFound, operation: "get", key: "a\"\n\u{1b}[2J", message: "m")
        #expect(error.description == #"get "a\"\u{a}\u{1b}[2J": notFound: m"#)
    }

    @Test func aRemoteAnswerCannotForgeALine() {
        let remote = BlobError.RemoteAnswer(status: 500, code: "a\nb", requestID: "\u{1b}[2J")
        let error = BlobError(.unavailable, operation: "list", message: "m", remote: remote)
        #expect(
            error.description
                == #"list: unavailable: m (HTTP 500 a\u{a}b, request \u{1b}[2J)"#
        )
    }

    @Test func whatPassesByItselfIsRetryableUnlessToldOtherwise() {
        let retryable = BlobError.Kind.allCases.filter {
            BlobError($0, operation: "o", message: "m").isRetryable
        }
        #expect(retryable == [.conflict, .throttled, .unavailable, .timedOut])
        #expect(BlobError(.notFound, operation: "o", message: "m", isRetryable: true).isRetryable)
        #expect(!BlobError(.conflict, operation: "o", message: "m", isRetryable: false).isRetryable)
    }

    @Test func keepsTheErrorBehindIt() throws {
        let cause = SystemError("openat", 28)
        let error = BlobError(cause, operation: "put", key: "k", doing: "staging")
        #expect(error.kind == .outOfSpace)
        #expect(error.underlying as? SystemError == cause)
        #expect(
            error.description == #"put "k": outOfSpace: staging: openat: No space left on device"#
        )
    }
}
