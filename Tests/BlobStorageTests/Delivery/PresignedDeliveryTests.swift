import BlobStorage
import Foundation
import Testing

@Suite struct PresignedDeliveryTests {
    private static let end = Date(timeIntervalSince1970: 1_769_860_800)

    /// Tells what it was asked for in the URL.
    private struct EchoPresigner: BlobPresigner {
        var headers: [String: String] = [:]

        func presign(
            _ operation: PresignedOperation,
            _ key: BlobKey,
            expiresIn lifetime: Duration,
            options: PresignOptions
        ) async throws -> PresignedRequest {
            let disposition = options.responseHeaders.disposition?.text ?? "-"
            let seconds = lifetime.components.seconds
            return PresignedRequest(
                method: operation.method,
                url: "https://h/\(key)?\(operation.name)&\(seconds)&\(disposition)",
                headers: headers,
                expiresAt: PresignedDeliveryTests.end,
                notEnforced: []
            )
        }

        func presignForm(
            _ key: BlobKey,
            expiresIn lifetime: Duration,
            conditions: UploadFormConditions
        ) async throws -> PresignedForm {
            throw BlobError(.unsupported, operation: "presignForm", message: "not asked for")
        }
    }

    @Test func signsAGet() async throws {
        let delivery: any BlobDelivery = PresignedDelivery(EchoPresigner())
        let plain = try await delivery.url(of: "a")
        #expect(plain == DeliveryURL(url: "https://h/a?get&900&-", expiresAt: Self.end))
        let options = DeliveryOptions(
            lifetime: .seconds(60),
            responseHeaders: ResponseHeaders(disposition: .attachment())
        )
        let changed = try await delivery.url(of: "a", options: options)
        #expect(changed.url == "https://h/a?get&60&attachment")
    }

    @Test func refusesARequestThatNeedsHeaders() async throws {
        let headers = ["x-amz-server-side-encryption-customer-key": "secret"]
        let delivery = PresignedDelivery(EchoPresigner(headers: headers))
        let error = try await #require(throws: BlobError.self) { try await delivery.url(of: "a") }
        #expect(error.kind == .unsupported)
        #expect(!error.description.contains("secret"))
    }

    @Test func anAddressIsPlainJSON() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The strategy must not matter.
        encoder.dateEncodingStrategy = .millisecondsSince1970
        let signed = DeliveryURL(url: "https://h/a?Signature=1", expiresAt: Self.end)
        let open = DeliveryURL(url: "https://h/a")
        for (address, expected) in [
            (signed, #"{"expiresAt":"2026-01-31T12:00:00Z","url":"https://h/a?Signature=1"}"#),
            (open, #"{"url":"https://h/a"}"#),
        ] {
            let json = try encoder.encode(address)
            #expect(String(decoding: json, as: UTF8.self) == expected)
            #expect(try JSONDecoder().decode(DeliveryURL.self, from: json) == address)
        }
        let null = Data(#"{"url":"https://h/a","expiresAt":null}"#.utf8)
        #expect(try JSONDecoder().decode(DeliveryURL.self, from: null) == open)
        for bad in [#"{"url":"u","expiresAt":"soon"}"#, #"{"url":"u","expiresAt":1}"#, "{}"] {
            #expect(throws: DecodingError.self) {
                try JSONDecoder().decode(DeliveryURL.self, from: Data(bad.utf8))
            }
        }
    }

    @Test func aDescriptionHasNoQuery() {
        let address = DeliveryURL(url: "https://h/a?Signature=secret", expiresAt: Self.end)
        #expect("\(address)" == "https://h/a until 2026-01-31T12:00:00Z")
        var dumped = "\(String(reflecting: address))"
        dump(address, to: &dumped)
        #expect(!dumped.contains("secret"))
        #expect("\(DeliveryURL(url: "https://h/a"))" == "https://h/a")
    }
}
