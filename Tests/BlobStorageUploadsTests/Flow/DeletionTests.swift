import BlobStorage
import BlobStorageUploads
import Foundation
import Testing

@Suite struct DeletionTests {
    @Test func aDeletionCanBeTakenBack() async throws {
        let bench = try Bench()
        let service = bench.service
        let record = try await bench.upload()
        let deleted = try #require(
            try await service.delete(record.id, owner: Bench.owner, after: .seconds(10))
        )
        #expect(deleted.state == .deleting)
        #expect(deleted.expires == bench.clock.now.addingTimeInterval(10))
        #expect(try await service.documents(owner: Bench.owner).records.isEmpty)
        #expect(try await service.document(record.id, owner: Bench.owner) == deleted)
        try await refusal(.deleted) { _ = try await service.ticket(record.id, owner: Bench.owner) }
        try await refusal(.deleted) { _ = try await service.confirm(record.id, owner: Bench.owner) }
        try await refusal(.deleted) { _ = try await service.url(of: record.id, owner: Bench.owner) }
        try await refusal(.deleted) { try await service.cancel(record.id, owner: Bench.owner) }
        bench.clock.advance(seconds: 9)
        let early = try await service.sweep()
        #expect(early.removalCount == 0)
        let restored = try await service.restore(record.id, owner: Bench.owner)
        #expect(restored.state == .confirmed)
        #expect(restored.expires == nil)
        #expect(restored.etag == record.etag)
        try await bench.expectNothingButConfirmed()
        #expect(try await service.documents(owner: Bench.owner).records == [restored])
        // To restore what is not deleted changes nothing.
        #expect(try await service.restore(record.id, owner: Bench.owner) == restored)
    }

    @Test func afterTheDelayItIsTooLate() async throws {
        let bench = try Bench()
        let record = try await bench.upload()
        try await bench.service.delete(record.id, owner: Bench.owner, after: .seconds(10))
        bench.clock.advance(seconds: 10)
        try await refusal(.deleted) {
            try await bench.service.restore(record.id, owner: Bench.owner)
        }
        let report = try await bench.service.sweep(SweepOptions(includesStore: false))
        #expect(report.documentCount == 1)
        #expect(try await bench.keys.isEmpty)
        try await refusal(.notFound) {
            try await bench.service.restore(record.id, owner: Bench.owner)
        }
    }

    @Test func anotherDeletionDoesNotMakeItLonger() async throws {
        let bench = try Bench()
        let service = bench.service
        let record = try await bench.upload()
        let first = try await service.delete(record.id, owner: Bench.owner, after: .seconds(10))
        bench.clock.advance(seconds: 5)
        let second = try await service.delete(record.id, owner: Bench.owner, after: .seconds(10))
        #expect(second == first)
        #expect(try await service.delete(record.id, owner: Bench.owner) == nil)
        #expect(try await bench.keys.isEmpty)
        try await refusal(.notFound) { try await service.delete(record.id, owner: Bench.owner) }
    }

    @Test("a reservation can be given up", arguments: Way.allCases)
    func cancelling(_ way: Way) async throws {
        for deletes in [false, true] {
            let bench = try way.bench()
            let service = bench.service
            let ticket = try await service.reserve(way.request, owner: Bench.owner)
            try await bench.client.follow(ticket, way.bytes)
            if deletes {
                let delay = Duration.seconds(10)
                #expect(
                    try await service.delete(ticket.id, owner: Bench.owner, after: delay) == nil
                )
            } else {
                try await service.cancel(ticket.id, owner: Bench.owner)
            }
            #expect(try await bench.documents.isEmpty)
            #expect(try await bench.keys.isEmpty)
            #expect(try await bench.multipartUploads.isEmpty)
            try await refusal(.notFound) {
                try await service.cancel(ticket.id, owner: Bench.owner)
            }
            // The requests of the ticket can't be taken back; what they bring is swept.
            try await bench.client.follow(ticket, way.bytes)
            try await refusal(.notFound) {
                _ = try await service.confirm(ticket.id, owner: Bench.owner)
            }
            try await bench.expectNothingButConfirmed()
        }
    }

    @Test func aDocumentIsNotCancelled() async throws {
        let bench = try Bench()
        let record = try await bench.upload()
        try await refusal(.alreadyConfirmed) {
            try await bench.service.cancel(record.id, owner: Bench.owner)
        }
        try await bench.expectConfirmedBlobs()
        let ticket = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
        try await refusal(.notConfirmed) {
            try await bench.service.restore(ticket.id, owner: Bench.owner)
        }
    }

    @Test func whatTheStoreDoesNotRemoveTheSweepDoes() async throws {
        let bench = try Bench()
        let record = try await bench.upload()
        bench.gate.reset { step in
            guard step.name == "delete" else { return }
            throw BlobError(.unavailable, operation: "delete", message: "not now")
        }
        #expect(try await bench.service.delete(record.id, owner: Bench.owner) == nil)
        try await refusal(.notFound) {
            _ = try await bench.service.document(record.id, owner: Bench.owner)
        }
        try await refusal(.deleted) {
            try await bench.service.restore(record.id, owner: Bench.owner)
        }
        let failed = try await bench.service.sweep(SweepOptions(includesStore: false))
        #expect(failed.failureCount == 1)
        #expect(failed.failures.first?.error.kind == .unavailable)
        #expect(failed.removalCount == 0)
        bench.gate.reset()
        #expect(try await bench.service.sweep().documentCount == 1)
        #expect(try await bench.keys.isEmpty)
    }
}
