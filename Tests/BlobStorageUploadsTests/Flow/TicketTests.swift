import BlobStorage
import BlobStorageUploads
import Foundation
import Testing

@Suite struct TicketTests {
    @Test("binds what was reserved", arguments: [Way.direct, .incoming])
    func bindings(_ way: Way) async throws {
        let bench = try way.bench()
        var request = way.request
        request.checksum = .of(way.bytes, .sha256)
        let ticket = try await bench.service.reserve(request, owner: Bench.owner)
        guard case .put(let put) = ticket.method else {
            Issue.record("\(ticket.method.name)")
            return
        }
        #expect(put.headers["content-type"] == "image/png")
        #expect(put.headers["content-length"] == "12")
        #expect(put.headers["if-none-match"] == (way == .direct ? "*" : nil))
        let client = bench.client
        let bytes = way.bytes
        let wrongType = ["content-type": "text/html"]
        #expect(try await client.send(put, bytes, changing: wrongType) == 403)
        #expect(try await client.send(put, Array(bytes.dropLast())) == 403)
        #expect(try await client.send(put, bytes + [0]) == 403)
        #expect(try await client.send(put, bytes.reversed()) == 400)
        #expect(try await bench.keys.isEmpty)
        #expect(try await client.send(put, bytes) == 200)
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.checksum == request.checksum)
    }

    @Test func aFormBindsItsBounds() async throws {
        let bench = try Bench { $0.maximumByteCount = 20 }
        let ticket = try await bench.service.reserve(
            UploadRequest(fileName: "a.png", contentType: "image/png"),
            owner: Bench.owner
        )
        guard case .form(let form) = ticket.method else {
            Issue.record("\(ticket.method.name)")
            return
        }
        #expect(form.byteCounts == 1...20)
        #expect(try await bench.client.send(form, []) == 400)
        #expect(try await bench.client.send(form, Bench.png(21)) == 400)
        let elsewhere = ["key": "uploads/another/x"]
        #expect(try await bench.client.send(form, Bench.png, changing: elsewhere) == 403)
        let page = ["Content-Type": "text/html"]
        #expect(try await bench.client.send(form, Bench.png, changing: page) == 403)
        #expect(try await bench.keys.isEmpty)
        #expect(try await bench.client.send(form, Bench.png) == 204)
    }

    @Test("expires, and is made anew", arguments: Way.allCases)
    func renewed(_ way: Way) async throws {
        let bench = try way.bench()
        let first = try await bench.service.reserve(way.request, owner: Bench.owner)
        bench.clock.advance(seconds: 901)
        #expect(try await bench.client.follow(first, way.bytes).allSatisfy { $0 == 403 })
        let second = try await bench.service.ticket(first.id, owner: Bench.owner)
        #expect(second.id == first.id)
        #expect(second.reservedUntil == first.reservedUntil)
        #expect(try await bench.client.follow(second, way.bytes).allSatisfy { $0 < 300 })
        _ = try await bench.service.confirm(first.id, owner: Bench.owner)
        try await refusal(.alreadyConfirmed) {
            _ = try await bench.service.ticket(first.id, owner: Bench.owner)
        }
    }

    @Test("ends with its reservation", arguments: Way.allCases)
    func ends(_ way: Way) async throws {
        let bench = try way.bench { $0.reservationLifetime = .seconds(1_000) }
        let first = try await bench.service.reserve(way.request, owner: Bench.owner)
        #expect(first.reservedUntil == bench.clock.now.addingTimeInterval(1_000))
        bench.clock.advance(seconds: 400)
        let second = try await bench.service.ticket(first.id, owner: Bench.owner)
        #expect(second.requestEnds.allSatisfy { $0 == first.reservedUntil })
        try await bench.client.follow(second, way.bytes)
        bench.clock.advance(seconds: 599.5)
        try await refusal(.expired) {
            _ = try await bench.service.ticket(first.id, owner: Bench.owner)
        }
        bench.clock.advance(seconds: 0.5)
        try await refusal(.expired) {
            _ = try await bench.service.confirm(first.id, owner: Bench.owner)
        }
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.documents.isEmpty)
        try await refusal(.notFound) {
            _ = try await bench.service.confirm(first.id, owner: Bench.owner)
        }
    }

    @Test("goes on after a reload", arguments: [Way.parts, .plainParts])
    func resumes(_ way: Way) async throws {
        let bench = try way.bench()
        let bytes = Bench.png(44)
        let ticket = try await bench.service.reserve(Bench.request(bytes), owner: Bench.owner)
        let parts = try #require(ticket.parts)
        #expect(parts.byteCount == 44 && parts.partByteCount == 8 && parts.partCount == 6)
        #expect(parts.uploaded == [])
        #expect(parts.parts.map(\.number) == [1, 2, 3, 4, 5, 6])
        #expect(parts.parts.map(\.offset) == [0, 8, 16, 24, 32, 40])
        #expect(parts.parts.map(\.byteCount) == [8, 8, 8, 8, 8, 4])
        for number in [1, 2, 4] { try await bench.client.send(parts.parts[number - 1], of: bytes) }
        let error = try await refusal(.incomplete) {
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        }
        #expect(error.message.hasPrefix("3 of 6 parts are there"))

        bench.clock.advance(seconds: 3_600)
        let next = try #require(
            try await bench.service.ticket(ticket.id, owner: Bench.owner).parts
        )
        #expect(next.uploaded == [1, 2, 4])
        #expect(next.parts.map(\.number) == [3, 5, 6])
        for part in next.parts { try await bench.client.send(part, of: bytes) }
        let last = try #require(
            try await bench.service.ticket(ticket.id, owner: Bench.owner).parts
        )
        #expect(last.uploaded == [1, 2, 3, 4, 5, 6])
        #expect(last.parts.isEmpty)
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(try await bench.store.bytes(record.key, upTo: 100) == bytes)
    }

    @Test func atMostAHundredRequests() async throws {
        let bench = try Bench()
        let bytes = Bench.png(8 * 150)
        var ticket = try await bench.service.reserve(Bench.request(bytes), owner: Bench.owner)
        #expect(ticket.parts?.parts.map(\.number) == Array(1...100))
        try await bench.client.follow(ticket, bytes)
        ticket = try await bench.service.ticket(ticket.id, owner: Bench.owner)
        #expect(ticket.parts?.parts.map(\.number) == Array(101...150))
        try await bench.client.follow(ticket, bytes)
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.byteCount == 1_200)
    }

    @Test("a part is bound to its bytes' count", arguments: [Way.parts, .plainParts])
    func partsAreBound(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        let part = try #require(ticket.parts?.parts.first)
        #expect(try await bench.client.send(part.request, Bench.png(7)) == 403)
        #expect(try await bench.client.send(part.request, Bench.png(9)) == 403)
        #expect(try await bench.client.send(part.request, Bench.png(8)) == 200)
    }

    @Test("a store that dropped the parts gets them again", arguments: [Way.parts, .plainParts])
    func droppedUploads(_ way: Way) async throws {
        let bench = try way.bench()
        let first = try await bench.service.reserve(way.request, owner: Bench.owner)
        try await bench.client.follow(first, way.bytes)
        for upload in try await bench.multipartUploads {
            try await bench.store.abortMultipartUpload(upload)
        }
        try await refusal(.incomplete) {
            _ = try await bench.service.confirm(first.id, owner: Bench.owner)
        }
        let second = try await bench.service.ticket(first.id, owner: Bench.owner)
        #expect(second.parts?.uploaded == [])
        #expect(second.parts?.parts.count == 3)
        try await bench.client.follow(second, way.bytes)
        _ = try await bench.service.confirm(first.id, owner: Bench.owner)
        try await bench.expectNothingButConfirmed()
    }

    @Test func partsThatAreTheBlobAlreadyNeedOnlyBeConfirmed() async throws {
        let way = Way.parts
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        try await bench.client.follow(ticket, way.bytes)
        // The process dies when the parts are one blob, and before the record says so.
        bench.gate.reset { step in
            if step.name == "update" { throw Killed() }
        }
        await #expect(throws: Killed.self) {
            try await bench.service.confirm(ticket.id, owner: Bench.owner)
        }
        bench.gate.reset()
        let next = try await bench.service.ticket(ticket.id, owner: Bench.owner)
        #expect(next.parts?.uploaded == [1, 2, 3])
        #expect(next.parts?.parts == [])
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.byteCount == 20)
    }

    @Test("without a signature there is no reservation", arguments: Way.allCases)
    func failedSignature(_ way: Way) async throws {
        let bench = try way.bench()
        bench.gate.reset { step in
            guard step.name == "presign" else { return }
            throw BlobError(.unauthenticated, operation: "presign", message: "no credentials")
        }
        await #expect(throws: BlobError.self) {
            try await bench.service.reserve(way.request, owner: Bench.owner)
        }
        #expect(try await bench.documents.isEmpty)
        #expect(try await bench.multipartUploads.isEmpty)
    }
}

extension UploadTicket {
    /// The parts of the ticket.
    var parts: UploadParts? {
        if case .parts(let parts) = method { parts } else { nil }
    }

    /// When its requests stop being good.
    var requestEnds: [Date] {
        switch method {
        case .put(let request): [request.expiresAt]
        case .form(let form): [form.expiresAt]
        case .parts(let parts): parts.parts.map(\.request.expiresAt)
        }
    }
}
