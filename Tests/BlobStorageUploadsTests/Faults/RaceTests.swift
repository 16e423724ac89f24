import BlobStorage
import BlobStorageUploads
import Testing

/// Before each call that an operation makes, another process does a whole operation of its own.
@Suite struct RaceTests {
    /// What came of an operation.
    private enum Outcome: Equatable {
        case done
        case refused(UploadError.Reason)

        var isDone: Bool { self == .done }
    }

    private static func outcome(_ work: () async throws -> Void) async throws -> Outcome {
        do {
            try await work()
            return .done
        } catch let error as UploadError {
            return .refused(error.reason)
        }
    }

    /// Lets a rival go first at each call of an operation, on a fresh bench each time.
    private func interruptEverywhere<Start: Sendable>(
        _ way: Way,
        prepare: (Bench) async throws -> Start,
        _ work: (Bench, Start) async throws -> Void,
        rival: @escaping @Sendable (Bench, Start) async throws -> Void,
        judge: (Bench, Start, Outcome, Outcome, Comment) async throws -> Void = { _, _, _, _, _ in }
    ) async throws {
        for number in 1...100 {
            let bench = try way.bench()
            let start = try await prepare(bench)
            let other = Locked<Outcome?>(nil)
            bench.gate.interrupt(number) {
                let outcome = try await Self.outcome { try await rival(bench, start) }
                other.withLock { $0 = outcome }
            }
            let outcome = try await Self.outcome { try await work(bench, start) }
            bench.gate.reset()
            guard let other = other.withLock({ $0 }) else {
                #expect(number > 1)
                return
            }
            let comment: Comment = "\(way), call \(number): \(outcome), rival \(other)"
            try await bench.expectConfirmedBlobs(comment)
            try await judge(bench, start, outcome, other, comment)
            try await bench.expectNothingButConfirmed(comment)
        }
    }

    private func uploaded(_ bench: Bench, _ way: Way) async throws -> UploadTicket {
        let ticket = try await bench.rival.reserve(way.request, owner: Bench.owner)
        try await bench.client.follow(ticket, way.bytes)
        return ticket
    }

    private func confirmed(_ bench: Bench, _ way: Way) async throws -> DocumentRecord {
        let ticket = try await uploaded(bench, way)
        return try await bench.rival.confirm(ticket.id, owner: Bench.owner)
    }

    @Test("two confirmations: both are told the same", arguments: Way.allCases)
    func confirmAndConfirm(_ way: Way) async throws {
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
            #expect(try await bench.records.record(ticket.id) == record)
        } rival: { bench, ticket in
            let record = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
            #expect(try await bench.records.record(ticket.id) == record)
        } judge: { bench, ticket, outcome, other, comment in
            #expect(outcome.isDone && other.isDone, comment)
            let record = try await bench.records.record(ticket.id)
            // One confirmation: the reservation, and the one change after it.
            #expect(record.version == 2, comment)
            #expect(try await bench.keys == [record.key.text], comment)
            #expect(try await bench.store.bytes(record.key, upTo: 100) == way.bytes, comment)
        }
    }

    @Test("a confirmation, and other bytes right after it", arguments: Way.allCases)
    func confirmAndConfirmAndUpload(_ way: Way) async throws {
        let others = Array(way.bytes.dropLast()) + [0x55]
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
            try await bench.client.follow(ticket, others)
        } judge: { bench, ticket, outcome, other, comment in
            #expect(outcome.isDone && other.isDone, comment)
            let record = try await bench.records.record(ticket.id)
            let bytes = try await bench.store.bytes(record.key, upTo: 100)
            #expect(bytes == way.bytes, comment)
        }
    }

    @Test("a store that is in the way of a completion now and then", arguments: [1, 3])
    func conflictOfCompletion(_ count: Int) async throws {
        let bench = try Way.parts.bench()
        let ticket = try await uploaded(bench, .parts)
        let left = Locked(count)
        bench.gate.reset { step in
            guard step.name == "complete", step.side == .before else { return }
            let isInTheWay = left.withLock { left in
                left -= 1
                return left >= 0
            }
            guard isInTheWay else { return }
            throw BlobError(.conflict, operation: "complete", message: "sent again meanwhile")
        }
        _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.count == 1)
    }

    @Test("a confirmation and a cancellation: one of them wins", arguments: Way.allCases)
    func confirmAndCancel(_ way: Way) async throws {
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            try await bench.rival.cancel(ticket.id, owner: Bench.owner)
        } judge: { bench, _, outcome, other, comment in
            #expect(outcome.isDone != other.isDone, comment)
            // What the loser made, it took back.
            let keys = try await bench.keys
            #expect(!other.isDone || keys.isEmpty, comment)
        }
    }

    @Test("a cancellation and a confirmation: one of them wins", arguments: Way.allCases)
    func cancelAndConfirm(_ way: Way) async throws {
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            try await bench.service.cancel(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
        } judge: { _, _, outcome, other, comment in
            #expect(outcome.isDone != other.isDone, comment)
        }
    }

    @Test("a confirmation and a sweep after the end: one of them wins", arguments: Way.allCases)
    func confirmAndSweep(_ way: Way) async throws {
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        } rival: { bench, _ in
            bench.clock.advance(seconds: 90_000)
            try await bench.rival.sweep()
        } judge: { bench, ticket, outcome, _, comment in
            let record = try await bench.records.find(ticket.id)
            #expect(outcome.isDone == (record?.state == .confirmed), comment)
            let keys = try await bench.keys
            #expect(outcome.isDone || keys.isEmpty, comment)
        }
    }

    @Test("a sweep never takes what is confirmed under its eyes", arguments: Way.allCases)
    func sweepAndConfirm(_ way: Way) async throws {
        try await interruptEverywhere(way) { bench in
            let ticket = try await uploaded(bench, way)
            bench.clock.advance(seconds: 90_000)
            return ticket
        } _: { bench, _ in
            let report = try await bench.service.sweep()
            #expect(report.failureCount == 0)
        } rival: { bench, ticket in
            // The clock of the other process is behind: for it the reservation still holds.
            bench.clock.advance(seconds: -90_000)
            defer { bench.clock.advance(seconds: 90_000) }
            _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
        } judge: { bench, ticket, _, other, comment in
            let record = try await bench.records.find(ticket.id)
            #expect(other.isDone == (record?.state == .confirmed), comment)
        }
    }

    @Test("a sweep never takes what is restored under its eyes")
    func sweepAndRestore() async throws {
        try await interruptEverywhere(.direct) { bench in
            let record = try await confirmed(bench, .direct)
            try await bench.rival.delete(record.id, owner: Bench.owner, after: .seconds(10))
            bench.clock.advance(seconds: 10)
            return record
        } _: { bench, _ in
            try await bench.service.sweep()
        } rival: { bench, record in
            bench.clock.advance(seconds: -5)
            defer { bench.clock.advance(seconds: 5) }
            try await bench.rival.restore(record.id, owner: Bench.owner)
        } judge: { bench, record, _, other, comment in
            let found = try await bench.records.find(record.id)
            #expect(other.isDone == (found?.state == .confirmed), comment)
        }
    }

    @Test("a restoration and a sweep: one of them wins")
    func restoreAndSweep() async throws {
        try await interruptEverywhere(.direct) { bench in
            let record = try await confirmed(bench, .direct)
            try await bench.rival.delete(record.id, owner: Bench.owner, after: .seconds(10))
            return record
        } _: { bench, record in
            try await bench.service.restore(record.id, owner: Bench.owner)
        } rival: { bench, _ in
            bench.clock.advance(seconds: 10)
            try await bench.rival.sweep()
        } judge: { bench, record, outcome, _, comment in
            let found = try await bench.records.find(record.id)
            #expect(outcome.isDone == (found?.state == .confirmed), comment)
        }
    }

    @Test("two sweeps", arguments: Way.allCases)
    func sweepAndSweep(_ way: Way) async throws {
        try await interruptEverywhere(way) { bench in
            let kept = try await confirmed(bench, way)
            _ = try await uploaded(bench, way)
            let gone = try await confirmed(bench, way)
            try await bench.rival.delete(gone.id, owner: Bench.owner, after: .seconds(1))
            bench.clock.advance(seconds: 90_000)
            return kept
        } _: { bench, _ in
            let report = try await bench.service.sweep()
            #expect(report.failureCount == 0)
        } rival: { bench, _ in
            try await bench.rival.sweep()
        } judge: { bench, kept, _, _, comment in
            let documents = try await bench.documents
            #expect(documents == [kept], comment)
        }
    }

    @Test("a sweep leaves alone what comes meanwhile", arguments: Way.allCases)
    func sweepAndUpload(_ way: Way) async throws {
        try await interruptEverywhere(way) { bench in
            let old = try await uploaded(bench, way)
            bench.clock.advance(seconds: 90_000)
            return old
        } _: { bench, _ in
            try await bench.service.sweep()
        } rival: { bench, _ in
            let first = try await bench.rival.reserve(way.request, owner: Bench.owner)
            try await bench.client.follow(first, way.bytes)
            _ = try await bench.rival.confirm(first.id, owner: Bench.owner)
            let second = try await bench.rival.reserve(way.request, owner: "late")
            try await bench.client.follow(second, way.bytes)
        } judge: { bench, _, _, _, comment in
            let late = try await bench.records.query(DocumentQuery(owner: "late")).records
            let id = try #require(late.first?.id, comment)
            _ = try await bench.rival.confirm(id, owner: "late")
            #expect(try await bench.documents.count == 2, comment)
        }
    }

    @Test("other bytes come while confirming", arguments: Way.allCases)
    func confirmAndUpload(_ way: Way) async throws {
        let others = Array(way.bytes.dropLast()) + [0x55]
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            try await bench.client.follow(ticket, others)
        } judge: { bench, ticket, outcome, _, comment in
            #expect(outcome.isDone, comment)
            let record = try await bench.records.record(ticket.id)
            let bytes = try await bench.store.bytes(record.key, upTo: 100)
            #expect(bytes == way.bytes || bytes == others, comment)
        }
    }

    @Test("wrong bytes come while confirming", arguments: Way.allCases)
    func confirmAndWrongUpload(_ way: Way) async throws {
        let page = Array("<html><body></body></html>".utf8.prefix(way.bytes.count))
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            try await bench.client.follow(ticket, page)
        } judge: { bench, ticket, outcome, _, comment in
            guard let record = try await bench.records.find(ticket.id) else { return }
            #expect(outcome.isDone == (record.state == .confirmed), comment)
            guard record.state == .confirmed else { return }
            let bytes = try await bench.store.bytes(record.key, upTo: 100)
            #expect(bytes == way.bytes, comment)
        }
    }

    @Test("two deletions", arguments: Way.allCases)
    func deleteAndDelete(_ way: Way) async throws {
        try await interruptEverywhere(way) {
            try await confirmed($0, way)
        } _: { bench, record in
            try await bench.service.delete(record.id, owner: Bench.owner)
        } rival: { bench, record in
            try await bench.rival.delete(record.id, owner: Bench.owner)
        } judge: { bench, _, outcome, other, comment in
            #expect(outcome.isDone || other.isDone, comment)
            let documents = try await bench.documents
            #expect(documents.isEmpty, comment)
            let keys = try await bench.keys
            #expect(keys.isEmpty, comment)
        }
    }

    @Test("a deletion and a restoration")
    func deleteAndRestore() async throws {
        try await interruptEverywhere(.direct) { bench in
            let record = try await confirmed(bench, .direct)
            try await bench.rival.delete(record.id, owner: Bench.owner, after: .seconds(10))
            return record
        } _: { bench, record in
            try await bench.service.delete(record.id, owner: Bench.owner)
        } rival: { bench, record in
            try await bench.rival.restore(record.id, owner: Bench.owner)
        } judge: { bench, _, outcome, _, comment in
            // Whoever deletes without a delay has the last word, before or after.
            #expect(outcome.isDone, comment)
            let keys = try await bench.keys
            #expect(keys.isEmpty, comment)
        }
    }

    @Test("two tickets for parts that the store dropped", arguments: [Way.parts, .plainParts])
    func ticketAndTicket(_ way: Way) async throws {
        try await interruptEverywhere(way) { bench in
            let ticket = try await uploaded(bench, way)
            for upload in try await bench.multipartUploads {
                try await bench.store.abortMultipartUpload(upload)
            }
            return ticket
        } _: { bench, ticket in
            _ = try await bench.service.ticket(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            _ = try await bench.rival.ticket(ticket.id, owner: Bench.owner)
        } judge: { bench, ticket, outcome, other, comment in
            #expect(outcome.isDone && other.isDone, comment)
            #expect(try await bench.multipartUploads.count == 1, comment)
            let next = try await bench.rival.ticket(ticket.id, owner: Bench.owner)
            try await bench.client.follow(next, way.bytes)
            _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
        }
    }

    @Test("a ticket and a confirmation", arguments: Way.allCases)
    func ticketAndConfirm(_ way: Way) async throws {
        try await interruptEverywhere(way) {
            try await uploaded($0, way)
        } _: { bench, ticket in
            _ = try await bench.service.ticket(ticket.id, owner: Bench.owner)
        } rival: { bench, ticket in
            _ = try await bench.rival.confirm(ticket.id, owner: Bench.owner)
        } judge: { bench, ticket, _, other, comment in
            #expect(other.isDone, comment)
            let record = try await bench.records.record(ticket.id)
            #expect(record.state == .confirmed, comment)
        }
    }

    @Test func aRecordThatNeverHoldsStillIsAConflict() async throws {
        let bench = try Bench()
        let ticket = try await uploaded(bench, .direct)
        bench.gate.reset { step in
            guard step.name == "update", step.side == .before else { return }
            try await bench.records.update(ticket.id) { $0.attributes["n"] = "\(step.number)" }
        }
        try await refusal(.conflict) {
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        }
        try await refusal(.conflict) {
            try await bench.service.cancel(ticket.id, owner: Bench.owner)
        }
        bench.gate.reset()
        _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
    }
}
