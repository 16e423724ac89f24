import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@Suite struct BlobEventSequencerTests {
    @Test(
        "the shorter is filled up with zeros at its end",
        arguments: [
            // Sequencers of AWS's own examples.
            ("0055AED6DCD90281E5", "00563B1E91CE1D5BFE"),
            ("617f08299329d189", "617f0837b476e463"),
            ("5", "50000001"), ("0A", "1"), ("9", "A"), ("9f", "A0"), ("0", "1"), ("F0", "F1"),
        ]
    )
    func order(_ less: String, _ greater: String) throws {
        let (a, b) = (try BlobEventSequencer(less), try BlobEventSequencer(greater))
        #expect(a < b)
        #expect(!(b < a))
        #expect(a != b)
    }

    @Test(
        "zeros at the end and the case of a digit don't count",
        arguments: [("5", "500"), ("0", "000000"), ("ab", "AB"), ("aB0", "Ab")]
    )
    func equality(_ one: String, _ other: String) throws {
        let (a, b) = (try BlobEventSequencer(one), try BlobEventSequencer(other))
        #expect(a == b)
        #expect(!(a < b) && !(b < a))
        #expect(a.hashValue == b.hashValue)
        #expect(Set([a, b]).count == 1)
    }

    @Test(
        "what is no sequencer",
        arguments: [
            "", "G", "0x1", " 1", "1 ", "-1", "é", "1\0", String(repeating: "1", count: 65),
        ]
    )
    func refusal(_ text: String) throws {
        let error = try #require(throws: BlobError.self) { try BlobEventSequencer(text) }
        #expect(error.kind == .invalidArgument)
        let json = try JSONEncoder().encode(text)
        #expect(throws: BlobError.self) {
            try JSONDecoder().decode(BlobEventSequencer.self, from: json)
        }
    }

    @Test func agreesWithPaddedText() throws {
        var random = SplitMix64(7)
        for _ in 0..<2_000 {
            let texts = (0..<2).map { _ in
                random.text(of: ["0", "1", "9", "A", "F"], upTo: 6) + "0"
            }
            // The rule in AWS's words: pad on the right, then compare as text.
            let padded = texts.map { $0 + String(repeating: "0", count: 8 - $0.utf8.count) }
            let numbers = try texts.map { try BlobEventSequencer($0) }
            #expect((numbers[0] < numbers[1]) == (padded[0] < padded[1]))
            #expect((numbers[0] == numbers[1]) == (padded[0] == padded[1]))
        }
    }
}
