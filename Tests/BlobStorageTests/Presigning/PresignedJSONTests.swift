import BlobStorage
import Foundation
import Testing

/// What a browser gets.
@Suite struct PresignedJSONTests {
    private let request = PresignedRequest(
        method: "PUT",
        url: "https://h/k?X-Amz-Signature=1",
        headers: ["content-type": "image/png", "if-none-match": "*"],
        // `date -u -d 2026-01-31T12:00:00Z +%s`
        expiresAt: Date(timeIntervalSince1970: 1_769_860_800),
        notEnforced: [.useCount, .content]
    )
    private let form = PresignedForm(
        url: "https://h/bucket",
        fields: ["key": "a", "policy": "e30="],
        expiresAt: Date(timeIntervalSince1970: 1_769_860_800),
        byteCounts: 1...5_368_709_120,
        contentTypePrefix: "image/",
        notEnforced: [.useCount, .overwriting]
    )

    private func encoder() -> JSONEncoder {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // The strategy must not matter.
        encoder.dateEncodingStrategy = .millisecondsSince1970
        return encoder
    }

    @Test func aRequestIsWhatFetchTakes() throws {
        let json = String(decoding: try encoder().encode(request), as: UTF8.self)
        #expect(
            json == #"{"expiresAt":"2026-01-31T12:00:00Z","headers":{"content-type":"image/png","#
                + #""if-none-match":"*"},"method":"PUT","notEnforced":["content","useCount"],"#
                + #""url":"https://h/k?X-Amz-Signature=1"}"#
        )
        let read = try JSONDecoder().decode(PresignedRequest.self, from: Data(json.utf8))
        #expect(read == request)
    }

    @Test func aFormIsPlainToo() throws {
        let json = String(decoding: try encoder().encode(form), as: UTF8.self)
        #expect(
            json == #"{"contentTypePrefix":"image/","expiresAt":"2026-01-31T12:00:00Z","#
                + #""fields":{"key":"a","policy":"e30="},"maximumByteCount":5368709120,"#
                + #""minimumByteCount":1,"notEnforced":["overwriting","useCount"],"#
                + #""url":"https://h/bucket"}"#
        )
        let read = try JSONDecoder().decode(PresignedForm.self, from: Data(json.utf8))
        #expect(read == form)
    }

    @Test func wordsOfNewerVersionsAreLeftOut() throws {
        let json =
            #"{"method":"GET","url":"u","headers":{},"expiresAt":"2026-01-31T12:00:00Z","#
            + #""notEnforced":["useCount","somethingNew"]}"#
        let read = try JSONDecoder().decode(PresignedRequest.self, from: Data(json.utf8))
        #expect(read.notEnforced == [.useCount])
    }

    @Test func badTimesAreRefused() {
        let json =
            #"{"method":"GET","url":"u","headers":{},"expiresAt":"tomorrow","notEnforced":[]}"#
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(PresignedRequest.self, from: Data(json.utf8))
        }
    }

    @Test func descriptionsGiveNoPermissionAway() {
        var dumped = ""
        dump(request, to: &dumped)
        dump(form, to: &dumped)
        for text in ["\(request)", String(reflecting: request), "\(form)", dumped] {
            #expect(!text.contains("Signature") && !text.contains("e30="))
        }
        #expect("\(request)" == "PUT https://h/k until 2026-01-31T12:00:00Z")
        #expect("\(form)" == "POST https://h/bucket until 2026-01-31T12:00:00Z")
    }

    @Test func theWordsAreStable() {
        #expect(
            UnenforcedProperty.allCases.map(\.rawValue) == [
                "useCount", "byteCount", "content", "contentType", "contentHeaders",
                "overwriting", "keySuffix",
            ]
        )
    }
}
