import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Testing

/// An upload belongs to its key, whoever knows its id.
@Suite struct UploadRightsTests {
    @Test(
        "an id opens no upload of another key",
        arguments: GatewayConformanceTests.Backing.allCases
    )
    func ids(_ backing: GatewayConformanceTests.Backing) async throws {
        let folder = try ScratchFolder()
        let fixture =
            switch backing {
            case .memory: try await RightsFixture()
            case .disk: try await RightsFixture(try await folder.store())
            }
        let upload = try await fixture.store.createMultipartUpload(
            "b/m",
            options: MultipartOptions()
        )
        let part = try await fixture.store.uploadPart(
            1,
            of: upload,
            BlobBody([1, 2, 3]),
            checksum: nil
        )
        let client = fixture.client(GatewayRight(prefix: "a/"))
        let document =
            "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>\(part.etag.text)</ETag>"
            + "</Part></CompleteMultipartUpload>"
        for asked in [
            Asked("PUT", "/bucket/a/m?partNumber=1&uploadId=\(upload.id)", [:], "evil"),
            Asked(
                "PUT",
                "/bucket/a/m?partNumber=1&uploadId=\(upload.id)",
                ["x-amz-copy-source": "/bucket/a/x"]
            ),
            Asked("GET", "/bucket/a/m?uploadId=\(upload.id)"),
            Asked("POST", "/bucket/a/m?uploadId=\(upload.id)", [:], document),
            Asked("DELETE", "/bucket/a/m?uploadId=\(upload.id)"),
        ] {
            #expect(try await asked.send(client).code == "NoSuchUpload", "\(asked)")
        }
        let found = try await fixture.store.listParts(of: upload, startAfter: 0, limit: 10)
        #expect(found.parts == [part])
        let lists = ["prefix=", "", "prefix=b/", "prefix=a"]
        for query in lists {
            let answer = try await client.send("GET", "/bucket?uploads&\(query)")
            #expect(answer.code == "AccessDenied")
        }
    }
}

/// Who may make, delete, see and list buckets.
@Suite struct BucketRightsTests {
    private func client(_ buckets: DynamicBuckets, _ rights: GatewayRight...) -> RawClient {
        RawClient(buckets: buckets) { $0.anonymousRights = rights }
    }

    private func buckets() async throws -> DynamicBuckets {
        let buckets = DynamicBuckets.inMemory()
        for name in ["one", "two"] { try await buckets.create(name) }
        return buckets
    }

    private func names(_ answer: RawClient.Answer) throws -> [String] {
        let list = try answer.document.child("Buckets")?.children(named: "Bucket") ?? []
        return list.compactMap { $0.child("Name")?.text }
    }

    @Test func aKeySeesTheBucketsThatItMayList() async throws {
        let buckets = try await buckets()
        let all = client(buckets, GatewayRight([.list]))
        #expect(try names(try await all.send("GET", "/")) == ["one", "two"])
        let one = client(buckets, GatewayRight([.list], bucket: "one", prefix: "a/"))
        #expect(try names(try await one.send("GET", "/")) == ["one"])
        let reader = client(buckets, GatewayRight([.read, .write], bucket: "one"))
        #expect(try await reader.send("GET", "/").code == "AccessDenied")
        #expect(try await reader.send("HEAD", "/one").status == 200)
        for client in [one, reader] {
            for asked in [
                Asked("HEAD", "/two"), Asked("HEAD", "/none"), Asked("GET", "/two?location"),
                Asked("GET", "/none?location"), Asked("GET", "/two"), Asked("GET", "/none"),
                Asked("GET", "/none/a"), Asked("GET", "/two/a"),
            ] {
                // Whether there is such a bucket is not told.
                #expect(try await asked.send(client).status == 403, "\(asked)")
            }
        }
    }

    @Test(
        "a bucket is made and deleted by whoever may write everywhere",
        arguments: [
            GatewayRight([.read, .list]), GatewayRight(bucket: "one"), GatewayRight(prefix: "a/"),
            GatewayRight(bucket: "three"),
        ]
    )
    func makers(_ right: GatewayRight) async throws {
        let buckets = try await buckets()
        let narrow = client(buckets, right)
        #expect(try await narrow.send("PUT", "/three").code == "AccessDenied")
        #expect(try await narrow.send("DELETE", "/one").code == "AccessDenied")
        #expect(try await narrow.send("DELETE", "/none").code == "AccessDenied")
        let wide = client(buckets, GatewayRight([.write]))
        #expect(try await wide.send("PUT", "/three").status == 200)
        #expect(try await wide.send("DELETE", "/three").status == 204)
    }

    @Test func nothingThatWasAcknowledgedIsLostWithItsBucket() async throws {
        for _ in 0..<50 {
            let buckets = DynamicBuckets.inMemory()
            let client = client(buckets, GatewayRight())
            try await buckets.create("race")
            async let put = client.send("PUT", "/race/a", [:], "x").status
            async let delete = client.send("DELETE", "/race").status
            let (written, deleted) = try await (put, delete)
            #expect([200, 404].contains(written) && [204, 409].contains(deleted))
            #expect(written == 404 || deleted == 409)
            if written == 200 {
                #expect(try await client.send("GET", "/race/a").status == 200)
            }
        }
    }

    @Test func aWriteThatOutlivesItsBucketIsNotAcknowledged() async throws {
        let buckets = DynamicBuckets.inMemory()
        let client = client(buckets, GatewayRight())
        try await buckets.create("race")
        let body = BlobBody(Deleting(buckets: buckets), byteCount: 1)
        let answer = try await client.send("PUT", "/race/a", [:], body)
        #expect(answer.code == "NoSuchBucket")
    }

    @Test func aBucketThatIsFilledMeanwhileStays() async throws {
        let store = InMemoryStore()
        let buckets = DynamicBuckets(["b": store]) { _ in InMemoryStore() }
        _ = try await store.put("a", BlobBody([1]))
        let error = await #expect(throws: BlobError.self) { try await buckets.delete("b") }
        #expect(error?.kind == .conflict)
        #expect(buckets.store(of: "b") != nil)
    }

    /// A body during which the bucket is deleted.
    private struct Deleting: AsyncSequence, Sendable {
        let buckets: DynamicBuckets

        struct Iterator: AsyncIteratorProtocol {
            var buckets: DynamicBuckets?

            mutating func next() async throws -> [UInt8]? {
                guard let buckets else { return nil }
                self.buckets = nil
                try await buckets.delete("race")
                return [1]
            }
        }

        func makeAsyncIterator() -> Iterator { Iterator(buckets: buckets) }
    }
}
