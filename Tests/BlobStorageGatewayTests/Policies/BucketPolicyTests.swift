import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Foundation
import Testing

@testable import BlobStorageGateway

/// What a bucket's policy lets strangers do, and nothing beyond.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html
@Suite struct BucketPolicyTests {
    private static let publicFolder = """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*",\
        "Action":"s3:GetObject","Resource":"arn:aws:s3:::photos/a/*"}]}
        """
    private static let publicBucket = """
        {"Statement":{"Sid":"x","Effect":"Allow","Principal":{"AWS":["*"]},\
        "Action":["s3:ListBucket","s3:GetBucketLocation"],"Resource":["arn:aws:s3:::photos"]}}
        """

    private let buckets = DynamicBuckets(["photos": InMemoryStore(), "other": InMemoryStore()]) {
        _ in InMemoryStore()
    }

    private var owner: RawClient { RawClient(buckets: buckets) }

    private func client(_ rights: GatewayRight...) -> RawClient {
        RawClient(buckets: buckets) { $0.anonymousRights = rights }
    }

    private func fill() async throws {
        for target in ["/photos/a/x", "/photos/b/x", "/photos/a", "/other/a/x"] {
            #expect(try await owner.send("PUT", target, [:], "text").status == 200)
        }
    }

    private func set(_ policy: String) async throws -> RawClient.Answer {
        try await owner.send("PUT", "/photos?policy", [:], policy)
    }

    private func isDenied(_ answer: RawClient.Answer) -> Bool {
        answer.status == 403 && (answer.body.isEmpty || answer.code == "AccessDenied")
    }

    @Test func aPolicyIsTakenAndTold() async throws {
        #expect(try await owner.send("GET", "/photos?policy").code == "NoSuchBucketPolicy")
        #expect(try await owner.send("GET", "/photos?policyStatus").code == "NoSuchBucketPolicy")
        #expect(try await set(Self.publicFolder).status == 204)
        let told = try await owner.send("GET", "/photos?policy")
        #expect(told.text == Self.publicFolder)
        #expect(told.headers["Content-Type"] == "application/json")
        let status = try await owner.send("GET", "/photos?policyStatus").document
        #expect(status.child("IsPublic")?.text == "true")
        #expect(try await owner.send("DELETE", "/photos?policy").status == 204)
        #expect(try await owner.send("GET", "/photos?policy").code == "NoSuchBucketPolicy")
    }

    @Test func strangersGetWhatThePolicyGivesAndNothingElse() async throws {
        try await fill()
        let stranger = client()
        #expect(isDenied(try await stranger.send("GET", "/photos/a/x")))
        #expect(try await set(Self.publicFolder).status == 204)
        #expect(try await stranger.send("GET", "/photos/a/x").text == "text")
        #expect(try await stranger.send("HEAD", "/photos/a/x").status == 200)
        #expect(try await stranger.send("GET", "/photos/a/missing").status == 404)
        for (method, target) in [
            ("GET", "/photos/b/x"), ("GET", "/photos/a"), ("GET", "/other/a/x"),
            ("GET", "/photos?list-type=2&prefix=a/"), ("HEAD", "/photos"),
            ("GET", "/photos?location"), ("GET", "/photos?policy"), ("GET", "/"),
            ("GET", "/photos/a/x?tagging"), ("GET", "/photos/a/x?acl"),
            ("GET", "/photos/a/x?attributes"), ("GET", "/photos/a/x?torrent"),
            ("PUT", "/photos/a/x"), ("DELETE", "/photos/a/x"), ("POST", "/photos/a/x?uploads"),
            ("PUT", "/photos/a/x?tagging"), ("PUT", "/photos?policy"),
            ("DELETE", "/photos?policy"), ("POST", "/photos?delete"), ("DELETE", "/photos"),
            ("GET", "/missing/a/x"),
        ] {
            #expect(isDenied(try await stranger.send(method, target)), "\(method) \(target)")
        }
        let copy: HTTPHeaders = ["x-amz-copy-source": "/photos/a/x"]
        #expect(isDenied(try await stranger.send("PUT", "/photos/a/y", copy)))
        #expect(try await owner.send("DELETE", "/photos?policy").status == 204)
        #expect(isDenied(try await stranger.send("GET", "/photos/a/x")))
    }

    @Test func aListingIsGivenByItself() async throws {
        try await fill()
        #expect(try await set(Self.publicBucket).status == 204)
        let stranger = client()
        let page = try await stranger.send("GET", "/photos?list-type=2&prefix=a/").document
        #expect(page.child("Contents")?.child("Key")?.text == "a/x")
        #expect(try await stranger.send("HEAD", "/photos").status == 200)
        #expect(try await stranger.send("GET", "/photos?location").status == 200)
        for target in [
            "/photos/a/x", "/photos?uploads", "/photos?policy", "/photos?cors", "/other",
        ] {
            #expect(isDenied(try await stranger.send("GET", target)), "\(target)")
        }
    }

    /// Everybody is also who has rights of their own.
    @Test func rightsAndPolicyAddUp() async throws {
        try await fill()
        #expect(try await set(Self.publicFolder).status == 204)
        let writer = client(GatewayRight([.write], bucket: "photos", prefix: "b/"))
        #expect(try await writer.send("GET", "/photos/a/x").status == 200)
        #expect(isDenied(try await writer.send("GET", "/photos/b/x")))
        #expect(try await writer.send("PUT", "/photos/b/x", [:], "new").status == 200)
        #expect(isDenied(try await writer.send("PUT", "/photos/a/x", [:], "new")))
    }

    @Test("only whoever may do everything in the bucket gives it away")
    func owners() async throws {
        for right in [
            GatewayRight([.write, .list], bucket: "photos"), GatewayRight([.read, .list]),
            GatewayRight(bucket: "photos", prefix: "a/"), GatewayRight(bucket: "other"),
        ] {
            let client = client(right)
            let answer = try await client.send("PUT", "/photos?policy", [:], Self.publicFolder)
            #expect(isDenied(answer))
            #expect(isDenied(try await client.send("DELETE", "/photos?policy")))
            for target in ["/photos?policy", "/photos?policyStatus"] {
                #expect(isDenied(try await client.send("GET", target)))
            }
        }
        #expect(await buckets.settings(of: "photos").policy == nil)
        let fixed = RawClient(buckets: FixedBuckets(["photos": InMemoryStore()]))
        let answer = try await fixed.send("PUT", "/photos?policy", [:], Self.publicFolder)
        #expect(answer.code == "NotImplemented")
    }

    /// Anybody may make the gateway look a key up, so what that costs has a bound.
    @Test func policiesThatWouldCostTooMuchAreRefused() async throws {
        func policy(_ actions: [String], _ resources: [String]) -> String {
            let list = { (texts: [String]) in texts.map { "\"\($0)\"" }.joined(separator: ",") }
            return """
                {"Statement":{"Effect":"Allow","Principal":"*","Action":[\(list(actions))],\
                "Resource":[\(list(resources.map { "arn:aws:s3:::photos/" + $0 }))]}}
                """
        }
        let many = Array(repeating: "s3:GetObject", count: 600)
        #expect(try await set(policy(many, ["a/*", "a/*"])).status == 204)
        #expect(await buckets.settings(of: "photos").policy?.grants.count == 1)
        let folders = (0..<101).map { "\($0)/*" }
        #expect(try await set(policy(["s3:GetObject"], folders)).code == "NotImplemented")
        #expect(try await set(policy(["s3:GetObject"], Array(folders.prefix(100)))).status == 204)
        let hard = (0..<3).map { "*\(String(repeating: "a", count: 400))\($0)" }
        #expect(try await set(policy(["s3:GetObject"], hard)).code == "NotImplemented")
        #expect(try await set(policy(["s3:GetObject"], Array(hard.prefix(2)))).status == 204)
        let long = (0..<9).map { String(repeating: "\($0)", count: 1_000) + "*" }
        #expect(try await set(policy(["s3:GetObject"], long)).status == 204)
    }

    /// Types that can run scripts are attachments for strangers, also by a policy.
    @Test func pagesStayAttachments() async throws {
        let page: HTTPHeaders = ["Content-Type": "text/html"]
        #expect(try await owner.send("PUT", "/photos/a/p", page, "<script>").status == 200)
        #expect(try await set(Self.publicFolder).status == 204)
        let answer = try await client().send("GET", "/photos/a/p")
        #expect(answer.headers["Content-Disposition"]?.hasPrefix("attachment") == true)
    }

    private static func statement(_ change: String) -> String {
        let usual = [
            "Effect": "\"Allow\"", "Principal": "\"*\"", "Action": "\"s3:GetObject\"",
            "Resource": "\"arn:aws:s3:::photos/*\"",
        ]
        let name = change.split(separator: "\"").first.map(String.init) ?? ""
        let rest = usual.filter { $0.key != name }.map { "\"\($0.key)\":\($0.value)" }
        let fields = change.hasSuffix(":-") ? rest : rest + [change]
        return "{\"Statement\":[{\(fields.joined(separator: ","))}]}"
    }

    @Test(
        "refuses what it would not do, and keeps the policy that there is",
        arguments: [
            ("\"Effect\":\"Deny\"", "NotImplemented"), ("\"Effect\":\"allow\"", "MalformedPolicy"),
            ("\"Effect\":-", "MalformedPolicy"), ("\"Principal\":-", "MalformedPolicy"),
            ("\"Principal\":\"me\"", "MalformedPolicy"), ("\"Principal\":{}", "MalformedPolicy"),
            ("\"Principal\":{\"AWS\":\"arn:aws:iam::1:root\"}", "NotImplemented"),
            ("\"Principal\":{\"AWS\":[\"*\",\"1\"]}", "NotImplemented"),
            ("\"Principal\":{\"Service\":\"*\"}", "NotImplemented"),
            ("\"Action\":\"s3:PutObject\"", "NotImplemented"),
            ("\"Action\":\"s3:*\"", "NotImplemented"),
            ("\"Action\":\"s3:Get*\"", "NotImplemented"), ("\"Action\":\"*\"", "MalformedPolicy"),
            ("\"Action\":[]", "MalformedPolicy"), ("\"Action\":[1]", "MalformedPolicy"),
            ("\"Action\":\"s3:ListBucket\"", "MalformedPolicy"),
            ("\"Action\":-", "MalformedPolicy"),
            ("\"NotAction\":\"s3:GetObject\"", "NotImplemented"),
            ("\"NotPrincipal\":\"*\"", "NotImplemented"),
            ("\"NotResource\":\"arn:aws:s3:::photos/*\"", "NotImplemented"),
            ("\"Condition\":{}", "NotImplemented"), ("\"What\":\"x\"", "MalformedPolicy"),
            ("\"Resource\":\"arn:aws:s3:::other/*\"", "MalformedPolicy"),
            ("\"Resource\":\"arn:aws:s3:::*/*\"", "MalformedPolicy"),
            ("\"Resource\":\"*\"", "MalformedPolicy"), ("\"Resource\":-", "MalformedPolicy"),
            ("\"Resource\":\"arn:aws:s3:::photos\"", "MalformedPolicy"),
            ("\"Resource\":\"arn:aws:s3:::photos/${aws:username}/*\"", "NotImplemented"),
            ("\"Sid\":1", "MalformedPolicy"), ("\"Sid\":\"a\",\"Sid\":\"b\"", "MalformedPolicy"),
        ]
    )
    func refusals(_ change: String, _ code: String) async throws {
        #expect(try await set(Self.publicFolder).status == 204)
        let answer = try await set(Self.statement(change))
        #expect(answer.code == code)
        #expect(answer.status == (code == "NotImplemented" ? 501 : 400))
        #expect(try await owner.send("GET", "/photos?policy").text == Self.publicFolder)
    }

    @Test(
        "refuses what is no policy",
        arguments: [
            "", "{", "[]", "{}", "{\"Statement\":[]}", "{\"Statement\":[[]]}",
            "{\"Version\":\"2020-01-01\",\"Statement\":[]}", "\u{FEFF}{}",
            "{\"Statement\":\(String(repeating: " ", count: 20 << 10))[]}",
        ]
    )
    func noPolicies(_ text: String) async throws {
        let answer = try await set(text)
        #expect(answer.status == 400)
        #expect(await buckets.settings(of: "photos").policy == nil)
    }

    @Test func aPolicyOutlivesItsCoding() throws {
        let policy = try BucketPolicy(Self.publicFolder)
        var settings = GatewayBucketSettings()
        settings.policy = policy
        let data = try JSONEncoder().encode(settings)
        #expect(try JSONDecoder().decode(GatewayBucketSettings.self, from: data) == settings)
    }
}
