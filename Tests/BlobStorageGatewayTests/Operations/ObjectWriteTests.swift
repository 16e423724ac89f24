import BlobStorage
import BlobStorageHTTP
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// PutObject, CopyObject, DeleteObject and DeleteObjects, as S3's reference has them.
@Suite struct ObjectWriteTests {
    @Test func judgesConditions() async throws {
        let client = RawClient()
        let first = try await client.send("PUT", "/bucket/a", ["If-None-Match": "*"], "1")
        #expect(first.status == 200)
        let etag = try #require(first.headers["ETag"])
        let again = try await client.send("PUT", "/bucket/a", ["If-None-Match": "*"], "2")
        #expect(again.status == 412)
        #expect(again.code == "PreconditionFailed")
        let wrong = try await client.send("PUT", "/bucket/a", ["If-Match": "\"no\""], "3")
        #expect(wrong.status == 412)
        let missing = try await client.send("PUT", "/bucket/b", ["If-Match": "\"no\""], "3")
        #expect(missing.status == 404)
        #expect(missing.code == "NoSuchKey")
        let right = try await client.send("PUT", "/bucket/a", ["If-Match": etag], "4")
        #expect(right.status == 200)
        let unquoted = String(try #require(right.headers["ETag"]).dropFirst().dropLast())
        let bare = try await client.send("PUT", "/bucket/a", ["If-Match": unquoted], "5")
        #expect(bare.status == 200)
        #expect(try await client.send("GET", "/bucket/a").text == "5")
        let other = try await client.send("PUT", "/bucket/a", ["If-None-Match": etag], "6")
        #expect(other.status == 501)
        let delete = try await client.send("DELETE", "/bucket/a", ["If-Match": "\"no\""])
        #expect(delete.status == 412)
    }

    @Test func aWriteSaysHowLongItIs() async throws {
        var client = RawClient()
        client.sendsLength = false
        // S3: "MissingContentLength: You must provide the Content-Length HTTP header", 411.
        let nothing = try await client.send("PUT", "/bucket/a")
        #expect(nothing.status == 411)
        #expect(nothing.code == "MissingContentLength")
        let part = try await client.send("PUT", "/bucket/a?partNumber=1&uploadId=1")
        #expect(part.status == 411)
        let empty = try await client.send("PUT", "/bucket/a", ["Content-Length": "0"])
        #expect(empty.status == 200)
        // These have no body by themselves.
        let copy = try await client.send("PUT", "/bucket/b", ["x-amz-copy-source": "/bucket/a"])
        #expect(copy.status == 200)
        #expect(try await client.send("POST", "/bucket/c?uploads").status == 200)
    }

    @Test(
        "refuses what it can't do",
        arguments: [
            ("x-amz-storage-class", "GLACIER", "InvalidStorageClass"),
            ("x-amz-acl", "public-read", "AccessControlListNotSupported"),
            ("x-amz-grant-read", "id=1", "AccessControlListNotSupported"),
            ("x-amz-server-side-encryption", "AES256", "NotImplemented"),
            ("x-amz-server-side-encryption", "aws:kms", "NotImplemented"),
            ("x-amz-server-side-encryption", "ROT13", "InvalidArgument"),
            ("x-amz-tagging", "a=1&a=2", "InvalidTag"),
            ("x-amz-tagging", "=1", "InvalidTag"),
            ("x-amz-tagging", "a&b&c&d&e&f&g&h&i&j&k", "BadRequest"),
            ("x-amz-object-lock-mode", "GOVERNANCE", "InvalidRequest"),
            ("x-amz-meta-a", String(repeating: "v", count: 2_100), "MetadataTooLarge"),
        ]
    )
    func refusals(_ name: String, _ value: String, _ code: String) async throws {
        let client = RawClient()
        var headers = HTTPHeaders()
        headers[name] = value
        let answer = try await client.send("PUT", "/bucket/a", headers, "1")
        #expect(answer.code == code)
        #expect(answer.status >= 400)
        #expect(try await client.send("HEAD", "/bucket/a").status == 404)
    }

    @Test(
        "takes what changes nothing",
        arguments: [("x-amz-storage-class", "STANDARD"), ("x-amz-acl", "private")]
    )
    func harmless(_ name: String, _ value: String) async throws {
        var headers = HTTPHeaders()
        headers[name] = value
        #expect(try await RawClient().send("PUT", "/bucket/a", headers, "1").status == 200)
    }

    @Test func keysHaveABound() async throws {
        let client = RawClient()
        let longest = String(repeating: "k", count: 1_024)
        #expect(try await client.send("PUT", "/bucket/\(longest)", [:], "1").status == 200)
        let answer = try await client.send("PUT", "/bucket/\(longest)k", [:], "1")
        #expect(answer.status == 400)
        #expect(answer.code == "KeyTooLongError")
        #expect(try await client.send("PUT", "/bucket/%FF", [:], "1").code == "InvalidURI")
    }

    @Test func aBodyMustSayHowLongItIs() async throws {
        let body = BlobBody(AsyncStream<[UInt8]> { $0.finish() })
        let answer = try await RawClient().send("PUT", "/bucket/a", [:], body)
        #expect(answer.status == 411)
        #expect(answer.code == "MissingContentLength")
    }

    @Test func copies() async throws {
        let client = RawClient()
        let put: HTTPHeaders = ["x-amz-meta-a": "1", "Content-Type": "text/a"]
        _ = try await client.send("PUT", "/bucket/c%20o+%2541%C3%BC%3Fx", put, "copy")
        let source = "/bucket/c%20o+%2541%C3%BC%3Fx"
        let copy = try await client.send("PUT", "/bucket/b", ["x-amz-copy-source": source])
        #expect(copy.status == 200)
        #expect(try copy.document.isNamed("CopyObjectResult"))
        let kept = try await client.send("GET", "/bucket/b")
        #expect(kept.text == "copy")
        #expect(kept.headers["x-amz-meta-a"] == "1")
        #expect(kept.headers["Content-Type"] == "text/a")
        let replace: HTTPHeaders = [
            "x-amz-copy-source": source, "x-amz-metadata-directive": "REPLACE",
            "x-amz-meta-b": "2", "Content-Type": "text/b",
        ]
        #expect(try await client.send("PUT", "/bucket/b", replace).status == 200)
        let replaced = try await client.send("HEAD", "/bucket/b")
        #expect(replaced.headers["x-amz-meta-a"] == nil)
        #expect(replaced.headers["x-amz-meta-b"] == "2")
        let onto = try await client.send("PUT", "/bucket/b", ["x-amz-copy-source": "bucket/b"])
        #expect(onto.code == "InvalidRequest")
        let missing = try await client.send("PUT", "/bucket/b", ["x-amz-copy-source": "bucket/no"])
        #expect(missing.code == "NoSuchKey")
        let etag = try #require(kept.headers["ETag"])
        for (name, value, status) in [
            ("if-match", "\"no\"", 412), ("if-none-match", "*", 412),
            ("if-modified-since", "Fri, 01 Jan 2100 00:00:00 GMT", 412),
            ("if-none-match", etag, 200),
        ] {
            var headers: HTTPHeaders = ["x-amz-copy-source": source]
            headers["x-amz-copy-source-\(name)"] = value
            let answer = try await client.send("PUT", "/bucket/d", headers)
            #expect(answer.status == status, "\(name): \(value)")
        }
    }

    @Test func aPresignedURLMayCarryTheSourceOfACopy() async throws {
        let store = InMemoryStore()
        _ = try await store.put("a", "source")
        let answer = try await GatewayFixture.sendPresigned(
            .put,
            "/b/k",
            "x-amz-copy-source=%2Fb%2Fa",
            to: store,
            "other"
        )
        #expect(try answer.document.isNamed("CopyObjectResult"))
        let kept = try await store.get("k", range: nil, options: GetOptions())
        #expect(try await kept.body.collect(upTo: 100) == Array("source".utf8))
    }

    @Test func deletesMany() async throws {
        let client = RawClient()
        for key in ["a", "b"] { _ = try await client.send("PUT", "/bucket/\(key)", [:], "1") }
        func document(_ keys: [String], quiet: Bool) -> String {
            "<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                + (quiet ? "<Quiet>true</Quiet>" : "")
                + keys.map { "<Object><Key>\($0)</Key></Object>" }.joined() + "</Delete>"
        }
        func send(_ text: String) async throws -> RawClient.Answer {
            let checksum = Checksum.of(Array(text.utf8), .sha256)
            let headers: HTTPHeaders = ["x-amz-checksum-sha256": checksum.base64]
            return try await client.send("POST", "/bucket?delete", headers, text)
        }
        let loud = try await send(document(["a", "none"], quiet: false))
        #expect(try loud.document.children(named: "Deleted").count == 2)
        let quiet = try await send(document(["b"], quiet: true))
        #expect(quiet.status == 200)
        #expect(try quiet.document.children.isEmpty)
        #expect(try await client.send("GET", "/bucket/b").status == 404)
        let many = (0...1_000).map { "k\($0)" }
        #expect(try await send(document(many, quiet: true)).code == "MalformedXML")
        #expect(try await send("<Delete>").code == "MalformedXML")
        let bare = document(["a"], quiet: true)
        #expect(try await client.send("POST", "/bucket?delete", [:], bare).status == 400)
        // What arrives is not what was meant.
        let wrong: HTTPHeaders = ["x-amz-checksum-sha256": Checksum.of([], .sha256).base64]
        #expect(try await client.send("POST", "/bucket?delete", wrong, bare).status == 400)
    }
}
