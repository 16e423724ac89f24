import BlobStorage
import Foundation
import Testing

@Suite struct DocumentRecordTests {
    private let record = DocumentRecord(id: "a", owner: "o", key: "k", created: .distantPast)

    @Test func spellingsAreDifferentRecords() {
        var (composed, decomposed) = (record, record)
        (composed.owner, decomposed.owner) = ("\u{E9}", "e\u{301}")
        #expect(composed != decomposed)
        (composed.owner, decomposed.owner) = ("o", "o")
        #expect(composed == decomposed)
        (composed.fileName, decomposed.fileName) = ("\u{E9}", "e\u{301}")
        #expect(composed != decomposed)
    }

    @Test func timesAreWholeMilliseconds() {
        var record = record
        record.expires = Date(timeIntervalSince1970: 1.000_4)
        #expect(record.expires == Date(timeIntervalSince1970: 1))
        record.expires = Date(timeIntervalSince1970: 1.000_6)
        #expect(record.expires == Date(timeIntervalSince1970: 1.001))
    }

    @Test("no time makes it trap", arguments: [Double.nan, .infinity, -.infinity, 1e300, -1e300])
    func oddTimes(_ seconds: Double) throws {
        var record = record
        record.uploaded = Date(timeIntervalSince1970: seconds)
        let error = try #require(throws: BlobError.self) {
            try record.validate(operation: "insert")
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test func aRefusalTellsNumbersAndNotTheText() throws {
        var record = DocumentRecord(id: "a", owner: "o", key: "k", created: .now)
        record.fileName = String(repeating: "x", count: 2_000)
        let error = try #require(throws: BlobError.self) {
            try record.validate(operation: "insert")
        }
        #expect(
            error.description
                == "insert: invalidArgument: the file name has 2000 bytes; it has 0 to 1024"
        )
    }
}
