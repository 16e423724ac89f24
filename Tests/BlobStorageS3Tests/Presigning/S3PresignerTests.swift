import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageS3

@Suite struct S3PresignerTests {
    private func credentials(until end: Date?, token: String? = nil) -> AWSCredentials {
        AWSCredentials(
            accessKeyID: "AKIDEXAMPLE",
            secretAccessKey: "secret",
            sessionToken: token,
            expiration: end
        )
    }

    @Test(
        "lifetimes are one second to seven days",
        arguments: [
            .seconds(0), .milliseconds(999), .seconds(-1), .seconds(604_801),
            .seconds(604_800) + .nanoseconds(1), .seconds(Int64.max),
        ] as [Duration]
    )
    func lifetimes(_ lifetime: Duration) async throws {
        let presigner = try PresignFixture.presigner()
        for options in [PresignOptions(), PresignOptions(versionID: "v")] {
            let error = try await #require(throws: BlobError.self) {
                try await presigner.presign(.get, "k", expiresIn: lifetime, options: options)
            }
            #expect(error.kind == .invalidArgument)
        }
        let error = try await #require(throws: BlobError.self) {
            try await presigner.presignForm("k", expiresIn: lifetime)
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test func partsOfASecondDoNotCount() async throws {
        let presigner = try PresignFixture.presigner(at: PresignFixture.now.addingTimeInterval(0.9))
        let lifetime = Duration.milliseconds(60_700)
        let request = try await presigner.presign(.get, "k", expiresIn: lifetime)
        #expect(request.expiresAt == PresignFixture.now.addingTimeInterval(60))
        #expect(request.url.contains("&X-Amz-Expires=60&"))
    }

    @Test(
        "nothing is good for longer than the credentials",
        arguments: [
            PresignOptions(),
            PresignOptions(versionID: "v"),
        ]
    )
    func credentialsThatEnd(_ options: PresignOptions) async throws {
        let now = PresignFixture.now
        let end = now.addingTimeInterval(100.5)
        let presigner = try PresignFixture.presigner(credentials(until: end))
        let lifetime = Duration.seconds(3_600)
        let request = try await presigner.presign(.get, "k", expiresIn: lifetime, options: options)
        #expect(request.expiresAt == now.addingTimeInterval(100))
        #expect(request.url.contains("&X-Amz-Expires=100&"))
        let form = try await presigner.presignForm("k", expiresIn: lifetime)
        #expect(form.expiresAt == now.addingTimeInterval(100))
        let short = try await presigner.presign(.get, "k", expiresIn: .seconds(9))
        #expect(short.expiresAt == now.addingTimeInterval(9))
    }

    @Test("expired credentials sign nothing", arguments: [-1_000_000, -1, 0, 0.9])
    func expired(_ left: Double) async throws {
        let end = PresignFixture.now.addingTimeInterval(left)
        let presigner = try PresignFixture.presigner(credentials(until: end))
        let first = try await #require(throws: BlobError.self) {
            try await presigner.presign(.get, "k", expiresIn: .seconds(60))
        }
        #expect(first.kind == .unauthenticated)
        let second = try await #require(throws: BlobError.self) {
            try await presigner.presignForm("k", expiresIn: .seconds(60))
        }
        #expect(second.kind == .unauthenticated)
    }

    @Test func withoutCredentialsNothingIsSigned() async throws {
        let presigner = try PresignFixture.presigner { $0.isAnonymous = true }
        let error = try await #require(throws: BlobError.self) {
            try await presigner.presign(.get, "k", expiresIn: .seconds(60))
        }
        #expect(error.kind == .unauthenticated)
    }

    /// The short way and the general way are two pieces of code: they must agree on every byte.
    @Test("the template signs as the signer does", arguments: [nil, "tok/en+=="])
    func templates(_ token: String?) async throws {
        let signer = credentials(until: nil, token: token)
        for endpoint in [nil, "http://127.0.0.1:9000", "https://h.example.com/a%20b/c(1)"] {
            let presigner = try PresignFixture.presigner(signer) { configuration in
                configuration.endpoint = endpoint
                configuration.addressing = .path
            }
            for key in [
                "a", "/", "a//b/../c", "ä €/\u{1}%2F+ ~", String(repeating: "é", count: 512),
            ] {
                for operation in [PresignedOperation.get, .head, .put, .delete] {
                    let key = try BlobKey(key)
                    let lifetime = Duration.seconds(900)
                    let short = try await presigner.presign(operation, key, expiresIn: lifetime)
                    let general = try presigner.engine.sign(
                        try S3Call(
                            presigning: operation,
                            key,
                            PresignOptions(),
                            presigner.vendor,
                            try S3ServiceHeaders(presigner.configuration)
                        ),
                        try SigningTime(PresignFixture.now, lifetime, signer, key),
                        presigner.place.endpoint,
                        signer,
                        notEnforced: PresignOptions().notEnforced(in: operation)
                    )
                    #expect(short == general)
                }
            }
        }
    }

    @Test func changedCredentialsAndTimesAreNotTakenFromATemplate() async throws {
        let clock = Locked(PresignFixture.now)
        let given = Locked(credentials(until: nil))
        var configuration = S3Configuration(bucket: "examplebucket", region: "eu-west-1")
        configuration.credentials = ChangingCredentials(given: given)
        let presigner = try S3Presigner(
            configuration,
            time: TimeSource(
                now: { clock.withLock { $0 } },
                uptime: { .zero },
                sleep: { _ in }
            )
        )
        func url(_ seconds: Int) async throws -> String {
            try await presigner.presign(.get, "k", expiresIn: .seconds(seconds)).url
        }
        var urls = [try await url(60), try await url(61)]
        #expect(try await url(60) == urls[0])
        clock.withLock { $0 += 1 }
        urls.append(try await url(60))
        given.withLock { $0 = credentials(until: nil, token: "t") }
        urls.append(try await url(60))
        given.withLock { $0 = credentials(until: nil, token: "u") }
        urls.append(try await url(60))
        #expect(Set(urls).count == urls.count)
    }

    private struct ChangingCredentials: AWSCredentialsProvider {
        let given: Locked<AWSCredentials>

        func credentials() async throws -> AWSCredentials { given.withLock { $0 } }
    }

    @Test func theConfigurationsHeadersAreBound() async throws {
        let presigner = try PresignFixture.presigner { configuration in
            configuration.encryption = .kms(keyID: "key/1")
            configuration.storageClass = "STANDARD_IA"
        }
        let put = try await presigner.presign(.put, "k", expiresIn: .seconds(60))
        #expect(
            put.headers == [
                "x-amz-server-side-encryption": "aws:kms",
                "x-amz-server-side-encryption-aws-kms-key-id": "key/1",
                "x-amz-storage-class": "STANDARD_IA",
            ]
        )
        for name in put.headers.keys { #expect(put.url.contains(name)) }
        let form = try await presigner.presignForm("k", expiresIn: .seconds(60))
        #expect(form.fields["x-amz-storage-class"] == "STANDARD_IA")
        #expect(form.fields["x-amz-server-side-encryption"] == "aws:kms")
        let get = try await presigner.presign(.get, "k", expiresIn: .seconds(60))
        #expect(get.headers.isEmpty)

        let paying = try PresignFixture.presigner { $0.requesterPays = true }
        let paid = try await paying.presign(.get, "k", expiresIn: .seconds(60))
        #expect(paid.headers == ["x-amz-request-payer": "requester"])
    }

    @Test func aCustomerKeyIsGivenToNobody() async throws {
        let key = try S3CustomerKey([UInt8](repeating: 7, count: 32))
        let presigner = try PresignFixture.presigner { $0.encryption = .customerKey(key) }
        let error = try await #require(throws: BlobError.self) {
            try await presigner.presign(.get, "k", expiresIn: .seconds(60))
        }
        #expect(error.kind == .unsupported)
    }

    @Test func whatTheVendorCanNotJudgeIsRefused() async throws {
        let presigner = try PresignFixture.presigner {
            $0.endpoint = "https://s3.eu-central-003.backblazeb2.com"
            $0.vendor = .backblazeB2
        }
        let options = [
            PresignOptions(condition: .ifAbsent), PresignOptions(condition: .ifMatches("\"1\"")),
            PresignOptions(checksum: .of([], .sha256)),
        ]
        for options in options {
            let error = try await #require(throws: BlobError.self) {
                try await presigner.presign(.put, "k", expiresIn: .seconds(60), options: options)
            }
            #expect(error.kind == .unsupported)
        }
        let large = PresignOptions(byteCount: 5_000_000_001)
        let error = try await #require(throws: BlobError.self) {
            try await presigner.presign(.put, "k", expiresIn: .seconds(60), options: large)
        }
        #expect(error.kind == .tooLarge)
        let part = PresignedOperation.uploadPart(10_001, uploadID: "u")
        let other = try await #require(throws: BlobError.self) {
            try await presigner.presign(part, "k", expiresIn: .seconds(60))
        }
        #expect(other.kind == .invalidArgument)
    }

    @Test func aStoreSignsAsThePresignerDoes() async throws {
        let presigner = try PresignFixture.presigner()
        let store = try S3Store(
            presigner.configuration,
            credentials: presigner.configuration.credentials,
            transport: ScriptedTransport([]),
            time: PresignFixture.clock(at: PresignFixture.now)
        )
        let lifetime = Duration.seconds(60)
        for options in [PresignOptions(), PresignOptions(byteCount: 3)] {
            let byStore = try await store.presign(.put, "k", expiresIn: lifetime, options: options)
            let byPresigner = try await presigner.presign(
                .put,
                "k",
                expiresIn: lifetime,
                options: options
            )
            #expect(byStore == byPresigner)
        }
        #expect(
            try await store.presignForm("k", expiresIn: lifetime)
                == presigner.presignForm("k", expiresIn: lifetime)
        )
        let tagged = try store.tagging(BlobTags(["a": "b"]))
        let put = try await tagged.presign(.put, "k", expiresIn: lifetime)
        #expect(put.headers == ["x-amz-tagging": "a=b"])
    }

    @Test func nothingSecretIsDumped() throws {
        let presigner = try PresignFixture.presigner()
        var text = ""
        dump(presigner, to: &text)
        #expect(!text.contains(PresignFixture.credentials.secretAccessKey))
    }
}
