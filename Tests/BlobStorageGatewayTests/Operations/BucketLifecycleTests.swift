import BlobStorage
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageHandler
import BlobStorageXML
import Foundation
import Testing

/// The rules for what is removed by age, as clients set them.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
@Suite struct BucketLifecycleTests {
    private let buckets = DynamicBuckets(["photos": InMemoryStore()]) { _ in InMemoryStore() }

    private func client(_ rights: [GatewayRight] = [GatewayRight()]) -> RawClient {
        RawClient(buckets: buckets) { configuration in
            configuration.isLifecycleEnforced = true
            configuration.anonymousRights = rights
        }
    }

    private func put(_ client: RawClient, _ rules: String) async throws -> RawClient.Answer {
        let body = "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>"
        return try await client.putProtected("/photos?lifecycle", body)
    }

    private func rules() async -> [LifecycleRule]? {
        await buckets.settings(of: "photos").lifecycleRules
    }

    /// The forms of S3's examples.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-configuration-examples.html
    @Test func rulesAreKeptToldAndTakenAway() async throws {
        let client = client()
        #expect(
            try await client.send("GET", "/photos?lifecycle").code == "NoSuchLifecycleConfiguration"
        )
        let document = """
            <Rule><ID> x&amp;y </ID><Filter><Prefix>tmp/ </Prefix></Filter><Status>Enabled</Status>
            <Expiration><Days>3</Days></Expiration><AbortIncompleteMultipartUpload>
            <DaysAfterInitiation>7</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule>
            <Rule><ID>b</ID><Filter><And><Prefix>a</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>
            <Tag><Key>l</Key><Value></Value></Tag><ObjectSizeGreaterThan>500</ObjectSizeGreaterThan>
            <ObjectSizeLessThan>64000</ObjectSizeLessThan></And></Filter><Status>Disabled</Status>
            <Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration></Rule>
            <Rule><ID>c</ID><Filter/><Status> Enabled </Status><Expiration><Days>2147483647</Days>
            </Expiration></Rule>
            <Rule><ID>d</ID><Filter><ObjectSizeGreaterThan>0</ObjectSizeGreaterThan></Filter>
            <Status>Enabled</Status><Expiration><Days>1</Days></Expiration></Rule>
            """
        #expect(try await put(client, document).status == 200)
        let new = try #require(ISO8601Date.parse("2030-01-01T00:00:00Z"))
        let expected = [
            LifecycleRule(
                id: " x&y ",
                prefix: "tmp/ ",
                expiration: .after(days: 3),
                abortUploadsAfterDays: 7
            ),
            LifecycleRule(
                id: "b",
                isEnabled: false,
                prefix: "a",
                largerThan: 500,
                smallerThan: 64_000,
                tags: ["k": "v", "l": ""],
                expiration: .on(date: new)
            ),
            LifecycleRule(id: "c", expiration: .after(days: LifecycleRule.maximumDayCount)),
            LifecycleRule(id: "d", largerThan: 0, expiration: .after(days: 1)),
        ]
        #expect(await rules() == expected)
        // What is told can be set again, and is the same.
        let told = try await client.send("GET", "/photos?lifecycle")
        let root = try told.document
        #expect(root.isNamed("LifecycleConfiguration"))
        let nodes = root.children(named: "Rule")
        #expect(nodes[1].child("Filter")?.child("And")?.children(named: "Tag").count == 2)
        #expect(
            nodes[1].child("Expiration")?.child("Date")?.text == "2030-01-01T00:00:00.000Z"
        )
        #expect(nodes[2].child("Filter")?.child("Prefix")?.text == "")
        let start = try #require(told.text.range(of: "<Rule>")).lowerBound
        let end = try #require(told.text.range(of: "</LifecycleConfiguration>")).lowerBound
        #expect(try await client.send("DELETE", "/photos?lifecycle").status == 204)
        #expect(await rules() == nil)
        #expect(try await client.send("GET", "/photos?lifecycle").status == 404)
        #expect(try await put(client, String(told.text[start..<end])).status == 200)
        #expect(await rules() == expected)
    }

    @Test func theOlderFormIsTakenAndIDsAreMadeUp() async throws {
        let rule = """
            <Rule><Prefix>old/</Prefix><Status>Enabled</Status><Expiration><Days>1</Days></Expiration>
            </Rule>
            """
        #expect(try await put(client(), rule + rule).status == 200)
        let found = try #require(await rules())
        #expect(found.map(\.prefix) == ["old/", "old/"])
        #expect(Set(found.map(\.id)).count == 2 && !found.contains { $0.id.isEmpty })
    }

    private static let days = "<Expiration><Days>1</Days></Expiration>"
    private static let abort = """
        <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>\
        </AbortIncompleteMultipartUpload>
        """

    private static func filter(_ content: String) -> String { "<Filter>\(content)</Filter>" }

    /// Rules without `Status`, which the test adds.
    private static let refusals: [(rule: String, code: String)] = [
        ("", "MalformedXML"), (days, "MalformedXML"), ("<Filter/>", "InvalidRequest"),
        ("<Prefix/><Filter/>\(days)", "InvalidRequest"),
        ("<Filter/><Status>Enabled</Status>\(days)", "MalformedXML"),
        ("<Filter/>\(days)\(days)", "MalformedXML"),
        ("<Filter/>\(days)<Unknown/>", "MalformedXML"),
        ("<Filter/><ID>\(String(repeating: "x", count: 256))</ID>\(days)", "InvalidArgument"),
        ("<Filter/><Expiration/>", "MalformedXML"),
        ("<Filter/><Expiration><Days>0</Days></Expiration>", "InvalidArgument"),
        ("<Filter/><Expiration><Days>-1</Days></Expiration>", "InvalidArgument"),
        ("<Filter/><Expiration><Days>1.5</Days></Expiration>", "MalformedXML"),
        ("<Filter/><Expiration><Days/></Expiration>", "MalformedXML"),
        ("<Filter/><Expiration><Days>2147483648</Days></Expiration>", "MalformedXML"),
        ("<Filter/><Expiration><Date>2030-01-01T00:00:01Z</Date></Expiration>", "InvalidArgument"),
        ("<Filter/><Expiration><Date>2030-02-30T00:00:00Z</Date></Expiration>", "MalformedXML"),
        ("<Filter/><Expiration><Date>soon</Date></Expiration>", "MalformedXML"),
        (
            "<Filter/><Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>",
            "MalformedXML"
        ),
        ("<Filter/><AbortIncompleteMultipartUpload/>", "MalformedXML"),
        (filter("<Prefix>a</Prefix><Prefix>b</Prefix>") + days, "MalformedXML"),
        (
            filter("<Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan>") + days,
            "MalformedXML"
        ),
        (filter("<And/>") + days, "MalformedXML"), (filter("tmp/") + days, "MalformedXML"),
        (filter("tmp/<Prefix>a</Prefix>") + days, "MalformedXML"),
        (filter("<And>tmp/<Prefix>a</Prefix></And>") + days, "MalformedXML"),
        ("tmp/<Filter/>\(days)", "MalformedXML"),
        ("<Filter/><Expiration>1<Days>1</Days></Expiration>", "MalformedXML"),
        (filter("<Tag><Key>k</Key><Value><x>v</x></Value></Tag>") + days, "MalformedXML"),
        (filter("<Younger>1</Younger>") + days, "MalformedXML"),
        (filter("<And><Prefix>a</Prefix><Younger/></And>") + days, "MalformedXML"),
        (filter("<ObjectSizeGreaterThan>-1</ObjectSizeGreaterThan>") + days, "MalformedXML"),
        (filter("<ObjectSizeLessThan>0</ObjectSizeLessThan>") + days, "InvalidRequest"),
        (
            filter(
                "<And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>"
                    + "<ObjectSizeLessThan>5</ObjectSizeLessThan></And>"
            ) + days, "InvalidRequest"
        ),
        (
            filter("<Prefix>\(String(repeating: "x", count: 1_025))</Prefix>") + days,
            "InvalidRequest"
        ),
        (filter("<Tag><Key>k</Key></Tag>") + days, "MalformedXML"),
        (filter("<Tag><Key></Key><Value/></Tag>") + days, "InvalidTag"),
        (
            filter(
                "<And><Tag><Key>k</Key><Value>a</Value></Tag><Tag><Key>k</Key><Value>b</Value></Tag></And>"
            ) + days, "InvalidTag"
        ),
        (filter("<Tag><Key>k</Key><Value>v</Value></Tag>") + abort, "InvalidRequest"),
        (filter("<ObjectSizeLessThan>5</ObjectSizeLessThan>") + abort, "InvalidRequest"),
        ("<Filter/>\(days)<Transition/>", "NotImplemented"),
        ("<Filter/><NoncurrentVersionExpiration/>", "NotImplemented"),
        ("<Filter/>\(days)<NoncurrentVersionTransition/>", "NotImplemented"),
        (
            "<Filter/><Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
            "NotImplemented"
        ),
    ]

    @Test("refuses rules as S3 does, and keeps those that there are", arguments: refusals)
    func badRules(_ rule: String, _ code: String) async throws {
        let client = client()
        let good = "<Rule><ID>good</ID><Filter/><Status>Enabled</Status>\(Self.days)</Rule>"
        #expect(try await put(client, good).status == 200)
        let answer = try await put(client, "<Rule><Status>Enabled</Status>\(rule)</Rule>")
        #expect(answer.status == (code == "NotImplemented" ? 501 : 400))
        #expect(answer.code == code, "\(answer.text)")
        #expect(await rules()?.map(\.id) == ["good"])
    }

    @Test func refusesWhatIsWrongWithRulesTogether() async throws {
        func rule(_ content: String) -> String {
            "<Rule><Status>Enabled</Status>\(Self.days)\(content)</Rule>"
        }
        for (document, code) in [
            ("", "MalformedXML"), ("<Other/>", "MalformedXML"),
            ("<Rule><Status>enabled</Status><Filter/>\(Self.days)</Rule>", "MalformedXML"),
            (rule("<Filter/><ID>a</ID>") + rule("<Filter/><ID>a</ID>"), "InvalidArgument"),
            (rule("<Filter/>") + rule("<Prefix>a</Prefix>"), "InvalidRequest"),
            (String(repeating: rule("<Filter/>"), count: 1_001), "MalformedXML"),
        ] {
            let answer = try await put(client(), document)
            #expect(answer.code == code, "\(document.prefix(200))")
        }
        #expect(await rules() == nil)
        let many = String(repeating: rule("<Filter/>"), count: 1_000)
        #expect(try await put(client(), many).status == 200)
        let body = "<LifecycleConfiguration>\(many)</LifecycleConfiguration>"
        let unprotected = try await client().send("PUT", "/photos?lifecycle", [:], body)
        #expect(unprotected.code == "InvalidRequest")
    }

    @Test func onlyWhoeverMayWriteTheWholeBucketSetsRules() async throws {
        for rights in [
            [GatewayRight([.read, .list])], [GatewayRight([.write], prefix: "a/")],
            [GatewayRight([.write], bucket: "other")],
        ] {
            let client = client(rights)
            #expect(try await put(client, "").code == "AccessDenied")
            #expect(try await client.send("DELETE", "/photos?lifecycle").code == "AccessDenied")
            #expect(try await client.send("GET", "/photos?lifecycle").code == "AccessDenied")
        }
    }

    @Test func rulesThatNobodyWouldEnforceAreRefused() async throws {
        let rule = "<Rule><Filter/><Status>Enabled</Status>\(Self.days)</Rule>"
        let idle = RawClient(buckets: buckets)
        #expect(try await put(idle, rule).code == "NotImplemented")
        #expect(await rules() == nil)
        let fixed = RawClient(buckets: FixedBuckets(["photos": InMemoryStore()])) {
            $0.isLifecycleEnforced = true
        }
        #expect(try await put(fixed, rule).code == "NotImplemented")
        // A store without tags has no blob that could fit.
        let simple = DynamicBuckets(["photos": SimpleStore(base: InMemoryStore())]) { _ in
            InMemoryStore()
        }
        let client = RawClient(buckets: simple) { $0.isLifecycleEnforced = true }
        let tagged = Self.filter("<Tag><Key>k</Key><Value>v</Value></Tag>")
        let answer = try await put(
            client,
            "<Rule>\(tagged)<Status>Enabled</Status>\(Self.days)</Rule>"
        )
        #expect(answer.status == 501 && answer.text.contains("with Tag"))
        #expect(try await put(client, rule).status == 200)
    }
}

/// Every bucket's rules, applied.
@Suite struct BucketLifecycleRunTests {
    private let photos = InMemoryStore(now: { Date(timeIntervalSince1970: 0) })
    private let rule = LifecycleRule(
        prefix: "tmp/",
        expiration: .after(days: 30),
        abortUploadsAfterDays: 30
    )

    @Test func aRunRemovesWhatIsDueInEachBucket() async throws {
        let other = InMemoryStore(now: { Date(timeIntervalSince1970: 0) })
        let buckets = DynamicBuckets(["photos": photos, "other": other]) { _ in InMemoryStore() }
        for key in ["tmp/a", "b"] as [BlobKey] {
            try await photos.put(key, "xyz")
            try await other.put(key, "xyz")
        }
        _ = try await photos.createMultipartUpload("tmp/u")
        await buckets.changeSettings(of: "photos") { [rule] in $0.lifecycleRules = [rule] }
        let lifecycle = BucketLifecycle(buckets)
        let early = try await lifecycle.run(now: Date(timeIntervalSince1970: 31 * 86_400 - 1))
        #expect(try early.map { try $0.result.get().isEmpty } == [true])
        let outcomes = try await lifecycle.run(now: Date(timeIntervalSince1970: 31 * 86_400))
        #expect(outcomes.map(\.bucket) == ["photos"])
        let report = try #require(try outcomes.first?.result.get())
        #expect(report.blobCount == 1 && report.byteCount == 3 && report.uploadCount == 1)
        #expect(try await photos.list(ListOptions()).blobs.map(\.key) == ["b"])
        #expect(try await other.list(ListOptions()).blobs.count == 2)
    }

    @Test func aBucketThatFailsStopsNoOther() async throws {
        try await photos.put("tmp/a", "x")
        let gone = LocalDiskStore(root: "/nowhere/\(UUID())")
        let buckets = DynamicBuckets(["gone": gone, "photos": photos]) { _ in InMemoryStore() }
        for name in ["gone", "photos"] {
            await buckets.changeSettings(of: name) { [rule] in $0.lifecycleRules = [rule] }
        }
        let outcomes = try await BucketLifecycle(buckets).run()
        #expect(outcomes.map(\.bucket) == ["gone", "photos"])
        let error = #expect(throws: BlobError.self) { try outcomes[0].result.get() }
        #expect(error?.kind == .storeNotFound)
        #expect(try outcomes[1].result.get().blobCount == 1)
    }
}
