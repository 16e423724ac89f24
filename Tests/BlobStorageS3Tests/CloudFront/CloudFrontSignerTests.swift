import BlobStorage
import BlobStorageS3
import Foundation
import Testing

@Suite struct CloudFrontSignerTests {
    @Test func signsTheURLsOfBotocore() throws {
        let fixture = try CloudFrontFixture.load()
        let signer = try CloudFrontFixture.signer()
        #expect(fixture.cases.count == 5)
        for test in fixture.cases {
            let url =
                try test.custom.map { try signer.signedURL(test.url, policy: $0) }
                ?? signer.signedURL(test.url, expiresAt: test.expiresAt)
            #expect(url == test.signedURL)
        }
    }

    // The name of the hash: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PrivateCFSignatureCodeAndExamples.html
    @Test func signsThemWithSHA256Too() throws {
        let fixture = try CloudFrontFixture.load()
        let signer = try CloudFrontFixture.signer(.sha256)
        let signatures = try CloudFrontFixture.SHA256.load().cases
        for (test, expected) in zip(fixture.cases, signatures) {
            #expect(test.policy == expected.policy)
            let url =
                try test.custom.map { try signer.signedURL(test.url, policy: $0) }
                ?? signer.signedURL(test.url, expiresAt: test.expiresAt)
            #expect(CloudFrontFixture.query(url)["Signature"] == expected.signature)
            #expect(url.hasSuffix("&Key-Pair-Id=\(fixture.keyPairID)&Hash-Algorithm=SHA256"))
        }
    }

    @Test func cookiesHaveTheSameSignatures() throws {
        let fixture = try CloudFrontFixture.load()
        for hash in CloudFrontSigner.Hash.allCases {
            let signer = try CloudFrontFixture.signer(hash)
            for test in fixture.cases {
                let url =
                    try test.custom.map { try signer.signedURL(test.url, policy: $0) }
                    ?? signer.signedURL(test.url, expiresAt: test.expiresAt)
                let cookies =
                    try test.custom.map { try signer.signedCookies($0) }
                    ?? signer.signedCookies(for: test.url, expiresAt: test.expiresAt)
                var expected = CloudFrontFixture.query(url).filter { name, _ in
                    ["Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm"]
                        .contains(name)
                }
                expected = Dictionary(
                    uniqueKeysWithValues: expected.map { ("CloudFront-\($0)", $1) }
                )
                #expect(cookies.values == expected)
                #expect(cookies.values.count == (hash == .sha256 ? 4 : 3))
                #expect(cookies.expiresAt == test.expiresAt)
            }
        }
    }

    // https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-setting-signed-cookie-custom-policy.html
    @Test func cookiesBecomeHeaders() throws {
        let signer = try CloudFrontFixture.signer()
        let end = Date(timeIntervalSince1970: 1_893_553_445)
        let cookies = try signer.signedCookies(for: "https://d.example/a", expiresAt: end)
        let headers = try cookies.setCookieHeaders(domain: "example.org", path: "/a/")
        #expect(
            headers.first == "CloudFront-Expires=1893553445; Domain=example.org; Path=/a/; "
                + "Secure; HttpOnly"
        )
        #expect(headers.map { $0.prefix { $0 != "=" } }.count == 3)
        #expect(try cookies.setCookieHeaders()[0].hasSuffix("1893553445; Path=/; Secure; HttpOnly"))
        for bad in ["a\r\nX: y", "a; b", "", "ä"] {
            #expect(throws: BlobError.self) { try cookies.setCookieHeaders(domain: bad) }
            #expect(throws: BlobError.self) { try cookies.setCookieHeaders(path: bad) }
        }
    }

    private static let end = Date(timeIntervalSince1970: 1_893_553_445)

    @Test(
        "refuses an address that CloudFront would read as something else",
        arguments: [
            "", "https://h/a b", "https://h/\"", "https://h/\\", "https://h/é", "https://h/a#b",
            "https://h/a\n", "https://h/?Expires=1", "https://h/?a=b&Signature=x",
            "https://h/?Key-Pair-Id", "https://h/?x&Policy=", "https://h/?Hash-Algorithm=SHA256",
            "https://h/" + String(repeating: "a", count: 8_192),
        ]
    )
    func badAddresses(_ url: String) throws {
        let signer = try CloudFrontFixture.signer()
        let error = try #require(throws: BlobError.self) {
            try signer.signedURL(url, expiresAt: Self.end)
        }
        #expect(error.kind == .invalidArgument)
        #expect(url.isEmpty || !error.description.contains(url))
    }

    private static let badPolicies: [(CloudFrontPolicy, String)] = [
        (CloudFrontPolicy(resource: "https://h/\"*", expiresAt: end), "resource"),
        (CloudFrontPolicy(resource: "*", expiresAt: Date(timeIntervalSince1970: 1e15)), "9999"),
        (CloudFrontPolicy(resource: "*", expiresAt: Date(timeIntervalSince1970: -1)), "1970"),
        (CloudFrontPolicy(resource: "*", expiresAt: Date(timeIntervalSince1970: .nan)), "1970"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, notBefore: end), "begins at 1893553445"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: ""), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "192.0.2.0/33"), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "192.0.2.256"), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "192.0.2.01"), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "192.0.2"), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "192.0.2.0/24/8"), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "::1"), "IPv4"),
        (CloudFrontPolicy(resource: "*", expiresAt: end, ipRange: "1.1.1.1\"}"), "IPv4"),
    ]

    @Test("refuses a policy that CloudFront could not read", arguments: badPolicies)
    func badPolicy(_ policy: CloudFrontPolicy, _ message: String) throws {
        let signer = try CloudFrontFixture.signer()
        let error = try #require(throws: BlobError.self) { try signer.signedCookies(policy) }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains(message))
    }

    @Test(
        "signs an address by a policy that is about it",
        arguments: [
            ("https://h/a/*", "https://h/a/b/c?q", true), ("*", "https://h/", true),
            ("https://h/a*", "https://h/b", false),
            ("http*://*/x?.png", "https://h/y/x1.png", true),
            ("https://h/a?.png", "https://h/a.png", false),
            ("https://h/*b*d", "https://h/abcbd", true),
            ("https://h/*b*d", "https://h/abcbe", false), ("https://h/a", "https://h/a?x=1", false),
            ("https://h/a?x=1", "https://h/a?x=1", true), ("https://h/a**", "https://h/a", true),
        ]
    )
    func covers(_ resource: String, _ url: String, _ isAbout: Bool) throws {
        let signer = try CloudFrontFixture.signer()
        let policy = CloudFrontPolicy(resource: resource, expiresAt: Self.end)
        guard !isAbout else {
            #expect(try signer.signedURL(url, policy: policy).hasPrefix(url))
            return
        }
        let error = try #require(throws: BlobError.self) {
            try signer.signedURL(url, policy: policy)
        }
        #expect(error.message == "the policy's resource is not about the address")
    }

    @Test func aKeyThatCannotSignIsRefusedAndNotShown() throws {
        let key = try CloudFrontFixture.key()
        for (id, text) in [("", key), ("a b", key), ("a&b", key), ("K", "x")] {
            let error = try #require(throws: BlobError.self) {
                _ = try CloudFrontSigner(keyPairID: id, privateKey: text)
            }
            #expect(error.kind == .invalidArgument)
            #expect(!error.description.contains(key.split(separator: "\n")[1]))
        }
    }

    @Test func secretsAreInNoDescription() throws {
        let signer = try CloudFrontFixture.signer(.sha256)
        let cookies = try signer.signedCookies(for: "https://h/a", expiresAt: Self.end)
        var shown = "\(signer) \(cookies) \(String(reflecting: signer))"
        dump(signer, to: &shown)
        dump(cookies, to: &shown)
        #expect(shown.contains("CloudFrontSigner \(signer.keyPairID) sha256"))
        #expect(!shown.contains(try #require(cookies.values["CloudFront-Signature"])))
        for line in try CloudFrontFixture.key().split(separator: "\n") {
            #expect(!shown.contains(line))
        }
    }
}
