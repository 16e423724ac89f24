import BlobStorage
import BlobStorageUploads
import Testing

/// The process dies before, or right after, every single call that it makes.
@Suite struct KillTests {
    /// Kills an operation at each of its calls, on a fresh bench each time.
    ///
    /// - Parameters:
    ///   - way: The way of the upload.
    ///   - prepare: Brings the bench to where the operation begins.
    ///   - work: The operation.
    ///   - after: What the client does when the process is back.
    /// - Throws: What goes wrong besides the death.
    private func killEverywhere<Start: Sendable>(
        _ way: Way,
        prepare: (Bench) async throws -> Start,
        _ work: (UploadService, Start) async throws -> Void,
        then after: (Bench, Start) async throws -> Void = { _, _ in }
    ) async throws {
        for side in [Gate.Side.before, .after] {
            for number in 1...100 {
                let bench = try way.bench()
                let start = try await prepare(bench)
                bench.gate.dieAt(number, side)
                do {
                    try await work(bench.service, start)
                } catch is Killed {
                }
                let count = bench.gate.count
                guard count >= number else {
                    // It came to its end before the call at which it should have died.
                    #expect(number > 1)
                    break
                }
                let comment: Comment = "\(way), killed \(side) call \(number)"
                try await bench.expectConfirmedBlobs(comment)
                try await after(bench, start)
                try await bench.expectNothingButConfirmed(comment)
            }
        }
    }

    @Test("reserve", arguments: Way.allCases)
    func reserve(_ way: Way) async throws {
        try await killEverywhere(way) { _ in
        } _: { service, _ in
            _ = try await service.reserve(way.request, owner: Bench.owner)
        } then: { bench, _ in
            let keys = try await bench.keys
            #expect(keys.isEmpty)
        }
    }

    private func uploaded(_ bench: Bench, _ way: Way) async throws -> UploadTicket {
        let ticket = try await bench.rival.reserve(way.request, owner: Bench.owner)
        try await bench.client.follow(ticket, way.bytes)
        return ticket
    }

    @Test("confirm, and the client gives up", arguments: Way.allCases)
    func confirm(_ way: Way) async throws {
        try await killEverywhere(way) {
            try await uploaded($0, way)
        } _: { service, ticket in
            _ = try await service.confirm(ticket.id, owner: Bench.owner)
        }
    }

    @Test("confirm, and the client confirms again", arguments: Way.allCases)
    func confirmAgain(_ way: Way) async throws {
        try await killEverywhere(way) {
            try await uploaded($0, way)
        } _: { service, ticket in
            _ = try await service.confirm(ticket.id, owner: Bench.owner)
        } then: { bench, ticket in
            let record = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
            #expect(try await bench.store.bytes(record.key, upTo: 100) == way.bytes)
            #expect(try await bench.documents.count == 1)
        }
    }

    @Test("confirm, and the client uploads and confirms again", arguments: Way.allCases)
    func confirmAfterAnotherUpload(_ way: Way) async throws {
        try await killEverywhere(way) {
            try await uploaded($0, way)
        } _: { service, ticket in
            _ = try await service.confirm(ticket.id, owner: Bench.owner)
        } then: { bench, ticket in
            try await bench.client.follow(ticket, way.bytes)
            let record = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
            #expect(try await bench.store.bytes(record.key, upTo: 100) == way.bytes)
        }
    }

    @Test("confirm of wrong bytes", arguments: Way.allCases)
    func refuse(_ way: Way) async throws {
        let page = Array("<html><body></body></html>".utf8.prefix(way.bytes.count))
        try await killEverywhere(way) { bench in
            let ticket = try await bench.rival.reserve(way.request, owner: Bench.owner)
            try await bench.client.follow(ticket, page)
            return ticket
        } _: { service, ticket in
            do {
                _ = try await service.confirm(ticket.id, owner: Bench.owner)
                Issue.record("wrong bytes were confirmed")
            } catch let error as UploadError {
                #expect(error.reason == .wrongContent)
            }
        } then: { bench, ticket in
            try await refusal(.wrongContent) {
                _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
            }
        }
    }

    @Test("cancel", arguments: Way.allCases)
    func cancel(_ way: Way) async throws {
        try await killEverywhere(way) {
            try await uploaded($0, way)
        } _: { service, ticket in
            try await service.cancel(ticket.id, owner: Bench.owner)
        }
    }

    @Test("ticket for parts that the store dropped", arguments: [Way.parts, .plainParts])
    func ticket(_ way: Way) async throws {
        try await killEverywhere(way) { bench in
            let ticket = try await uploaded(bench, way)
            for upload in try await bench.multipartUploads {
                try await bench.store.abortMultipartUpload(upload)
            }
            return ticket
        } _: { service, ticket in
            _ = try await service.ticket(ticket.id, owner: Bench.owner)
        } then: { bench, ticket in
            let next = try await bench.rival.ticket(ticket.id, owner: Bench.owner)
            try await bench.client.follow(next, way.bytes)
            _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
        }
    }

    @Test("delete, at once or later", arguments: Way.allCases, [0, 10])
    func delete(_ way: Way, _ seconds: Int) async throws {
        try await killEverywhere(way) { bench in
            let ticket = try await uploaded(bench, way)
            return try await bench.rival.confirm(ticket.id, owner: Bench.owner)
        } _: { service, record in
            try await service.delete(record.id, owner: Bench.owner, after: .seconds(seconds))
        }
    }

    @Test("restore")
    func restore() async throws {
        try await killEverywhere(.direct) { bench in
            let record = try await bench.upload()
            try await bench.rival.delete(record.id, owner: Bench.owner, after: .seconds(10))
            return record
        } _: { service, record in
            _ = try await service.restore(record.id, owner: Bench.owner)
        }
    }

    @Test("sweep", arguments: Way.allCases)
    func sweep(_ way: Way) async throws {
        try await killEverywhere(way) { bench in
            let kept = try await uploaded(bench, way)
            _ = try await bench.rival.confirm(kept.id, owner: Bench.owner)
            let late = try await uploaded(bench, way)
            let deleted = try await uploaded(bench, way)
            _ = try await bench.rival.confirm(deleted.id, owner: Bench.owner)
            try await bench.rival.delete(deleted.id, owner: Bench.owner, after: .seconds(1))
            let gone = try await uploaded(bench, way)
            try await bench.rival.cancel(gone.id, owner: Bench.owner)
            try await bench.client.follow(gone, way.bytes)
            try await bench.client.follow(deleted, way.bytes)
            _ = late
            bench.clock.advance(seconds: 90_000)
            return kept
        } _: { service, _ in
            try await service.sweep()
        } then: { bench, kept in
            _ = try await bench.rival.confirm(kept.id, owner: Bench.owner)
        }
    }
}
