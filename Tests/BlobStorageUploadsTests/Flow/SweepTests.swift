import BlobStorage
import BlobStorageUploads
import Foundation
import Testing

@testable import BlobStorageUploads

@Suite struct SweepTests {
    /// A bench with one of everything that a sweep removes, beside two confirmed documents.
    private static func litteredBench() async throws -> Bench {
        let bench = try Bench(without: [.conditionalCopy])
        try await bench.upload()
        let doomed = try await bench.upload()
        // A reservation that expired, with bytes, and one in parts.
        let expired = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
        try await bench.client.follow(expired, Bench.png)
        let parts = try await bench.service.reserve(
            Bench.request(Bench.png(20)),
            owner: Bench.owner
        )
        try await bench.client.follow(parts, Bench.png(20))
        // A blob without a record, a copy that nobody names, bytes that were copied already.
        let form = try await bench.service.reserve(Way.markedForm.request, owner: Bench.owner)
        try await bench.client.follow(form, Bench.png)
        let copied = try await bench.service.confirm(form.id, owner: Bench.owner)
        try await bench.client.follow(form, Bench.png)
        let orphan = bench.service.keys.key(owner: "o", id: DocumentIDMaker().next(), nil)
        let fresh = bench.service.keys.freshKey(for: copied)
        for key in [orphan, fresh] { _ = try await bench.store.put(key, "12345") }
        // A multipart upload that no record names.
        let other = bench.service.keys.key(owner: "o", id: DocumentIDMaker().next(), nil)
        let upload = try await bench.store.createMultipartUpload(other)
        _ = try await bench.store.uploadPart(1, of: upload, [1, 2, 3, 4])
        // Blobs that are not the service's.
        for key in ["uploads/readme.txt", "uploads/o/notes.txt", "elsewhere/x"] as [BlobKey] {
            _ = try await bench.store.put(key, "mine")
        }
        try await bench.service.delete(doomed.id, owner: Bench.owner, after: .seconds(10))
        return bench
    }

    @Test func removesWhatIsLeftAndNothingElse() async throws {
        let bench = try await Self.litteredBench()
        bench.clock.advance(seconds: 200_000)
        let before = try await bench.keys
        let dry = try await bench.service.sweep(SweepOptions(isDryRun: true))
        #expect(try await bench.keys == before)
        #expect(try await bench.documents.count == 5)
        #expect(try await bench.multipartUploads.count == 2)
        #expect(dry.isDryRun)

        let report = try await bench.service.sweep()
        #expect(report.reservationCount == 2)
        #expect(report.documentCount == 1)
        #expect(report.blobCount == 3)
        #expect(report.blobByteCount == 12 + 5 + 5)
        #expect(report.multipartUploadCount == 1)
        #expect(report.failureCount == 0)
        #expect(report.foreignBlobCount == 2)
        #expect(report.removals.count == report.removalCount)
        let text =
            "removed 2 reservations, 1 documents, 3 orphaned blobs of 22 bytes, "
            + "1 multipart uploads; 2 foreign blobs"
        #expect("\(report)" == text)
        #expect(Set(dry.removals) == Set(report.removals))
        #expect("\(dry)".hasPrefix("would remove 2 reservations"))

        let left = try await bench.documents
        #expect(left.count == 2)
        let foreign = ["elsewhere/x", "uploads/o/notes.txt", "uploads/readme.txt"]
        #expect(try await bench.keys == (left.map(\.key.text) + foreign).sorted())
        #expect(try await bench.multipartUploads.isEmpty)
        try await bench.expectConfirmedBlobs()
        #expect(try await bench.service.sweep().removalCount == 0)
    }

    @Test func withoutTheStoreItLooksAtRecordsAlone() async throws {
        let bench = try await Self.litteredBench()
        bench.clock.advance(seconds: 200_000)
        bench.gate.reset()
        let report = try await bench.service.sweep(SweepOptions(includesStore: false))
        #expect(report.reservationCount == 2 && report.documentCount == 1)
        #expect(report.blobCount == 0 && report.multipartUploadCount == 0)
        // Another one has nothing to do but to ask for the two states.
        bench.gate.reset()
        try await bench.service.sweep(SweepOptions(includesStore: false))
        #expect(bench.gate.count == 2)
    }

    @Test func whatStillHoldsIsLeftAlone() async throws {
        let bench = try Bench()
        let ticket = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
        try await bench.client.follow(ticket, Bench.png)
        let parts = try await bench.service.reserve(
            Bench.request(Bench.png(20)),
            owner: Bench.owner
        )
        try await bench.client.follow(parts, Bench.png(20))
        bench.clock.advance(seconds: 86_399)
        let report = try await bench.service.sweep(SweepOptions(multipartGrace: .zero))
        #expect(report.removalCount == 0)
        for id in [ticket.id, parts.id] {
            _ = try await bench.service.confirm(id, owner: Bench.owner)
        }
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.count == 2)
    }

    @Test func aYoungMultipartUploadMayBelongToAReservationThatIsBeingMade() async throws {
        let bench = try Bench()
        let key = bench.service.keys.key(owner: "o", id: DocumentIDMaker().next(), nil)
        _ = try await bench.store.createMultipartUpload(key)
        bench.clock.advance(seconds: 3_599)
        #expect(try await bench.service.sweep().multipartUploadCount == 0)
        bench.clock.advance(seconds: 1)
        #expect(try await bench.service.sweep().multipartUploadCount == 1)
    }

    @Test func manyThingsTakeManyPages() async throws {
        let bench = try Bench()
        let maker = DocumentIDMaker()
        for number in 0..<2_500 {
            let key = bench.service.keys.key(owner: "o\(number % 7)", id: maker.next(), nil)
            _ = try await bench.store.put(key, [UInt8](repeating: 0, count: 3))
        }
        for _ in 0..<1_200 {
            _ = try await bench.rival.reserve(Bench.request(), owner: Bench.owner)
        }
        bench.clock.advance(seconds: 90_000)
        let report = try await bench.service.sweep()
        #expect(report.blobCount == 2_500)
        #expect(report.blobByteCount == 7_500)
        #expect(report.reservationCount == 1_200)
        #expect(report.removals.count == SweepReport.maximumNamedCount)
        #expect(try await bench.keys.isEmpty)
        #expect(try await bench.documents.isEmpty)
    }

    @Test func oneFailureDoesNotKeepTheOthersFromGoing() async throws {
        let bench = try Bench()
        for _ in 0..<3 {
            let ticket = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
            try await bench.client.follow(ticket, Bench.png)
        }
        bench.clock.advance(seconds: 90_000)
        let failed = Locked(false)
        bench.gate.reset { step in
            guard step.name == "delete", step.side == .before else { return }
            let isFirst = failed.withLock { failed in
                defer { failed = true }
                return !failed
            }
            if isFirst { throw BlobError(.throttled, operation: "delete", message: "slow down") }
        }
        let report = try await bench.service.sweep(SweepOptions(includesStore: false))
        #expect(report.reservationCount == 2)
        #expect(report.failureCount == 1)
        #expect("\(report)".hasSuffix("; 1 failures"))
        // What failed is decided all the same: it is among the deleted ones, which come next.
        #expect(report.documentCount == 1)
        #expect(try await bench.keys.isEmpty)
    }

    @Test func aCancelledSweepEnds() async throws {
        let bench = try Bench()
        for _ in 0..<3 { _ = try await bench.service.reserve(Bench.request(), owner: "o") }
        bench.clock.advance(seconds: 90_000)
        let task = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await bench.service.sweep()
        }
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(try await bench.documents.count == 3)
    }

    @Test func aStoreWithoutPartsIsSweptToo() async throws {
        let bench = try Bench(hasParts: false)
        let ticket = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
        try await bench.client.follow(ticket, Bench.png)
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.isEmpty)
    }
}
