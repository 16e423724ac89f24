import BlobStorage
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Testing

/// A caller does what its rights say, and a refusal is `AccessDenied`, as S3's reference has it.
@Suite struct RightsTests {
    private func isDenied(_ answer: RawClient.Answer) -> Bool {
        // The answer to HEAD has no document.
        answer.status == 403 && (answer.body.isEmpty || answer.code == "AccessDenied")
    }

    @Test("a right opens its operations and no others", arguments: GatewayRight.Access.allCases)
    func accesses(_ access: GatewayRight.Access) async throws {
        for prefix in ["", "a/"] {
            for (needed, operations) in Asked.all {
                for operation in operations {
                    let fixture = try await RightsFixture()
                    let client = fixture.client(
                        GatewayRight([access], bucket: "bucket", prefix: prefix)
                    )
                    let answer = try await operation.send(client)
                    #expect(isDenied(answer) == (access != needed), "\(operation)")
                    #expect(try await fixture.has("a/x") || !isDenied(answer))
                }
            }
        }
    }

    @Test(
        "a right ends where its prefix or its bucket does, by bytes",
        arguments: [
            GatewayRight(prefix: "b/"), GatewayRight(prefix: "A/"), GatewayRight(prefix: "a/x/"),
            GatewayRight(prefix: "\u{E9}/"), GatewayRight(bucket: "other"),
            GatewayRight(bucket: "Bucket"), GatewayRight([]), GatewayRight(prefix: "./a/"),
            GatewayRight(prefix: "/a/"),
        ]
    )
    func others(_ right: GatewayRight) async throws {
        for operation in Asked.all.values.joined() {
            let fixture = try await RightsFixture()
            let answer = try await operation.send(fixture.client(right))
            #expect(isDenied(answer), "\(operation)")
            #expect(try await fixture.has("a/x"))
        }
    }

    @Test(
        "keys are compared as bytes that were decoded once",
        arguments: [
            ("/bucket/%C3%A9/x", 200), ("/bucket/e%CC%81/x", 403), ("/bucket/%C3%A9%2Fx", 200),
            ("/bucket/%25C3%25A9/x", 403), ("/bucket//%C3%A9/x", 403), ("/bucket/%C3%A9", 403),
            ("/bucket/./%C3%A9/x", 403), ("/bucket/b/../%C3%A9/x", 403),
            // There is no such blob: it is not the blob `b/x`.
            ("/bucket/%C3%A9/../b/x", 404),
        ]
    )
    func bytes(_ target: String, _ status: Int) async throws {
        let client = try await RightsFixture().client(GatewayRight(prefix: "\u{E9}/"))
        #expect(try await client.send("GET", target).status == status)
    }

    @Test("a listing shows nothing outside the right", arguments: ["list-type=2&", ""])
    func listings(_ version: String) async throws {
        let fixture = try await RightsFixture()
        let client = fixture.client(GatewayRight(prefix: "a/"))
        for query in ["", "prefix=", "prefix=a", "prefix=b/", "delimiter=/", "prefix=A/"] {
            #expect(isDenied(try await client.send("GET", "/bucket?\(version)\(query)")))
        }
        // A token of somebody who may list more leads nowhere else.
        let all = try await fixture.client(GatewayRight())
            .send("GET", "/bucket?list-type=2&max-keys=1")
        let token = try #require(try all.document.child("NextContinuationToken")?.text)
            .replacing("=", with: "%3D").replacing("+", with: "%2B")
        for query in ["continuation-token=\(token)", "start-after=0", "marker=0", "delimiter=x"] {
            let answer = try await client.send("GET", "/bucket?\(version)prefix=a/&\(query)")
            #expect(!answer.text.contains("<Key>b/x") && !answer.text.contains("<Key>c"))
        }
    }

    @Test func aCopyNeedsTheRightToReadItsSource() async throws {
        let fixture = try await RightsFixture()
        let id = try await fixture.store.createMultipartUpload("a/m", options: MultipartOptions())
            .id
        let writes = GatewayRight([.write], bucket: "bucket")
        let reads = GatewayRight([.read], bucket: "bucket", prefix: "a/")
        let targets = ["/bucket/a/copy", "/bucket/a/m?partNumber=1&uploadId=\(id)"]
        for target in targets {
            for source in ["/bucket/b/x", "bucket/b%2Fx", "/other/o", "/bucket/a/../b/x"] {
                let fields: HTTPHeaders = ["x-amz-copy-source": source]
                #expect(isDenied(try await fixture.client(writes).send("PUT", target, fields)))
                let answer = try await fixture.client(writes, reads).send("PUT", target, fields)
                // The last one begins with `a/`, and is a blob that there is not.
                let isInside = source.hasPrefix("/bucket/a/")
                #expect(answer.status == (isInside ? 404 : 403), "\(source)")
            }
            let fields: HTTPHeaders = ["x-amz-copy-source": "/bucket/a/x"]
            #expect(isDenied(try await fixture.client(reads).send("PUT", target, fields)))
            let answer = try await fixture.client(writes, reads).send("PUT", target, fields)
            #expect(answer.status == 200)
        }
        #expect(try await fixture.has("a/copy"))
    }

    @Test func deletingManyTellsOfEachKeyOutside() async throws {
        let fixture = try await RightsFixture()
        let document =
            "<Delete><Object><Key>a/x</Key></Object><Object><Key>b/x</Key></Object>"
            + "<Object><Key>a/none</Key></Object><Object><Key>c</Key></Object></Delete>"
        let checksum = Checksum.of(Array(document.utf8), .sha256)
        let fields: HTTPHeaders = ["x-amz-checksum-sha256": checksum.base64]
        let client = fixture.client(GatewayRight([.write], prefix: "a/"))
        let answer = try await client.send("POST", "/bucket?delete", fields, document)
        #expect(answer.status == 200)
        let deleted = try answer.document.children(named: "Deleted")
        #expect(deleted.compactMap { $0.child("Key")?.text } == ["a/x", "a/none"])
        let errors = try answer.document.children(named: "Error")
        #expect(errors.compactMap { $0.child("Key")?.text } == ["b/x", "c"])
        #expect(errors.allSatisfy { $0.child("Code")?.text == "AccessDenied" })
        #expect(try await fixture.has("b/x"))
        #expect(try await fixture.has("a/x") == false)
        let reader = fixture.client(GatewayRight([.read, .list]))
        #expect(isDenied(try await reader.send("POST", "/bucket?delete", fields, document)))
    }
}
