import BlobStorage
import BlobStorageS3
import Foundation
import Testing

@Suite struct CloudFrontDeliveryTests {
    // 900.9 seconds before the end of the vectors.
    private static let now = Date(timeIntervalSince1970: 1_893_552_545.9)

    private func delivery(
        _ base: String = "https://d111111abcdef8.cloudfront.net",
        forwardsResponseHeaders: Bool = false
    ) throws -> CloudFrontDelivery {
        try CloudFrontDelivery(
            baseURL: base,
            signer: CloudFrontFixture.signer(),
            forwardsResponseHeaders: forwardsResponseHeaders,
            now: { Self.now }
        )
    }

    @Test func signsTheAddressOfABlobAsBotocoreDoes() async throws {
        let expected = try CloudFrontFixture.load().cases[0]
        let address = try await delivery().url(of: "images/image.jpg")
        #expect(address.url == expected.signedURL)
        #expect(address.expiresAt == expected.expiresAt)
        let deeper = try delivery("https://d111111abcdef8.cloudfront.net/images/")
        #expect(try await deeper.url(of: "image.jpg").url == expected.signedURL)
    }

    @Test func encodesTheKeyWhatItMayBe() async throws {
        let address = try await delivery().url(of: "a b/ü*?#%.txt")
        let path = address.url.prefix { $0 != "?" }
        #expect(path == "https://d111111abcdef8.cloudfront.net/a%20b/%C3%BC%2A%3F%23%25.txt")
        #expect(CloudFrontFixture.query(address.url)["Expires"] == "1893553445")
    }

    @Test func whatTheAnswerSaysIsSignedIfTheDistributionForwardsIt() async throws {
        let headers = ResponseHeaders(disposition: .attachment("a b.pdf"))
        let options = DeliveryOptions(lifetime: .seconds(60), responseHeaders: headers)
        let refused = try await #require(throws: BlobError.self) {
            try await delivery().url(of: "a.pdf", options: options)
        }
        #expect(refused.kind == .unsupported)
        let address = try await delivery(forwardsResponseHeaders: true)
            .url(of: "a.pdf", options: options)
        let start =
            "https://d111111abcdef8.cloudfront.net/a.pdf?response-content-disposition="
            + "attachment%3B%20filename%3D%22a%20b.pdf%22&Expires=1893552605&Signature="
        #expect(address.url.hasPrefix(start))
        #expect(address.expiresAt == Date(timeIntervalSince1970: 1_893_552_605))
        let bad = ResponseHeaders(disposition: ContentDisposition(verbatim: "a\nb"))
        await #expect(throws: BlobError.self) {
            try await delivery(forwardsResponseHeaders: true)
                .url(of: "a.pdf", options: DeliveryOptions(responseHeaders: bad))
        }
    }

    @Test("refuses a lifetime under a second", arguments: [Duration.zero, .milliseconds(999)])
    func lifetimes(_ lifetime: Duration) async throws {
        await #expect(throws: BlobError.self) {
            try await delivery().url(of: "a", options: DeliveryOptions(lifetime: lifetime))
        }
        #expect(throws: BlobError.self) {
            try delivery().cookies(prefix: "a", lifetime: lifetime)
        }
    }

    @Test func cookiesOpenAllBlobsUnderAPrefix() throws {
        let fixture = try CloudFrontFixture.load().cases[4]
        let cookies = try delivery().cookies(prefix: "a", ipRange: "0.0.0.0/0")
        let query = CloudFrontFixture.query(fixture.signedURL)
        #expect(cookies.values["CloudFront-Policy"] == query["Policy"])
        #expect(cookies.values["CloudFront-Signature"] == query["Signature"])
        let encoded = try delivery().cookies(prefix: "ü*/")
        let policy = try #require(encoded.values["CloudFront-Policy"])
        let base64 = policy.replacing("-", with: "+").replacing("_", with: "=")
            .replacing("~", with: "/")
        let text = String(decoding: try #require(Data(base64Encoded: base64)), as: UTF8.self)
        #expect(text.contains("cloudfront.net/%C3%BC%2A/*\""))
    }
}
