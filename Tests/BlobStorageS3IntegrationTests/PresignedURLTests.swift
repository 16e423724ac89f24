import BlobStorage
import BlobStorageAWS
import BlobStorageS3
import Foundation
import Testing

/// Each kind of presigned request, used with curl on the strict server and on gateways, and
/// misused.
@Suite struct PresignedURLTests {
    private static let lifetime = Duration.seconds(300)

    @Test(
        "any key can be read",
        arguments: TestServer.strict,
        [
            "a.txt", "a//b/../c", "ä €/😀", "?x=1&y#z", "%41+ +", "a\u{1}b\u{7F}", "~'()*!",
        ]
    )
    func keys(_ server: TestServer, _ name: String) async throws {
        let store = try await server.newStore()
        let key = try BlobKey(name)
        try await store.put(key, "text of \(name)")
        let presigner = try S3Presigner(store.configuration)
        for signed in [
            try await store.presign(.get, key, expiresIn: Self.lifetime),
            try await presigner.presign(.get, key, expiresIn: Self.lifetime),
        ] {
            let answer = try CurlCommand.send(signed)
            #expect(answer.status == 200)
            #expect(answer.text == "text of \(name)")
        }
    }

    @Test func saysWhatIsMissing() {
        guard TestServer.ceph == nil else { return }
        print("SKIPPED: no server CEPH, so presigned requests were sent to gateways alone")
    }

    @Test("reads override the headers", arguments: TestServer.strict)
    func readsOverrideTheHeaders(_ server: TestServer) async throws {
        let store = try await server.newStore()
        try await store.put("a.txt", "text")
        let disposition = ContentDisposition.attachment("Übersicht \"1\".txt")
        let options = PresignOptions(
            responseHeaders: ResponseHeaders(
                disposition: disposition,
                contentType: "text/csv",
                cacheControl: "no-store",
                contentLanguage: "de",
                contentEncoding: "identity",
                expires: Date(timeIntervalSince1970: 1_769_860_800)
            )
        )
        for operation in [PresignedOperation.get, .head] {
            let request = try await store.presign(
                operation,
                "a.txt",
                expiresIn: Self.lifetime,
                options: options
            )
            let answer = try CurlCommand.send(request)
            #expect(answer.status == 200)
            #expect(answer.headers["content-disposition"] == disposition.text)
            #expect(answer.headers["content-type"] == "text/csv")
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.headers["content-language"] == "de")
            #expect(answer.headers["content-encoding"] == "identity")
            // `date -u -d @1769860800` in the form of RFC 9110
            #expect(answer.headers["expires"] == "Sat, 31 Jan 2026 12:00:00 GMT")
            let changed = try CurlCommand.send(request) { message in
                message.url = message.url.replacingOccurrences(
                    of: "text%2Fcsv",
                    with: "text%2Fhtml"
                )
            }
            #expect(changed.status == 403)
        }
    }

    @Test("a request is good for its own method key and time", arguments: TestServer.strict)
    func aRequestIsGoodForItsOwnMethodKeyAndTime(_ server: TestServer) async throws {
        let store = try await server.newStore()
        try await store.put("a", "text")
        try await store.put("b", "other")
        let request = try await store.presign(.get, "a", expiresIn: Self.lifetime)
        #expect(try CurlCommand.send(request) { $0.method = "DELETE" }.status == 403)
        #expect(try CurlCommand.send(request) { $0.method = "HEAD" }.status == 403)
        let other = try CurlCommand.send(request) { message in
            message.url = message.url.replacingOccurrences(of: "/a?", with: "/b?")
        }
        #expect(other.status == 403)
        let longer = try CurlCommand.send(request) { message in
            message.url = message.url.replacingOccurrences(
                of: "X-Amz-Expires=300",
                with: "X-Amz-Expires=301"
            )
        }
        #expect(longer.status == 403)

        // Signed an hour ago for a minute.
        let past = TimeSource(
            now: { Date().addingTimeInterval(-3_600) },
            uptime: { .zero },
            sleep: { _ in }
        )
        let presigner = try S3Presigner(store.configuration, time: past)
        let expired = try await presigner.presign(.get, "a", expiresIn: .seconds(60))
        #expect(try CurlCommand.send(expired).status == 403)
        let long = try await presigner.presign(.get, "a", expiresIn: .seconds(7_200))
        #expect(try CurlCommand.send(long).status == 200)
    }

    @Test("a put is held to all that is bound", arguments: TestServer.strict)
    func aPutIsHeldToAllThatIsBound(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let bytes = Array("12345".utf8)
        let options = PresignOptions(
            headers: ContentHeaders(
                contentType: "image/png",
                contentDisposition: ContentDisposition.inline("é.png").text,
                cacheControl: "no-cache"
            ),
            metadata: ["owner": "42", "title": "Grüße"],
            byteCount: 5,
            checksum: .of(bytes, .sha256),
            condition: .ifAbsent
        )
        let request = try await store.presign(
            .put,
            "a",
            expiresIn: Self.lifetime,
            options: options
        )
        func status(
            _ body: [UInt8],
            adjust: (inout CurlCommand.Message) -> Void = { _ in }
        ) throws -> Int {
            try CurlCommand.send(request, body, adjust: adjust).status
        }
        for name in request.headers.keys where name != "content-length" {
            let changed = try status(bytes) { $0.headers[name]? += "x" }
            #expect(changed == 403, "\(name) changed")
            let dropped = try status(bytes) { $0.headers[name] = nil }
            #expect(dropped == 403, "\(name) dropped")
        }
        #expect(try status(Array("123456".utf8)) == 403)
        #expect(try status(Array("1234".utf8)) == 403)
        // Another body of the same length.
        #expect(try status(Array("54321".utf8)) == 400)
        #expect(try await !store.exists("a"))

        #expect(try status(bytes) == 200)
        let attributes = try await store.head("a")
        #expect(attributes.headers == options.headers)
        #expect(attributes.metadata == options.metadata)
        #expect(attributes.checksum == options.checksum)
        // Create-only: once.
        #expect(try status(bytes) == 412)
    }

    @Test("a put may replace one version only", arguments: TestServer.strict)
    func aPutMayReplaceOneVersionOnly(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let written = try await store.put("a", "old")
        let options = PresignOptions(condition: .ifMatches(written.etag))
        let request = try await store.presign(
            .put,
            "a",
            expiresIn: Self.lifetime,
            options: options
        )
        #expect(try CurlCommand.send(request, [1]).status == 200)
        #expect(try CurlCommand.send(request, [2]).status == 412)
    }

    @Test(
        "a checksum of any kind is checked",
        arguments: TestServer.strict,
        ChecksumAlgorithm.allCases
    )
    func checksums(_ server: TestServer, _ algorithm: ChecksumAlgorithm) async throws {
        let store = try await server.newStore()
        let options = PresignOptions(checksum: .of(Array("right".utf8), algorithm))
        let request = try await store.presign(
            .put,
            "a",
            expiresIn: Self.lifetime,
            options: options
        )
        #expect(try CurlCommand.send(request, Array("wrong".utf8)).status == 400)
        #expect(try await !store.exists("a"))
        #expect(try CurlCommand.send(request, Array("right".utf8)).status == 200)
        #expect(try await store.head("a").checksum == options.checksum)
    }

    @Test("a plain put and aDelete", arguments: TestServer.strict)
    func aPlainPutAndADelete(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let put = try await store.presign(.put, "a", expiresIn: Self.lifetime)
        #expect(put.headers.isEmpty)
        #expect(try CurlCommand.send(put, Array("any".utf8)).status == 200)
        #expect(try await store.bytes("a", upTo: 10) == Array("any".utf8))
        let delete = try await store.presign(.delete, "a", expiresIn: Self.lifetime)
        #expect(try CurlCommand.send(delete).status == 204)
        #expect(try await !store.exists("a"))
    }

    @Test("parts are uploaded by themselves", arguments: TestServer.strict)
    func partsAreUploadedByThemselves(_ server: TestServer) async throws {
        let store = try await server.newStore()
        let upload = try await store.createMultipartUpload("large")
        let first = [UInt8](repeating: 1, count: 5 << 20)
        let second = Array("end".utf8)
        for (number, bytes) in [(1, first), (2, second)] {
            let options = PresignOptions(
                byteCount: Int64(bytes.count),
                checksum: .of(bytes, .crc64NVME)
            )
            let request = try await store.presign(
                .uploadPart(number, uploadID: upload.id),
                "large",
                expiresIn: Self.lifetime,
                options: options
            )
            let otherNumber = try CurlCommand.send(request, bytes) { message in
                message.url = message.url.replacingOccurrences(
                    of: "partNumber=\(number)",
                    with: "partNumber=9"
                )
            }
            #expect(otherNumber.status == 403)
            #expect(try CurlCommand.send(request, bytes + [0]).status == 403)
            var other = bytes
            other[0] ^= 1
            #expect(try CurlCommand.send(request, other).status == 400)
            #expect(try CurlCommand.send(request, bytes).status == 200)
        }
        let parts = try await store.parts(of: upload)
        #expect(parts.map(\.number) == [1, 2])
        _ = try await store.completeMultipartUpload(upload, parts: parts, condition: .none)
        #expect(try await store.bytes("large", upTo: 6 << 20) == first + second)
    }
}
