import BlobStorage
import Foundation
import Testing

@Suite struct BlobEventTests {
    @Test("comes back from JSON as it was", arguments: [0, 0.001, 0.123, 0.999, 0.0004, 1_000_000])
    func roundTrip(_ seconds: Double) throws {
        let event = BlobEvent(
            .created,
            name: "ObjectCreated:Put",
            source: "e\u{301}",
            key: "a/\u{301} +%",
            byteCount: .max,
            etag: "\"e\"",
            versionID: "null",
            time: Date(timeIntervalSince1970: 1_750_000_000 + seconds),
            sequencer: try BlobEventSequencer("0055AED6DCD90281E5")
        )
        let json = try JSONEncoder().encode(event)
        #expect(try JSONDecoder().decode(BlobEvent.self, from: json) == event)
    }

    @Test func whatIsNotKnownIsLeftOut() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        var plain = event("a/b", nil)
        plain.kind = .other
        let json = String(decoding: try encoder.encode(plain), as: UTF8.self)
        #expect(
            json == """
                {"key":"a/b","kind":"other","name":"ObjectCreated:Put","source":"files",\
                "time":"2025-06-15T15:06:40.000Z"}
                """
        )
        #expect(try JSONDecoder().decode(BlobEvent.self, from: Data(json.utf8)) == plain)
    }

    @Test func aKindOfALaterVersionIsOther() throws {
        let json = """
            {"kind":"frozen","name":"n","source":"s","key":"k","time":"2025-06-15T15:06:40Z"}
            """
        #expect(try JSONDecoder().decode(BlobEvent.self, from: Data(json.utf8)).kind == .other)
    }

    @Test("what is no event", arguments: ["time", "key", "sequencer"])
    func refusal(_ field: String) throws {
        var fields = [
            "kind": "created", "name": "n", "source": "s", "key": "k",
            "time": "2025-06-15T15:06:40Z", "sequencer": "1",
        ]
        fields[field] = ""
        let json = try JSONEncoder().encode(fields)
        #expect(throws: (any Error).self) { try JSONDecoder().decode(BlobEvent.self, from: json) }
    }

    @Test func comparesBytes() {
        #expect(event("a", 1, source: "é") != event("a", 1, source: "e\u{301}"))
        var (one, other) = (event("a", 1), event("a", 1))
        #expect(one == other)
        (one.versionID, other.versionID) = ("é", "e\u{301}")
        #expect(one != other)
    }

    @Test func aDescriptionForgesNoLine() {
        let text = event("a\nb\"", 255, source: "f\u{1B}").description
        #expect(
            text == #"ObjectCreated:Put "f\u{1b}/a\u{a}b\"" (00000000000000FF)"#
        )
    }
}
