import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// What S3 calls each kind of failure.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html#ErrorCodeList;
///   `QuotaExceeded` is Ceph's, since S3 itself has room for all.
@Suite struct StoreErrorCodeTests {
    static let codes: [(BlobError.Kind, Int, String)] = [
        (.invalidArgument, 400, "InvalidArgument"), (.notFound, 404, "NoSuchKey"),
        (.storeNotFound, 404, "NoSuchBucket"), (.alreadyExists, 412, "PreconditionFailed"),
        (.preconditionFailed, 412, "PreconditionFailed"), (.notModified, 304, "NotModified"),
        (.rangeNotSatisfiable, 416, "InvalidRange"), (.unauthenticated, 500, "InternalError"),
        (.permissionDenied, 403, "AccessDenied"), (.integrityFailure, 400, "BadDigest"),
        (.tooLarge, 400, "EntityTooLarge"), (.outOfSpace, 403, "QuotaExceeded"),
        (.conflict, 409, "OperationAborted"), (.throttled, 503, "SlowDown"),
        (.unavailable, 503, "ServiceUnavailable"), (.timedOut, 503, "ServiceUnavailable"),
        (.outcomeUnknown, 500, "InternalError"), (.unsupported, 501, "NotImplemented"),
        (.corrupted, 500, "InternalError"), (.closed, 503, "ServiceUnavailable"),
    ]

    @Test("each kind has its code", arguments: codes)
    func kinds(_ kind: BlobError.Kind, _ status: Int, _ code: String) {
        let error = BlobError(kind, operation: "get", key: "k", message: "at /srv/secret")
        let told = GatewayError.of(error)
        #expect(told.status == status)
        #expect(told.code == code)
        // Only what a caller can help is told in the store's words.
        let isTold = kind == .invalidArgument || kind == .unsupported
        #expect(told.message.contains("/srv/secret") == isTold)
    }

    @Test func aMissingUploadIsCalledSo() {
        let error = BlobError(.notFound, operation: "uploadPart", message: "")
        #expect(GatewayError.of(error, isUpload: true).code == "NoSuchUpload")
    }

    @Test func anUnknownErrorTellsNothing() {
        struct Secret: Error { let path = "/srv/secret" }
        let told = GatewayError.of(Secret())
        #expect(told.status == 500)
        #expect(told.code == "InternalError")
        #expect(!told.message.contains("secret"))
    }

    @Test func everyAnswerCanBeRead() async throws {
        for (kind, status, code) in Self.codes {
            let error = BlobError(kind, operation: "get", message: "a\u{0}<b>")
            let answer = HTTPServerResponse.failure(
                GatewayError.of(error),
                method: "GET",
                resource: "/b/\u{1}&",
                id: "1"
            )
            let client = RawClient.Answer(
                status: answer.status,
                headers: answer.headers,
                body: try await answer.body.collect(upTo: 1 << 16)
            )
            #expect(client.status == status)
            #expect(client.code == (status == 304 ? nil : code))
            #expect(client.body.isEmpty == (status == 304))
            let bare = HTTPServerResponse.failure(
                GatewayError.of(error),
                method: "HEAD",
                resource: "/",
                id: "1"
            )
            #expect(bare.body.byteCount == 0)
        }
    }
}
