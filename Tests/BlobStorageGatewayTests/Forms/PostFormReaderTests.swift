import BlobStorage
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

@Suite struct PostFormReaderTests {
    @Test func aFormIsReadHoweverItIsCut() async throws {
        var form = FormFixture()
        // Beginnings of the delimiter, which are none, at every place.
        let near = "\r\n--\(FormFixture.boundary.dropLast())"
        form.file = [UInt8]("\r\n\(near)\r\r\n--\(near)\r\n-".utf8)
        for size in 1...200 {
            let found = await form.outcome(size: size)
            #expect(found.code == nil, "\(size)")
            try #require(found.file == form.file)
        }
        for count in [0, 1, 100_000] {
            form.file = BodyFixture.pattern(count)
            let open = FormFixture(extra: [])
            form.fields = open.fields
            for size in [1_000, 65_536] {
                #expect(await form.outcome(size: size).file == form.file)
            }
        }
    }

    @Test func whatTheFormSaysComesAlong() async throws {
        let form = FormFixture(
            extra: [
                "[\"starts-with\", \"$Content-Type\", \"image/\"]", "{\"x-amz-meta-a\": \"b\"}",
                "{\"success_action_status\": \"201\"}",
                "[\"starts-with\", \"$x-amz-checksum-crc32\", \"\"]",
            ],
            fields: [
                ("Content-Type", "image/png"), ("x-amz-meta-a", "b"),
                ("success_action_status", "201"), ("x-amz-checksum-crc32", "AAAAAA=="),
                ("x-ignore-this", "yes"),
            ]
        )
        let upload = try await form.upload()
        #expect(upload.key == "u/cat.jpg")
        #expect(upload.caller.accessKeyID == "AKIDEXAMPLE")
        #expect(upload.caller.headers["content-type"] == "image/png")
        #expect(upload.caller.headers["x-amz-meta-a"] == "b")
        #expect(upload.caller.headers["x-amz-signature"] == nil)
        #expect(upload.success == .status(201))
        #expect(await BodyFixture.read(upload.caller.body).code == "BadDigest")
    }

    @Test(
        "puts the file's name into the key",
        arguments: [
            ("cat.jpg", "u/cat.jpg"), ("C:\\dir\\cat.jpg", "u/cat.jpg"), ("../../etc/x", "u/x"),
            ("a%22b.txt", "u/a\"b.txt"), ("${filename}", "u/${filename}"), ("", "u/"),
            ("ü 漢.txt", "u/ü 漢.txt"),
        ]
    )
    func fileNames(_ fileName: String, _ key: String) async throws {
        var form = FormFixture(
            key: "u/${filename}",
            keyCondition: "[\"starts-with\", \"$key\", \"u/\"]"
        )
        form.fileName = fileName
        #expect(try await form.upload().key.text == key)
    }

    @Test func aFileNameDoesNotLeaveThePrefix() async throws {
        var form = FormFixture(
            key: "${filename}",
            keyCondition: "[\"starts-with\", \"$key\", \"u/\"]"
        )
        form.fileName = "u/x"
        #expect(await form.outcome().code == "AccessDenied")
    }

    @Test(
        "enforces the range of lengths while the file comes",
        arguments: [
            (0, "EntityTooSmall"), (9, "EntityTooSmall"), (10, nil), (20, nil),
            (21, "EntityTooLarge"), (100_000, "EntityTooLarge"),
        ]
    )
    func lengths(_ count: Int, _ code: String?) async throws {
        var form = FormFixture(extra: ["[\"content-length-range\", 10, 20]"])
        form.file = BodyFixture.pattern(count)
        for size in [1, 700, 1 << 20] {
            let found = await form.outcome(size: size)
            #expect(found.code == code)
            if code == nil { #expect(found.file == form.file) }
            // No byte above the bound is handed on.
            #expect(found.file.count <= 20)
        }
    }

    @Test func aFileFarTooLargeIsRefusedBeforeItIsRead() async throws {
        var form = FormFixture(extra: ["[\"content-length-range\", 0, 1000]"])
        form.file = BodyFixture.pattern(1 << 20)
        let bytes = form.bytes
        let source = CutBytes(bytes: bytes, size: 4_096)
        let request = try FormFixture.request(BlobBody(source, byteCount: Int64(bytes.count)))
        let error = await #expect(throws: GatewayError.self) {
            _ = try await FormFixture.reader.read(request, bucket: "examplebucket")
        }
        #expect(error?.code == "EntityTooLarge")
        #expect(source.readCount.withLock { $0 } == 1)
    }

    @Test func aFormWithAnotherSecretOrAnExpiredPolicyIsRefused() async throws {
        #expect(await FormFixture(secret: "other").outcome().code == "SignatureDoesNotMatch")
        let expired = FormFixture(expiration: "2025-06-15T12:34:56Z")
        #expect(await expired.outcome().code == "AccessDenied")
    }

    @Test func aMissingDoubledChangedOrUnlistedFieldIsRefused() async throws {
        let form = FormFixture(
            extra: ["{\"x-amz-meta-a\": \"b\"}", "{\"acl\": \"private\"}"],
            fields: [("x-amz-meta-a", "b"), ("acl", "private")]
        )
        #expect(await form.outcome().code == nil)
        for index in form.fields.indices {
            let name = form.fields[index].name
            var missing = form
            missing.fields.remove(at: index)
            var doubled = form
            doubled.fields.append(form.fields[index])
            var recased = form
            recased.fields.append((name.uppercased(), form.fields[index].value))
            var changed = form
            changed.fields[index].value += "x"
            var empty = form
            empty.fields[index].value = ""
            var late = missing
            late.after =
                "--\(FormFixture.boundary)\r\nContent-Disposition: form-data; name=\"\(name)\"\r\n"
                + "\r\n\(form.fields[index].value)\r\n"
            for (what, other) in [
                ("missing", missing), ("doubled", doubled), ("recased", recased),
                ("changed", changed), ("empty", empty), ("late", late),
            ] {
                #expect(await other.outcome().code != nil, "\(what) \(name)")
            }
        }
        for field in [("x-amz-acl", "public-read"), ("Content-Type", "text/html"), ("bucket", "b")]
        {
            var added = form
            added.fields.append(field)
            #expect(await added.outcome().code == "AccessDenied")
        }
    }

    /// As `test_post_object_missing_policy_condition` of https://github.com/ceph/s3-tests wants it.
    @Test func aPolicyThatNamesNoBucketIsGoodForNone() async throws {
        #expect(await FormFixture(bucketConditions: []).outcome().code == "AccessDenied")
        let field = FormFixture(
            bucketConditions: [],
            fields: [("bucket", "examplebucket")]
        )
        #expect(await field.outcome().code == "AccessDenied")
        let any = FormFixture(bucketConditions: ["[\"starts-with\", \"$bucket\", \"ex\"]"])
        #expect(await any.outcome().code == nil)
    }

    /// https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html: "Each value
    /// in the list must meet the condition".
    @Test(
        "each type of a list must begin as the policy says",
        arguments: [
            ("image/png", nil), ("image/png, image/gif", nil),
            ("image/png,text/html", "AccessDenied"), ("image/png, text/html", "AccessDenied"),
            ("text/html,image/png", "AccessDenied"), ("", "AccessDenied"), (",", "AccessDenied"),
            // Where quotes end is told in several ways: of a backslash and of `'` too.
            ("image/png;x=\"\\\"\", text/html;y=\"", "AccessDenied"),
            ("image/png;x='\"', text/html;y='\"'", "AccessDenied"),
            ("image/png;x=\"a\", text/html", "AccessDenied"),
            // A comma is one whatever follows it, here an accent.
            ("image/png,\u{301}text/html", "AccessDenied"), ("image/png;x=\"\\\"\"", nil),
        ] as [(String, String?)]
    )
    func types(_ type: String, _ code: String?) async throws {
        let form = FormFixture(
            extra: ["[\"starts-with\", \"$Content-Type\", \"image/\"]"],
            fields: [("Content-Type", type)]
        )
        #expect(await form.outcome().code == code)
    }

    @Test func fieldsAfterTheFileAreRefusedButTheButton() async throws {
        var form = FormFixture()
        form.after =
            "--\(FormFixture.boundary)\r\nContent-Disposition: form-data; name=\"submit\"\r\n\r\n"
            + "Upload\r\n"
        #expect(await form.outcome().code == nil)
        form.after = form.after.replacing("submit", with: "acl")
        #expect(await form.outcome().code == "InvalidArgument")
        form.after = form.after.replacing("name=\"acl\"", with: "name=\"file\"")
        #expect(await form.outcome().code == "InvalidArgument")
    }

    @Test func aFormOfAnotherBucketIsRefused() async throws {
        let bytes = FormFixture().bytes
        let request = try FormFixture.request(BlobBody(bytes))
        let error = await #expect(throws: GatewayError.self) {
            _ = try await FormFixture.reader.read(request, bucket: "other")
        }
        #expect(error?.code == "AccessDenied")
    }

    @Test func everyCutFormIsRefused() async throws {
        var form = FormFixture()
        form.file = BodyFixture.pattern(20)
        let bytes = form.bytes
        // The last two bytes are a line end that nobody needs.
        for count in 0..<bytes.count - 2 {
            let body = BlobBody([UInt8](bytes[..<count]))
            var code: String?
            do {
                let request = try FormFixture.request(body)
                let upload = try await FormFixture.reader.read(request, bucket: "examplebucket")
                code = await BodyFixture.read(upload.caller.body).code
            } catch {
                code = (error as? GatewayError)?.code
            }
            #expect(code != nil, "\(count) bytes")
        }
    }

    @Test func anonymousFormsNeedRightsOfAnybody() async throws {
        var form = FormFixture()
        form.fields = [("key", "k"), ("x-amz-meta-a", "b")]
        #expect(await form.outcome().code == "AccessDenied")
        let open = PostFormReader(
            GatewayFixture.authenticator(anonymousRights: [GatewayRight([.write])]),
            time: GatewayFixture.time()
        )
        #expect(await form.outcome(size: 4_096, open).code == nil)
        form.fields.append(("x-amz-signature", String(repeating: "0", count: 64)))
        #expect(await form.outcome(size: 4_096, open).code == "InvalidArgument")
    }

    @Test func aStoreKeepsNothingOfAFormThatFails() async throws {
        let store = InMemoryStore()
        var form = FormFixture(extra: ["[\"content-length-range\", 10, 20]"])
        form.file = BodyFixture.pattern(500)
        let upload = try await form.upload(size: 16)
        await #expect(throws: GatewayError.self) {
            _ = try await store.put(upload.key, upload.caller.body, options: PutOptions())
        }
        #expect(try await store.exists(upload.key) == false)
    }
}
