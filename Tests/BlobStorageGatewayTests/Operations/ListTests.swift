import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Testing

/// ListObjects, ListObjectsV2, ListMultipartUploads and ListBuckets, as S3's reference has them.
@Suite struct ListTests {
    private func client() async throws -> RawClient {
        let client = RawClient()
        for key in ["a/1", "a/2", "b", "c%20%2B", "d/1"] {
            _ = try await client.send("PUT", "/bucket/\(key)", [:], "x")
        }
        return client
    }

    private func keys(_ answer: RawClient.Answer) throws -> [String] {
        try answer.document.children(named: "Contents").compactMap { $0.child("Key")?.text }
    }

    private func prefixes(_ answer: RawClient.Answer) throws -> [String] {
        try answer.document.children(named: "CommonPrefixes")
            .compactMap { $0.child("Prefix")?.text }
    }

    @Test func pagesByToken() async throws {
        let client = try await client()
        var found: [String] = []
        var token = ""
        var pageCount = 0
        repeat {
            let answer = try await client.send(
                "GET",
                "/bucket?list-type=2&delimiter=/&max-keys=2\(token)"
            )
            let root = try answer.document
            #expect(root.child("KeyCount")?.text == "2")
            found += try keys(answer) + prefixes(answer)
            token =
                root.child("NextContinuationToken").map {
                    "&continuation-token="
                        + $0.text.replacing("=", with: "%3D").replacing("+", with: "%2B")
                } ?? ""
            #expect(root.child("IsTruncated")?.text == (token.isEmpty ? "false" : "true"))
            pageCount += 1
        } while !token.isEmpty && pageCount < 9
        #expect(found.sorted() == ["a/", "b", "c +", "d/"])
        #expect(pageCount == 2)
    }

    @Test func pagesByMarker() async throws {
        let client = try await client()
        let first = try await client.send("GET", "/bucket?delimiter=/&max-keys=1")
        #expect(try prefixes(first) == ["a/"])
        #expect(try first.document.child("NextMarker")?.text == "a/")
        let second = try await client.send("GET", "/bucket?delimiter=/&max-keys=2&marker=a/")
        #expect(try keys(second) == ["b", "c +"])
        let owners = try second.document.children(named: "Contents").compactMap {
            $0.child("Owner")
        }
        #expect(owners.count == 2)
    }

    @Test func encodesKeys() async throws {
        let answer = try await client().send(
            "GET",
            "/bucket?list-type=2&encoding-type=url&prefix=c%20&start-after=c"
        )
        #expect(try keys(answer) == ["c%20%2B"])
        #expect(try answer.document.child("Prefix")?.text == "c%20")
        #expect(try answer.document.child("EncodingType")?.text == "url")
    }

    @Test(
        "refuses what is no listing",
        arguments: [
            "max-keys=x", "max-keys=-1", "encoding-type=xml", "continuation-token=%21",
        ]
    )
    func refusals(_ query: String) async throws {
        let answer = try await client().send("GET", "/bucket?list-type=2&\(query)")
        #expect(answer.status == 400)
        #expect(answer.code == "InvalidArgument")
    }

    @Test func anEmptyPageIsAnAnswer() async throws {
        let answer = try await client().send("GET", "/bucket?max-keys=0")
        #expect(answer.status == 200)
        #expect(try keys(answer) == [])
        #expect(try answer.document.child("IsTruncated")?.text == "false")
    }

    @Test func listsUploads() async throws {
        let client = RawClient()
        for key in ["a/1", "a/2", "b", "b", "c"] {
            _ = try await client.send("POST", "/bucket/\(key)?uploads")
        }
        var found: [String] = []
        var query = ""
        for _ in 0..<9 {
            let answer = try await client.send(
                "GET",
                "/bucket?uploads&max-uploads=1&delimiter=/" + query
            )
            let root = try answer.document
            found += root.children(named: "Upload").compactMap { $0.child("Key")?.text }
            found += try prefixes(answer)
            guard root.child("IsTruncated")?.text == "true" else { break }
            let key = try #require(root.child("NextKeyMarker")?.text)
            let id = try #require(root.child("NextUploadIdMarker")?.text)
            query = "&key-marker=\(key)&upload-id-marker=\(id)"
        }
        #expect(found == ["a/", "b", "b", "c"])
        let behind = try await client.send("GET", "/bucket?uploads&key-marker=b")
        #expect(try behind.document.children(named: "Upload").count == 1)
    }

    @Test func bucketsComeAndGo() async throws {
        let client = RawClient(buckets: DynamicBuckets.inMemory())
        #expect(try await client.send("PUT", "/photos").status == 200)
        #expect(try await client.send("PUT", "/photos").code == "BucketAlreadyOwnedByYou")
        #expect(try await client.send("HEAD", "/photos").status == 200)
        #expect(try await client.send("HEAD", "/none").status == 404)
        for name in ["Bad_Name!", "ab", "a..b", "192.168.5.4", "-ab", "A%20b"] {
            #expect(try await client.send("PUT", "/\(name)").code == "InvalidBucketName")
        }
        let list = try await client.send("GET", "/")
        let buckets = try list.document.child("Buckets")?.children(named: "Bucket") ?? []
        #expect(buckets.compactMap { $0.child("Name")?.text } == ["photos"])
        _ = try await client.send("PUT", "/photos/a", [:], "x")
        #expect(try await client.send("DELETE", "/photos").code == "BucketNotEmpty")
        _ = try await client.send("DELETE", "/photos/a")
        #expect(try await client.send("DELETE", "/photos").status == 204)
        #expect(try await client.send("GET", "/photos/a").code == "NoSuchBucket")
    }

    @Test(
        "tells the settings of a bucket without any",
        arguments: [
            ("location", 200, nil), ("versioning", 200, nil), ("acl", 200, nil),
            ("cors", 404, "NoSuchCORSConfiguration"), ("policy", 404, "NoSuchBucketPolicy"),
            ("lifecycle", 404, "NoSuchLifecycleConfiguration"), ("versions", 501, "NotImplemented"),
        ] as [(String, Int, String?)]
    )
    func settings(_ name: String, _ status: Int, _ code: String?) async throws {
        let answer = try await RawClient().send("GET", "/bucket?\(name)")
        #expect(answer.status == status)
        if let code { #expect(answer.code == code) }
    }

    /// As https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html has it.
    @Test func tellsTheRulesForOtherOrigins() async throws {
        let client = RawClient { configuration in
            configuration.cors = [
                "": [CORSRule(origins: ["https://b"], methods: ["GET"], maximumAgeSeconds: nil)],
                "bucket": [
                    CORSRule(
                        origins: ["https://a"],
                        methods: ["PUT", "GET"],
                        allowedHeaders: ["x"]
                    )
                ],
            ]
        }
        let answer = try await client.send("GET", "/bucket?cors")
        #expect(answer.status == 200)
        let rules = try answer.document.children(named: "CORSRule")
        func texts(_ name: StaticString) -> [[String]] {
            rules.map { $0.children(named: name).map(\.text) }
        }
        #expect(texts("AllowedOrigin") == [["https://a"], ["https://b"]])
        #expect(texts("AllowedMethod") == [["GET", "PUT"], ["GET"]])
        #expect(texts("AllowedHeader") == [["x"], ["*"]])
        #expect(texts("ExposeHeader") == [["etag", "x-amz-*"], ["etag", "x-amz-*"]])
        #expect(texts("MaxAgeSeconds") == [["3600"], []])
    }
}
