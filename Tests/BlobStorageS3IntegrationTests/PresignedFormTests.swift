import BlobStorage
import BlobStorageS3
import Foundation
import Testing

/// Presigned forms, used with curl on the strict server and on gateways, and
/// misused.
@Suite struct PresignedFormTests {
    private static let lifetime = Duration.seconds(300)

    @Test("an upload is held to the policy", arguments: TestServer.strict)
    func anUploadIsHeldToThePolicy(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let conditions = UploadFormConditions(
            byteCounts: 2...10,
            contentType: .exact("image/png"),
            metadata: ["owner": "42", "title": "Grüße"],
            success: .created
        )
        let form = try await store.presignForm(
            "uploads/ä \"1\".png",
            expiresIn: Self.lifetime,
            conditions: conditions
        )
        let file = Array("12345".utf8)
        func status(
            _ file: [UInt8],
            adjust: (inout [String: String]) -> Void = { _ in }
        ) throws -> Int {
            try CurlCommand.send(form, file: file, adjust: adjust).status
        }
        #expect(try status([UInt8](repeating: 1, count: 11)) == 400)
        #expect(try status([1]) == 400)
        #expect(try status(file) { $0["Content-Type"] = "text/html" } == 403)
        #expect(try status(file) { $0["Content-Type"] = nil } == 403)
        #expect(try status(file) { $0["key"] = "uploads/other" } == 403)
        #expect(try status(file) { $0["x-amz-meta-owner"] = "43" } == 403)
        #expect(try status(file) { $0["x-amz-meta-more"] = "1" } == 403)
        #expect(try status(file) { $0["x-amz-signature"]? += "0" } == 403)
        #expect(try status(file) { $0["policy"]? = "e30=" } == 403)
        #expect(try await store.list(ListOptions()).blobs.isEmpty)

        #expect(try status(file) == 201)
        let attributes = try await store.head("uploads/ä \"1\".png")
        #expect(attributes.byteCount == 5)
        #expect(attributes.headers.contentType == "image/png")
        #expect(attributes.metadata == conditions.metadata)
    }

    @Test(
        "a checksum of any kind is checked",
        arguments: TestServer.strict,
        ChecksumAlgorithm.allCases
    )
    func checksums(_ server: TestServer, _ algorithm: ChecksumAlgorithm) async throws {
        let store = try await server.newStore()
        let conditions = UploadFormConditions(checksum: .of(Array("right".utf8), algorithm))
        let form = try await store.presignForm(
            "a",
            expiresIn: Self.lifetime,
            conditions: conditions
        )
        #expect(try CurlCommand.send(form, file: Array("wrong".utf8)).status == 400)
        #expect(try await !store.exists("a"))
        #expect(try CurlCommand.send(form, file: Array("right".utf8)).status == 204)
        #expect(try await store.exists("a"))
    }

    @Test("a prefix leaves the name to the client", arguments: TestServer.strict)
    func aPrefixLeavesTheNameToTheClient(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let conditions = UploadFormConditions(key: .prefix, contentType: .prefix("image/"))
        let form = try await store.presignForm(
            "uploads/42/",
            expiresIn: Self.lifetime,
            conditions: conditions
        )
        #expect(form.contentTypePrefix == "image/")
        let file = Array("12345".utf8)
        let right = try CurlCommand.send(form, file: file) { $0["Content-Type"] = "image/png" }
        #expect(right.status == 204)
        let named = try CurlCommand.send(form, file: file) { fields in
            fields["Content-Type"] = "image/webp"
            fields["key"] = "uploads/42/mine.webp"
        }
        #expect(named.status == 204)
        let outside = try CurlCommand.send(form, file: file) { fields in
            fields["Content-Type"] = "image/png"
            fields["key"] = "uploads/43/a.png"
        }
        #expect(outside.status == 403)
        let script = try CurlCommand.send(form, file: file) { $0["Content-Type"] = "text/html" }
        #expect(script.status == 403)
        let blobs = try await store.list(ListOptions()).blobs
        #expect(blobs.map(\.key) == ["uploads/42/mine.webp", "uploads/42/photo.png"])
    }

    @Test("a redirect and an end", arguments: TestServer.strict)
    func aRedirectAndAnEnd(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let conditions = UploadFormConditions(success: .redirect("https://example.com/done"))
        let form = try await store.presignForm(
            "a",
            expiresIn: Self.lifetime,
            conditions: conditions
        )
        let answer = try CurlCommand.send(form, file: [1])
        #expect(answer.status == 303)
        #expect(answer.headers["location"]?.hasPrefix("https://example.com/done") == true)
        #expect(try await store.exists("a"))
    }
}
