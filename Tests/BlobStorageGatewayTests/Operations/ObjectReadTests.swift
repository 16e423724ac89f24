import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Testing

/// GetObject and HeadObject, as S3's reference and RFC 9110 have them.
@Suite struct ObjectReadTests {
    private static let key = "/bucket/a"

    /// A blob of ten digits.
    private func client(_ headers: HTTPHeaders = HTTPHeaders()) async throws -> RawClient {
        let client = RawClient()
        let answer = try await client.send("PUT", Self.key, headers, "0123456789")
        #expect(answer.status == 200)
        return client
    }

    @Test(
        "serves a range",
        arguments: [
            ("bytes=2-4", "234", "bytes 2-4/10"), ("bytes=7-", "789", "bytes 7-9/10"),
            ("bytes=-3", "789", "bytes 7-9/10"), ("bytes=5-99", "56789", "bytes 5-9/10"),
            ("bytes=-99", "0123456789", "bytes 0-9/10"), ("Bytes=0-0", "0", "bytes 0-0/10"),
        ]
    )
    func range(_ range: String, _ text: String, _ place: String) async throws {
        let client = try await client()
        let answer = try await client.send("GET", Self.key, ["Range": range])
        #expect(answer.status == 206)
        #expect(answer.text == text)
        #expect(answer.headers["Content-Range"] == place)
        let head = try await client.send("HEAD", Self.key, ["Range": range])
        #expect(head.status == 206)
        #expect(head.headers["Content-Range"] == place)
        #expect(head.headers["Content-Length"] == String(text.utf8.count))
        #expect(head.body.isEmpty)
    }

    @Test(
        "ignores what is no single range of bytes",
        arguments: ["bytes=x-y", "bytes=4-2", "lines=1-2", "bytes=0-1,3-4", "bytes=+1-2", "bytes"]
    )
    func noRange(_ range: String) async throws {
        let answer = try await client().send("GET", Self.key, ["Range": range])
        #expect(answer.status == 200)
        #expect(answer.text == "0123456789")
        #expect(answer.headers["Content-Range"] == nil)
    }

    @Test("refuses a range that the blob does not have", arguments: ["bytes=10-", "bytes=-0"])
    func rangeBeyondTheEnd(_ range: String) async throws {
        let client = try await client()
        let answer = try await client.send("GET", Self.key, ["Range": range])
        #expect(answer.status == 416)
        #expect(answer.code == "InvalidRange")
        _ = try await client.send("PUT", "/bucket/empty")
        let empty = try await client.send("GET", "/bucket/empty", ["Range": "bytes=-1"])
        #expect(empty.status == 416)
    }

    @Test func judgesConditions() async throws {
        let client = try await client()
        let head = try await client.send("HEAD", Self.key)
        let etag = try #require(head.headers["ETag"])
        let time = try #require(head.headers["Last-Modified"])
        let past = "Mon, 01 Jan 2001 00:00:00 GMT"
        let expected: [(HTTPHeaders, Int)] = [
            (["If-Match": etag], 200), (["If-Match": "\"no\""], 412),
            (["If-Match": "\"no\", \(etag)"], 200), (["If-Match": "*"], 200),
            (["If-Match": "\"no\", \"neither\""], 412),
            (["If-None-Match": etag], 304), (["If-None-Match": "\"no\""], 200),
            (["If-None-Match": "\"no\", W/\(etag)"], 304), (["If-None-Match": "*"], 304),
            (["If-None-Match": "\"no\", \"neither\""], 200),
            (["If-Modified-Since": past], 200), (["If-Modified-Since": time], 304),
            (["If-Unmodified-Since": past], 412), (["If-Unmodified-Since": time], 200),
            (["If-Modified-Since": "yesterday"], 200),
            // RFC 9110, section 13.2.2: an etag goes before a date.
            (["If-Match": etag, "If-Unmodified-Since": past], 200),
            (["If-None-Match": "\"no\"", "If-Modified-Since": time], 200),
        ]
        for (headers, status) in expected {
            for method in ["GET", "HEAD"] {
                let answer = try await client.send(method, Self.key, headers)
                #expect(answer.status == status, "\(method) \(headers)")
                if status == 304 {
                    #expect(answer.body.isEmpty)
                    #expect(answer.headers["ETag"] == etag)
                    #expect(answer.headers["Last-Modified"] == time)
                    // RFC 9110, section 8.6: what 200 would have.
                    #expect(answer.headers["Content-Length"] == "10")
                }
            }
        }
    }

    /// RFC 9110, section 15.4.5: what a `200` would say to a cache.
    @Test func aCacheKeepsWhatItWasTold() async throws {
        let client = try await client(["Cache-Control": "max-age=3"])
        let etag = try #require(try await client.send("HEAD", Self.key).headers["ETag"])
        for condition in [etag, "*", "\"no\", \(etag)"] {
            for method in ["GET", "HEAD"] {
                let answer = try await client.send(method, Self.key, ["If-None-Match": condition])
                #expect(answer.status == 304)
                #expect(answer.headers["Cache-Control"] == "max-age=3")
                #expect(answer.headers["ETag"] == etag)
            }
        }
    }

    @Test func servesARangeOfTheVersionNamedOnly() async throws {
        let client = try await client()
        let etag = try #require(try await client.send("HEAD", Self.key).headers["ETag"])
        let same = try await client.send("GET", Self.key, ["Range": "bytes=1-1", "If-Range": etag])
        #expect(same.text == "1")
        let other = try await client.send(
            "GET",
            Self.key,
            ["Range": "bytes=1-1", "If-Range": "\"no\""]
        )
        #expect(other.text == "0123456789")
    }

    @Test func tellsWhatWasPut() async throws {
        let put: HTTPHeaders = [
            "Content-Type": "text/x-a", "Cache-Control": "max-age=3", "Content-Language": "de",
            "Content-Encoding": "aws-chunked,gzip", "Content-Disposition": "inline",
            "Expires": "0",
            "x-amz-meta-Some-Name": "Value 1", "x-amz-meta-empty": "",
            // RFC 2047, as S3's guide to metadata has it.
            "x-amz-meta-word": "=?UTF-8?B?Z3LDvMOfZQ==?=",
        ]
        let client = try await client(put)
        for method in ["GET", "HEAD"] {
            let answer = try await client.send(method, Self.key)
            #expect(answer.headers["Content-Type"] == "text/x-a")
            #expect(answer.headers["Cache-Control"] == "max-age=3")
            #expect(answer.headers["Content-Language"] == "de")
            #expect(answer.headers["Content-Encoding"] == "gzip")
            #expect(answer.headers["Content-Disposition"] == "inline")
            #expect(answer.headers["Expires"] == "0")
            #expect(answer.headers["x-amz-meta-some-name"] == "Value 1")
            #expect(answer.headers["x-amz-meta-empty"] == "")
            #expect(answer.headers["x-amz-meta-word"] == "=?UTF-8?B?Z3LDvMOfZQ==?=")
            #expect(answer.headers["Accept-Ranges"] == "bytes")
        }
    }

    @Test(
        "what can script is served to be saved",
        arguments: [
            "text/html", "TEXT/HTML; charset=utf-8", "image/svg+xml", "application/xml", "x",
        ]
    )
    func scripts(_ type: String) async throws {
        let headers: HTTPHeaders = [
            "Content-Type": type, "Content-Disposition": "inline; filename=\"a.html\"",
        ]
        let answer = try await client(headers).send("GET", Self.key)
        #expect(answer.headers["Content-Disposition"] == "attachment; filename=\"a.html\"")
        #expect(answer.headers["X-Content-Type-Options"] == "nosniff")
        #expect(answer.headers["Content-Security-Policy"]?.contains("sandbox") == true)
        let separate = RawClient { $0.isSeparateOrigin = true }
        _ = try await separate.send("PUT", Self.key, headers, "x")
        let plain = try await separate.send("GET", Self.key)
        #expect(plain.headers["Content-Disposition"] == "inline; filename=\"a.html\"")
    }

    @Test func overridesNeedASignature() async throws {
        let answer = try await client().send("GET", Self.key + "?response-content-type=text/html")
        #expect(answer.status == 400)
        #expect(answer.code == "InvalidRequest")
    }

    @Test func aMissingBlobHasADocument() async throws {
        let client = RawClient()
        let answer = try await client.send("GET", "/bucket/none")
        #expect(answer.status == 404)
        #expect(answer.code == "NoSuchKey")
        let id = try #require(answer.headers["x-amz-request-id"])
        #expect(try answer.document.child("RequestId")?.text == id)
        #expect(try answer.document.child("Resource")?.text == "/bucket/none")
        let head = try await client.send("HEAD", "/bucket/none")
        #expect(head.status == 404)
        #expect(head.body.isEmpty)
        let bucket = try await client.send("GET", "/other/a")
        #expect(bucket.code == "NoSuchBucket")
    }
}
