import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// Forms from their first byte to the answer.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
@Suite struct FormGatewayTests {
    /// A gateway at the time of the forms, and what it keeps.
    private struct Place {
        let store = InMemoryStore()
        let client: RawClient

        init(
            _ rights: [GatewayRight] = [GatewayRight()],
            _ adjust: (inout S3GatewayConfiguration) -> Void = { _ in }
        ) {
            let key = GatewayAccessKey(GatewayFixture.credentials, rights: rights)
            var configuration = S3GatewayConfiguration(
                buckets: FixedBuckets(["examplebucket": store]),
                accessKeys: [key]
            )
            configuration.region = "eu-west-1"
            adjust(&configuration)
            client = RawClient(S3Gateway(configuration, time: GatewayFixture.time()))
        }

        func post(
            _ form: FormFixture,
            _ headers: HTTPHeaders = [:],
            byteCount: Int64? = nil
        ) async throws -> RawClient.Answer {
            var headers = headers
            headers["Content-Type"] = "multipart/form-data; boundary=\(FormFixture.boundary)"
            let bytes = form.bytes
            let body = BlobBody(
                CutBytes(bytes: bytes, size: 100),
                byteCount: byteCount ?? Int64(bytes.count)
            )
            return try await client.send("POST", "/examplebucket", headers, body)
        }

        func isEmpty() async throws -> Bool {
            try await store.list(ListOptions()).blobs.isEmpty
        }
    }

    private static let anonymous: @Sendable (inout S3GatewayConfiguration) -> Void = {
        $0.anonymousRights = [GatewayRight([.write], prefix: "in/")]
    }

    private func form(_ name: String, _ value: String) -> FormFixture {
        FormFixture(extra: ["{\"\(name)\": \"\(value)\"}"], fields: [(name, value)])
    }

    @Test func answersWithoutADocument() async throws {
        for (field, status) in [("", 204), ("200", 200), ("204", 204), ("404", 204)] {
            let place = Place()
            let sent = field.isEmpty ? FormFixture() : form("success_action_status", field)
            let answer = try await place.post(sent)
            #expect(answer.status == status)
            #expect(answer.body.isEmpty)
            #expect(answer.headers["Location"] == "/examplebucket/u/cat.jpg")
            let kept = try await place.store.head("u/cat.jpg", options: HeadOptions())
            #expect(answer.headers["ETag"] == kept.etag.text)
            #expect(kept.byteCount == 1_000)
        }
    }

    @Test func answersWithADocument() async throws {
        let answer = try await Place().post(form("success_action_status", "201"))
        #expect(answer.status == 201)
        let root = try answer.document
        #expect(root.isNamed("PostResponse"))
        #expect(root.child("Bucket")?.text == "examplebucket")
        #expect(root.child("Key")?.text == "u/cat.jpg")
        #expect(root.child("ETag")?.text == answer.headers["ETag"])
        #expect(root.child("Location")?.text == answer.headers["Location"])
    }

    @Test(
        "sends the browser on, with what was kept",
        arguments: [
            ("https://app.example/done", "https://app.example/done?"),
            ("https://app.example/done?a=1", "https://app.example/done?a=1&"),
        ]
    )
    func redirects(_ target: String, _ start: String) async throws {
        let answer = try await Place().post(form("success_action_redirect", target))
        #expect(answer.status == 303)
        let etag = try #require(answer.headers["ETag"]).replacing("\"", with: "%22")
        #expect(
            answer.headers["Location"]
                == "\(start)bucket=examplebucket&key=u%2Fcat.jpg&etag=\(etag)"
        )
    }

    @Test(
        "sends the browser nowhere that is no address",
        arguments: ["javascript:alert(1)", "//evil.example", "https://a\u{7F}", ""]
    )
    func noAddresses(_ target: String) async throws {
        #expect(try await Place().post(form("success_action_redirect", target)).status == 204)
    }

    @Test func keepsNothingOfAFileOfAnotherSize() async throws {
        for (count, code) in [(0, "EntityTooSmall"), (1_001, "EntityTooLarge"), (50_000, nil)] {
            let place = Place()
            var form = FormFixture()
            form.file = BodyFixture.pattern(count)
            let answer = try await place.post(form)
            #expect(answer.status == 400)
            #expect(answer.code == code ?? "EntityTooLarge")
            #expect(try await place.isEmpty())
        }
    }

    @Test func keepsNothingOfAFormThatIsCutOff() async throws {
        let place = Place()
        var form = FormFixture()
        form.file = []
        form.after = "no boundary"
        #expect(try await place.post(form).status == 400)
        #expect(try await place.isEmpty())
    }

    @Test func theFilesNameIsPartOfTheKey() async throws {
        let place = Place()
        var form = FormFixture(
            key: "u/${filename}",
            keyCondition: "[\"starts-with\", \"$key\", \"u/\"]"
        )
        form.fileName = "C:\\x\\../../b.txt"
        #expect(try await place.post(form).headers["Location"] == "/examplebucket/u/b.txt")
        #expect(try await place.store.exists("u/b.txt"))
    }

    @Test(
        "whoever signed must be allowed to write the key",
        arguments: [
            ([GatewayRight([.read, .list])], 403), ([GatewayRight(prefix: "v/")], 403),
            ([GatewayRight(bucket: "other")], 403), ([], 403),
            ([GatewayRight([.write], bucket: "examplebucket", prefix: "u/")], 204),
        ]
    )
    func signers(_ rights: [GatewayRight], _ status: Int) async throws {
        // What anybody may do makes no difference to somebody who signs.
        let place = Place(rights, Self.anonymous)
        let answer = try await place.post(FormFixture())
        #expect(answer.status == status)
        #expect(try await place.isEmpty() == (status == 403))
        if status == 403 { #expect(answer.code == "AccessDenied") }
    }

    @Test func anybodyMayWriteWhereTheRightSaysSo() async throws {
        let place = Place([], Self.anonymous)
        var form = FormFixture()
        form.fields = [("key", "in/${filename}")]
        #expect(try await place.post(form).status == 204)
        #expect(try await place.store.exists("in/cat.jpg"))
        form.fields = [("key", "out/${filename}")]
        #expect(try await place.post(form).code == "AccessDenied")
        // The name of a file can't lead out.
        form.fields = [("key", "${filename}")]
        form.fileName = "in/cat"
        #expect(try await place.post(form).code == "AccessDenied")
        let closed = Place([])
        form.fields = [("key", "in/a")]
        #expect(try await closed.post(form).code == "AccessDenied")
    }

    @Test func aFormHasNoMoreThanOneRequestMayBring() async throws {
        // 5 GiB, as https://docs.aws.amazon.com/AmazonS3/latest/userguide/upload-objects.html has it.
        let byteCount: Int64 = 5 << 30 + 10_000
        let place = Place([GatewayRight()], Self.anonymous)
        var form = FormFixture(extra: [])
        #expect(try await place.post(form, byteCount: byteCount).code == "EntityTooLarge")
        form.fields = [("key", "in/a")]
        #expect(try await place.post(form, byteCount: byteCount).code == "EntityTooLarge")
        #expect(try await place.isEmpty())
    }

    @Test func theTagsOfAFormAreADocument() async throws {
        let place = Place()
        let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b c</Value></Tag></TagSet></Tagging>"
        #expect(try await place.post(form("tagging", tags)).status == 204)
        #expect(try await place.store.tags(of: "u/cat.jpg") == BlobTags(["a": "b c"]))
    }

    @Test func refusesWhatItWouldNotKeep() async throws {
        for (name, value, code) in [
            ("acl", "public-read", "AccessControlListNotSupported"),
            ("tagging", "<Tagging", "MalformedXML"),
            ("x-amz-storage-class", "GLACIER", "InvalidStorageClass"),
            ("x-amz-server-side-encryption", "AES256", "NotImplemented"),
            ("x-amz-mfa", "1 2", "NotImplemented"),
            ("x-amz-expected-bucket-owner", "111122223333", "AccessDenied"),
        ] {
            let place = Place()
            #expect(try await place.post(form(name, value)).code == code, "\(name)")
            #expect(try await place.isEmpty())
        }
        #expect(try await Place().post(form("acl", "private")).status == 204)
    }
}
