import BlobStorageHandler
import Testing

@testable import BlobStorageGateway

/// S3's rules for pages of other origins.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/ManageCorsUsing.html
@Suite struct CORSPolicyTests {
    private static let app = CORSRule(
        origins: ["https://app.example", "https://*.test.example"],
        methods: ["GET", "PUT"],
        allowedHeaders: ["content-type", "X-Amz-*"],
        exposedHeaders: ["ETag", "x-amz-*"],
        maximumAgeSeconds: 600
    )
    private static let open = CORSRule(origins: ["*"], methods: ["GET"], maximumAgeSeconds: nil)

    private func preflight(
        _ origin: String?,
        _ method: String?,
        _ names: String? = nil,
        rules: [CORSRule] = [app]
    ) -> (headers: HTTPHeaders, code: String?) {
        var request = HTTPHeaders()
        request["Origin"] = origin
        request["Access-Control-Request-Method"] = method
        request["Access-Control-Request-Headers"] = names
        do {
            return (try CORSPolicy(["b": rules], bucket: "b").preflight(request), nil)
        } catch {
            return (HTTPHeaders(), "\(error.status) \(error.code)")
        }
    }

    @Test(
        "answers preflights by the rules",
        arguments: [
            ("https://app.example", "PUT", "Content-Type, x-amz-meta-a", nil),
            ("https://app.example", "GET", nil, nil),
            ("https://a.test.example", "GET", "", nil),
            ("https://app.example", "DELETE", nil, "403 AccessForbidden"),
            ("https://app.example", "PATCH", nil, "400 BadRequest"),
            ("https://app.example", "put", nil, "400 BadRequest"),
            ("https://app.example", nil, nil, "400 BadRequest"),
            (nil, "PUT", nil, "400 BadRequest"),
            ("https://app.example", "PUT", "authorization", "403 AccessForbidden"),
            ("https://app.example", "PUT", "x-amz-a\r\nx", "403 AccessForbidden"),
            ("https://app.example.evil", "PUT", nil, "403 AccessForbidden"),
            ("http://app.example", "PUT", nil, "403 AccessForbidden"),
            ("https://APP.example", "PUT", nil, "403 AccessForbidden"),
            ("https://test.example", "GET", nil, "403 AccessForbidden"),
            ("null", "GET", nil, "403 AccessForbidden"),
        ] as [(String?, String?, String?, String?)]
    )
    func preflights(_ origin: String?, _ method: String?, _ names: String?, _ code: String?) {
        let found = preflight(origin, method, names)
        #expect(found.code == code)
        #expect(found.headers["Access-Control-Allow-Origin"] == (code == nil ? origin : nil))
    }

    @Test func aPreflightTellsAll() {
        let found = preflight("https://app.example", "PUT", "Content-Type, x-amz-meta-a").headers
        #expect(found["Access-Control-Allow-Methods"] == "GET, PUT")
        #expect(found["Access-Control-Allow-Headers"] == "content-type, x-amz-meta-a")
        #expect(found["Access-Control-Allow-Credentials"] == "true")
        #expect(found["Access-Control-Max-Age"] == "600")
        #expect(
            found["Vary"]
                == "Origin, Access-Control-Request-Headers, Access-Control-Request-Method"
        )
    }

    @Test func aRuleForAllAllowsNoCredentials() {
        let found = preflight("https://x", "GET", rules: [Self.open]).headers
        #expect(found["Access-Control-Allow-Origin"] == "*")
        #expect(found["Access-Control-Allow-Credentials"] == nil)
        #expect(found["Access-Control-Max-Age"] == nil)
    }

    @Test func theFirstRuleThatFitsCounts() {
        let found = preflight("https://app.example", "GET", rules: [Self.open, Self.app]).headers
        #expect(found["Access-Control-Allow-Origin"] == "*")
        let put = preflight("https://app.example", "PUT", rules: [Self.open, Self.app]).headers
        #expect(put["Access-Control-Allow-Origin"] == "https://app.example")
    }

    @Test func withoutRulesNothingIsAllowed() {
        #expect(preflight("https://x", "GET", rules: []).code == "403 AccessForbidden")
        let policy = CORSPolicy(["b": [Self.open]], bucket: "c")
        let headers = policy.headers(
            method: "GET",
            request: ["Origin": "https://x"],
            answer: HTTPHeaders()
        )
        #expect(headers.fields.isEmpty)
    }

    @Test func rulesOfTheEmptyNameAreForEveryBucket() {
        for bucket in ["b", "c", nil] {
            let policy = CORSPolicy(["": [Self.open]], bucket: bucket)
            let headers = policy.headers(
                method: "GET",
                request: ["Origin": "https://x"],
                answer: HTTPHeaders()
            )
            #expect(headers["Access-Control-Allow-Origin"] == "*")
        }
    }

    @Test func anAnswerShowsTheHeadersThatItHas() {
        let headers = CORSPolicy(["b": [Self.app]], bucket: "b").headers(
            method: "GET",
            request: ["origin": "https://app.example"],
            answer: [
                "ETag": "\"1\"", "X-Amz-Meta-A": "1", "x-amz-request-id": "r",
                "Content-Length": "3", "x-amz-meta-a": "2",
            ]
        )
        #expect(
            headers["Access-Control-Expose-Headers"] == "ETag, X-Amz-Meta-A, x-amz-request-id"
        )
        #expect(headers["Access-Control-Allow-Origin"] == "https://app.example")
    }

    @Test func anAnswerToAnotherOriginVariesAndAllowsNothing() {
        let policy = CORSPolicy(["b": [Self.app]], bucket: "b")
        for request in [HTTPHeaders(), ["Origin": "https://evil.example"]] {
            let headers = policy.headers(method: "GET", request: request, answer: HTTPHeaders())
            #expect(headers.fields.map(\.name) == ["Vary"])
        }
    }

    @Test(
        "fits patterns with one star by bytes",
        arguments: [
            ("*", "", true), ("*", "x", true), ("a*c", "ac", true), ("a*c", "abc", true),
            ("a*c", "a", false), ("ab*bc", "abc", false), ("a", "a", true), ("a", "ab", false),
            ("\u{E9}*", "e\u{301}x", false),
        ]
    )
    func patterns(_ pattern: String, _ text: String, _ isFit: Bool) {
        #expect(CORSRule.fits(pattern, text) == isFit)
    }
}
