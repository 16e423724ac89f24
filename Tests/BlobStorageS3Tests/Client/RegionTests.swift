import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

/// A bucket that is elsewhere is found there, and credentials go nowhere else; buckets are made.
@Suite struct RegionTests {
    private struct Fixture {
        let transport: ScriptedTransport
        let store: S3Store
        var hosts: [String] { transport.sent.map(\.http.url.host) }
        /// The regions that the requests were signed for.
        var regions: [Substring] {
            transport.sent.map { sent in
                (sent.http.headers["Authorization"] ?? "").split(separator: "/").dropFirst(2).first
                    ?? ""
            }
        }
    }

    private func fixture(
        _ steps: [ScriptStep],
        then last: ScriptStep = .answer(200, ["ETag": "\"e\""]),
        region: String = "us-east-1",
        _ adjust: (inout S3Configuration) -> Void = { _ in }
    ) throws -> Fixture {
        let time = VirtualTime()
        let transport = ScriptedTransport(steps, then: last, time: time)
        var configuration = S3Configuration(bucket: "bucket", region: region)
        adjust(&configuration)
        let store = try S3Store(
            configuration,
            credentials: RotatingCredentials(),
            transport: transport,
            time: time.source
        )
        return Fixture(transport: transport, store: store)
    }

    private static func error(_ code: String, _ more: String = "") -> String {
        "<Error><Code>\(code)</Code><Message>m</Message>\(more)</Error>"
    }

    @Test(
        "goes to the region that the store names",
        arguments: [
            .answer(301, ["x-amz-bucket-region": "eu-west-1"], error("PermanentRedirect")),
            .answer(
                400,
                [:],
                error("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")
            ),
            .answer(400, ["x-amz-bucket-region": "eu-west-1"]),
            .answer(
                307,
                ["x-amz-bucket-region": "eu-west-1", "Location": "https://evil.example/"],
                error("TemporaryRedirect", "<Endpoint>evil.example</Endpoint>")
            ),
        ] as [ScriptStep]
    )
    func follows(_ step: ScriptStep) async throws {
        let fixture = try fixture([step])
        _ = try await fixture.store.put("a", "text")
        _ = try await fixture.store.put("b", "text")
        let first = "bucket.s3.us-east-1.amazonaws.com"
        let second = "bucket.s3.eu-west-1.amazonaws.com"
        // What was learnt is remembered.
        #expect(fixture.hosts == [first, second, second])
        #expect(fixture.regions == ["us-east-1", "eu-west-1", "eu-west-1"])
        #expect(fixture.transport.sent.map(\.text) == ["text", "text", "text"])
    }

    @Test(
        "sends nothing to a host that an answer makes up",
        arguments: [
            "evil.example/", "eu-west-1.evil.example", "a@evil.example#", "evil.example:80", "",
            " ", "us-east-1\u{7F}", "../..",
        ]
    )
    func refuses(_ region: String) async throws {
        let headers: HTTPHeaders = [
            "x-amz-bucket-region": region, "Location": "https://evil.example/",
        ]
        let answer = ScriptStep.answer(301, headers, Self.error("PermanentRedirect"))
        let fixture = try fixture([], then: answer)
        let error = try await #require(throws: BlobError.self) {
            try await fixture.store.put("a", "text")
        }
        #expect(error.kind == .invalidArgument)
        for host in fixture.hosts { #expect(host.hasSuffix(".amazonaws.com")) }
    }

    @Test func goesToAnotherRegionTwiceAtMost() async throws {
        let steps = ["eu-west-1", "eu-west-2", "eu-west-3", "eu-north-1"].map { region in
            ScriptStep.answer(301, ["x-amz-bucket-region": region], Self.error("PermanentRedirect"))
        }
        let fixture = try fixture(steps)
        let error = try await #require(throws: BlobError.self) {
            try await fixture.store.put("a", "text")
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains("eu-west-3"))
        #expect(fixture.regions == ["us-east-1", "eu-west-1", "eu-west-2"])
    }

    @Test func aCustomEndpointKeepsItsHost() async throws {
        let answer = ScriptStep.answer(
            400,
            [:],
            Self.error("AuthorizationHeaderMalformed", "<Region>eu-west-1</Region>")
        )
        let fixture = try fixture([answer]) { $0.endpoint = "https://s3.example.com" }
        _ = try await fixture.store.put("a", "text")
        #expect(Set(fixture.hosts.map { $0.hasSuffix("s3.example.com") }) == [true])
        #expect(fixture.regions == ["us-east-1", "eu-west-1"])
    }

    // MARK: prepare()

    private static let missing = ScriptStep.answer(404)

    @Test func aBucketThatIsThereIsNotMade() async throws {
        let fixture = try fixture([.answer(200)])
        try await fixture.store.prepare()
        #expect(fixture.transport.sent.map(\.http.method) == [.head])
    }

    @Test(
        "names the region where it must",
        arguments: [
            ("us-east-1", ""),
            (
                "eu-central-1",
                "<CreateBucketConfiguration xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">"
                    + "<LocationConstraint>eu-central-1</LocationConstraint>"
                    + "</CreateBucketConfiguration>"
            ),
        ]
    )
    func aBucketIsMade(region: String, document: String) async throws {
        let fixture = try fixture([Self.missing, .answer(200)], region: region)
        try await fixture.store.prepare()
        #expect(fixture.transport.sent.map(\.http.method) == [.head, .put])
        #expect(fixture.transport.sent.last?.text == document)
    }

    @Test func aBucketOfOnesOwnIsFine() async throws {
        let owned = ScriptStep.answer(409, [:], Self.error("BucketAlreadyOwnedByYou"))
        let fixture = try fixture([Self.missing, owned])
        try await fixture.store.prepare()
        #expect(fixture.transport.requestCount == 2)
    }

    @Test("asks whose a bucket is", arguments: [(200, nil), (403, BlobError.Kind.alreadyExists)])
    func aBucketThatExists(status: Int, kind: BlobError.Kind?) async throws {
        let exists = ScriptStep.answer(409, [:], Self.error("BucketAlreadyExists"))
        let fixture = try fixture([Self.missing, exists], then: .answer(status))
        var found: BlobError.Kind?
        do {
            try await fixture.store.prepare()
        } catch let error as BlobError {
            found = error.kind
        }
        #expect(found == kind)
    }

    @Test func aBucketThatMayNotBeSeenIsNotMade() async throws {
        let fixture = try fixture([], then: .answer(403))
        let error = try await #require(throws: BlobError.self) {
            try await fixture.store.prepare()
        }
        #expect(error.kind == .permissionDenied)
        #expect(error.operation == "prepare")
        #expect(!fixture.transport.sent.contains { $0.http.method == .put })
    }

    @Test func aBucketIsMadeThoughTheFirstAnswerIsLost() async throws {
        let owned = ScriptStep.answer(409, [:], Self.error("BucketAlreadyOwnedByYou"))
        let fixture = try fixture([Self.missing, .loseAnswer(), owned])
        try await fixture.store.prepare()
        #expect(fixture.transport.requestCount == 3)
    }
}
