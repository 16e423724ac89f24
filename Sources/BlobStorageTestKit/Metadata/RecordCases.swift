import BlobStorage
import Foundation

/// What goes in comes out.
enum RecordCases {
    static let all = basic + fields + times

    private static let basic = [
        MetadataConformanceCase("insert.givesVersionOne") { scope in
            var record = scope.new("a")
            record.version = 77
            let inserted = try await scope.store.insert(record)
            record.version = 1
            try expectEqual(inserted, record, "what insert returns")
            try await scope.expectRecord(record)
        },
        MetadataConformanceCase("insert.existing") { scope in
            let first = try await scope.seed("a")
            let second = scope.new("a", at: 5, owner: scope.owner("other"), state: .confirmed)
            try await expectError(.alreadyExists, from: "insert of an id that is there") {
                try await scope.store.insert(second)
            }
            try await scope.expectRecord(first)
        },
        MetadataConformanceCase("insert.identical.existing") { scope in
            let first = try await scope.seed("a")
            try await expectError(.alreadyExists, from: "insert of the same record again") {
                try await scope.store.insert(first)
            }
        },
        MetadataConformanceCase("insert.afterDelete") { scope in
            let first = try await scope.seed("a")
            try await scope.store.update(first)
            try await scope.store.delete(first.id)
            let again = try await scope.seed("a", at: 9, state: .confirmed)
            try expectEqual(again.version, 1, "the version of a new record")
            try await scope.expectRecord(again)
        },
        MetadataConformanceCase("record.missing") { scope in
            try await scope.expectMissing(scope.id("a"))
        },
        MetadataConformanceCase("record.idsDifferInCase") { scope in
            let lower = try await scope.seed("a", at: 1)
            let upper = try await scope.seed("A", at: 2)
            try await scope.expectRecord(lower)
            try await scope.expectRecord(upper)
        },
        MetadataConformanceCase("record.longestID") { scope in
            let rest = DocumentID.maximumByteCount - scope.unique.utf8.count - 1
            let record = try await scope.seed(String(repeating: "z", count: rest))
            try await scope.expectRecord(record)
        },
        MetadataConformanceCase("prepare.again.keepsRecords") { scope in
            let record = try await scope.seed("a")
            try await scope.store.prepare()
            try await scope.expectRecord(record)
        },
    ]

    /// A record with every field set.
    static func full(_ scope: MetadataScope) throws -> DocumentRecord {
        var record = scope.new("full", at: 123, state: .confirmed)
        record.fileName = "report \"final\".pdf"
        record.contentType = "application/pdf"
        record.byteCount = .max
        record.etag = "\"abc-12\""
        record.checksum = try Checksum(.sha256, bytes: Array(0..<32))
        record.uploaded = MetadataScope.time(456)
        record.expires = MetadataScope.time(789)
        record.attributes = ["a": "b", "C.d/e:f": ""]
        return record
    }

    private static func roundTrips(
        _ name: String,
        _ change: @escaping @Sendable (inout DocumentRecord) throws -> Void
    ) -> MetadataConformanceCase {
        MetadataConformanceCase("roundTrip.\(name)") { scope in
            var record = try full(scope)
            try change(&record)
            let inserted = try await scope.store.insert(record)
            record.version = 1
            try expectEqual(inserted, record, "what insert returns")
            try await scope.expectRecord(record)
            var updated = try await scope.store.update(record)
            try await scope.expectRecord(updated)
            updated.version = 1
            try expectEqual(updated, record, "the record after an update without a change")
        }
    }

    private static let fields = [
        roundTrips("everyField") { _ in },
        roundTrips("noField") {
            $0 = DocumentRecord(id: $0.id, owner: $0.owner, key: $0.key, created: $0.created)
        },
        roundTrips("emptyTexts") {
            ($0.fileName, $0.contentType, $0.etag) = ("", "", "")
            $0.attributes = ["empty": ""]
        },
        roundTrips("byteCount.zero") { $0.byteCount = 0 },
        roundTrips("checksum.crc32c") { $0.checksum = .of([1, 2, 3], .crc32C) },
        roundTrips("checksum.crc64nvme") { $0.checksum = .of([1, 2, 3], .crc64NVME) },
        roundTrips("longestTexts") { record in
            record.fileName = String(
                repeating: "é",
                count: DocumentRecord.maximumFileNameByteCount / 2
            )
            let short = String(repeating: "x", count: DocumentRecord.maximumShortTextByteCount)
            (record.contentType, record.etag) = (short, ETag(short))
            let rest = BlobKey.maximumByteCount - record.key.text.utf8.count
            let tail = String(repeating: "k", count: rest)
            record.key = try BlobKey(record.key.text + tail)
        },
        roundTrips("attributes.manyPairs") { record in
            record.attributes = [:]
            for number in 0..<DocumentAttributes.maximumCount {
                record.attributes["name-\(number)"] = "value \(number)"
            }
        },
        roundTrips("attributes.oneLargeValue") { record in
            let count = DocumentAttributes.maximumByteCount - 5
            record.attributes = ["large": String(repeating: "v", count: count)]
        },
        roundTrips("attributes.largeUnicode") { record in
            let value = String(repeating: "🗂️é\u{0}\"\\", count: 10_000)
            record.attributes = ["large": value]
        },
        roundTrips("attributes.namesDifferInCase") { $0.attributes = ["a": "1", "A": "2"] },
        roundTrips("attributes.namesLikeColumns") {
            $0.attributes = ["id": "1", "owner": "2", "S": "3", "N": "4", "version": "5"]
        },
    ]

    private static let times = [
        roundTrips("times.roundedToMilliseconds") { record in
            record.uploaded = Date(timeIntervalSince1970: 1_767_225_600.123_456)
            let kept = DocumentTime.milliseconds(of: record.uploaded ?? .distantPast)
            try expectEqual(kept, 1_767_225_600_123, "the milliseconds")
        },
        roundTrips("times.first") { $0.expires = DocumentTime.date(0) },
        roundTrips("times.last") {
            $0.expires = DocumentTime.date(DocumentTime.range.upperBound)
        },
        roundTrips("times.everyMillisecondOfHalfASecond") { record in
            // Doubles hold most thousandths only nearly.
            for number in 0..<500 {
                let date = MetadataScope.time(Int64(number))
                record.uploaded = date
                try expectEqual(record.uploaded, date, "the time after it was set")
            }
            record.uploaded = MetadataScope.time(499)
        },
        MetadataConformanceCase("times.createdAtBounds") { scope in
            for (name, milliseconds) in [("first", 0), ("last", DocumentTime.range.upperBound)] {
                var record = DocumentRecord(
                    id: scope.id(name),
                    owner: scope.owner(),
                    key: scope.key(name),
                    created: DocumentTime.date(milliseconds)
                )
                try await scope.store.insert(record)
                record.version = 1
                try await scope.expectRecord(record)
            }
            try await scope.expectNames(DocumentQuery(owner: scope.owner()), ["last", "first"])
        },
    ]
}
