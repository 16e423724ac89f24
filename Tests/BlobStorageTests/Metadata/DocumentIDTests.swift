import BlobStorage
import Foundation
import Testing

@Suite struct DocumentIDTests {
    @Test(
        "refuses other texts",
        arguments: [
            "", "a b", "a/b", "a.b", "é", "a\u{0}", "a\n", "%41",
            String(repeating: "x", count: 129),
        ]
    )
    func refuses(_ text: String) throws {
        let error = try #require(throws: BlobError.self) { try DocumentID(text) }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.utf8.count < 300)
    }

    @Test("takes legal texts", arguments: ["a", "A-Z_0-9", String(repeating: "x", count: 128)])
    func takes(_ text: String) throws {
        #expect(try DocumentID(text).text == text)
    }

    @Test func isCodedAsAString() throws {
        let ids: [DocumentID] = ["a-1"]
        #expect(try JSONEncoder().encode(ids) == Data("[\"a-1\"]".utf8))
        #expect(try JSONDecoder().decode([DocumentID].self, from: Data("[\"a-1\"]".utf8)) == ids)
        #expect(throws: BlobError.self) {
            try JSONDecoder().decode([DocumentID].self, from: Data("[\"a/1\"]".utf8))
        }
    }
}

@Suite struct DocumentIDMakerTests {
    /// A maker whose clock stands still.
    private func maker(at milliseconds: Int64, random: [UInt64]) -> DocumentIDMaker {
        let numbers = Locked(random[...])
        return DocumentIDMaker(
            now: { DocumentTime.date(milliseconds) },
            random: { numbers.withLock { $0.popFirst() ?? 0 } }
        )
    }

    @Test func isAUUIDOfVersionSeven() {
        // RFC 9562, appendix A.6, but for the highest bit of rand_a (CC3 there), which is 0 in a
        // counter's first value (section 6.2, "counter rollover guards").
        let maker = maker(at: 0x017F_22E2_79B0, random: [0xCC3, 0x18C4_DC0C_0C07_398F])
        #expect(maker.next().text == "017f22e2-79b0-74c3-98c4-dc0c0c07398f")
    }

    @Test func idsOfOneMillisecondAscend() {
        let maker = maker(at: 1_000, random: [0x7FF, 5, 0, 4, 0, 3])
        let ids = (0..<3).map { _ in maker.next() }
        #expect(
            ids.map { $0.text.prefix(18) } == [
                "00000000-03e8-77ff", "00000000-03e8-7800", "00000000-03e8-7801",
            ]
        )
        #expect(ids == ids.sorted())
    }

    @Test func moreIDsThanAMillisecondHoldsAscend() {
        let maker = maker(at: 1_000, random: [])
        let ids = (0..<10_000).map { _ in maker.next() }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0 < $1 })
        #expect(ids.last?.text.hasPrefix("00000000-03ea-7") == true)
    }

    @Test func aClockThatIsSetBackChangesNothing() {
        let times = Locked<[Int64]>([5_000, 4_000, 3_000, 5_001])
        let maker = DocumentIDMaker(now: {
            DocumentTime.date(times.withLock { $0.removeFirst() })
        })
        let ids = (0..<4).map { _ in maker.next() }
        #expect(ids == ids.sorted() && Set(ids).count == 4)
    }

    @Test func makersDoNotMeet() async throws {
        let maker = DocumentIDMaker()
        let all = await withTaskGroup(of: [DocumentID].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<1_000).map { _ in maker.next() } }
            }
            return await group.reduce(into: []) { $0 += $1 }
        }
        #expect(Set(all).count == 8_000)
        #expect(Set(all + [DocumentIDMaker().next()]).count == 8_001)
    }
}
