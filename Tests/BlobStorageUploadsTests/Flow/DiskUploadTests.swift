import BlobStorage
import BlobStorageDisk
import BlobStorageSQLite
import BlobStorageUploads
import Foundation
import Testing

/// The same on a folder and a file of SQLite.
@Suite struct DiskUploadTests {
    /// A folder that goes with this value.
    private final class Scratch: Sendable {
        let path = NSTemporaryDirectory() + "uploads-\(UUID())"

        init() throws {
            try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        }

        deinit {
            try? FileManager.default.removeItem(atPath: path)
        }
    }

    private func bench(_ scratch: Scratch, _ way: Way) async throws -> Bench {
        let bench = try Bench(
            without: way.missing,
            store: LocalDiskStore(root: scratch.path + "/files", durability: .relaxed),
            records: SQLiteMetadataStore(
                path: scratch.path + "/documents.sqlite",
                durability: .relaxed
            )
        ) { policy in
            policy.multipartThreshold = 6 << 20
            policy.partByteCount = 5 << 20
        }
        try await bench.service.prepare()
        return bench
    }

    private func bytes(_ way: Way) -> [UInt8] {
        way == .parts || way == .plainParts ? Bench.png((11 << 20) + 3) : Bench.png(100_000)
    }

    @Test("a document comes, is read and goes", arguments: Way.allCases)
    func wholeStory(_ way: Way) async throws {
        let scratch = try Scratch()
        let bench = try await bench(scratch, way)
        let bytes = bytes(way)
        var request = Bench.request(bytes, checksum: .of(bytes, .sha256))
        if way == .form || way == .markedForm { request.byteCount = nil }
        let isParts = way == .parts || way == .plainParts
        let owners = isParts ? ["user-42", ".."] : ["caf\u{E9}", "cafe\u{301}", "..", "a/b"]
        for owner in owners {
            let ticket = try await bench.service.reserve(request, owner: owner)
            #expect((ticket.parts?.partCount == 3) == isParts)
            let statuses = try await bench.client.follow(ticket, bytes)
            #expect(statuses.allSatisfy { (200...204).contains($0) }, "\(statuses)")
            let record = try await bench.service.confirm(ticket.id, owner: owner)
            #expect(record.checksum == request.checksum)
            #expect(try await bench.service.confirm(ticket.id, owner: owner) == record)
            let address = try await bench.service.url(of: ticket.id, owner: owner)
            #expect(try await bench.client.fetch(address.url).bytes == bytes)
            let again = try await bench.client.follow(ticket, bytes)
            if way == .direct { #expect(again == [412]) }
        }
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.count == owners.count)
        for record in try await bench.documents {
            try await bench.service.delete(record.id, owner: record.owner)
        }
        #expect(try await bench.keys.isEmpty)
        #expect(try await bench.documents.isEmpty)
    }

    @Test("many at once lose nothing", arguments: [Way.direct, .incoming, .marked])
    func manyAtOnce(_ way: Way) async throws {
        let scratch = try Scratch()
        let bench = try await bench(scratch, way)
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 0..<8 {
                group.addTask {
                    var count = 0
                    for step in 0..<6 {
                        let bytes = Bench.png(1_000 + number * 10 + step)
                        let request = Bench.request(bytes)
                        let ticket = try await bench.rival.reserve(request, owner: "o\(number)")
                        try await bench.client.follow(ticket, bytes)
                        // Two confirm at once, and a sweep goes on meanwhile.
                        async let first = bench.rival.confirm(ticket.id, owner: "o\(number)")
                        async let second = bench.rival.confirm(ticket.id, owner: "o\(number)")
                        async let swept = bench.rival.sweep()
                        let records = try await [first, second]
                        #expect(records[0] == records[1])
                        #expect(try await swept.reservationCount == 0)
                        count += 1
                    }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(done == 48)
        #expect(try await bench.documents.count == 48)
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.count == 48)
    }
}
