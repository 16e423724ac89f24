import BlobStorage
import Foundation
import Testing

@Suite struct PresignedStoreTests {
    /// Tells what it was asked for in the URL.
    struct EchoPresigner: BlobPresigner {
        func presign(
            _ operation: PresignedOperation,
            _ key: BlobKey,
            expiresIn lifetime: Duration,
            options: PresignOptions
        ) async throws -> PresignedRequest {
            if key.text.hasSuffix("bad") {
                throw BlobError(.invalidArgument, operation: "presign", key: key, message: "bad")
            }
            return PresignedRequest(
                method: operation.method,
                url: key.text,
                expiresAt: .distantPast,
                notEnforced: []
            )
        }

        func presignForm(
            _ key: BlobKey,
            expiresIn lifetime: Duration,
            conditions: UploadFormConditions
        ) async throws -> PresignedForm {
            PresignedForm(
                url: key.text,
                fields: [:],
                expiresAt: .distantPast,
                byteCounts: conditions.byteCounts,
                notEnforced: []
            )
        }
    }

    @Test func aStoreInMemoryPresignsAndKeepsBlobs() async throws {
        let store: any MultipartBlobStore & BlobPresigner =
            InMemoryStore().presigned(by: EchoPresigner())
        try await store.put("a", "text")
        #expect(try await store.head("a").byteCount == 4)
        let request = try await store.presign(.head, "a", expiresIn: .seconds(1))
        #expect(request.url == "a" && request.method == "HEAD")
        let upload = try await store.createMultipartUpload("b")
        try await store.abortMultipartUpload(upload)
    }

    @Test func aPrefixIsPutBeforeWhatIsPresigned() async throws {
        let whole = InMemoryStore().presigned(by: EchoPresigner())
        let part: any MultipartBlobStore & BlobPresigner = whole.prefixed("tenants/42/")
        #expect(try await part.presign(.get, "a", expiresIn: .seconds(1)).url == "tenants/42/a")
        #expect(try await part.presignForm("a", expiresIn: .seconds(1)).url == "tenants/42/a")
        let error = try await #require(throws: BlobError.self) {
            try await part.presign(.get, "bad", expiresIn: .seconds(1))
        }
        #expect(error.key == "bad")
        let long = try BlobKey(String(repeating: "k", count: 1_020))
        await #expect(throws: BlobError.self) {
            try await part.presign(.get, long, expiresIn: .seconds(1))
        }
    }

    @Test func whatIsPresignedIsObserved() async throws {
        let names = Locked<[String]>([])
        let observer = BlobObserver { operation in
            { _ in names.withLock { $0.append("\(operation.name) \(operation.key?.text ?? "")") } }
        }
        let store: any MultipartBlobStore & BlobPresigner =
            InMemoryStore().presigned(by: EchoPresigner()).observed(by: observer)
        _ = try await store.presign(.get, "a", expiresIn: .seconds(1))
        _ = try await store.presignForm("b", expiresIn: .seconds(1))
        #expect(names.withLock { $0 } == ["presign a", "presignForm b"])
    }
}
