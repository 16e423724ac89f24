import BlobStorage
import BlobStorageUploads
import Testing

@Suite struct ConfirmRefusalTests {
    @Test("without bytes the client can go on", arguments: Way.allCases)
    func nothingThere(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        let isParts = way == .parts || way == .plainParts
        let reason = isParts ? UploadError.Reason.incomplete : .notUploaded
        for _ in 0..<2 {
            let error = try await refusal(reason) {
                _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
            }
            #expect(error.id == ticket.id)
            #expect(!error.reason.endsReservation)
        }
        try await bench.client.follow(ticket, way.bytes)
        _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
    }

    /// Fails unless wrong bytes are refused for good, and with the same words again.
    private func expectEnd(
        _ bench: Bench,
        _ id: DocumentID,
        _ reason: UploadError.Reason,
        _ comment: Comment? = nil
    ) async throws {
        let service = bench.service
        let first = try await refusal(reason, comment) {
            _ = try await service.confirm(id, owner: Bench.owner)
        }
        #expect(first.reason.endsReservation)
        #expect(try await bench.keys.isEmpty, comment)
        #expect(try await bench.multipartUploads.isEmpty, comment)
        let second = try await refusal(reason, comment) {
            _ = try await service.confirm(id, owner: Bench.owner)
        }
        #expect(second == first)
        let third = try await refusal(reason, comment) {
            _ = try await service.ticket(id, owner: Bench.owner)
        }
        #expect(third == first)
        try await refusal(.notFound, comment) {
            _ = try await service.document(id, owner: Bench.owner)
        }
        let report = try await service.sweep()
        #expect(report.documentCount == 1, comment)
        #expect(try await bench.documents.isEmpty, comment)
    }

    /// The key that a client of a way writes to.
    private func key(_ bench: Bench, _ way: Way, _ id: DocumentID) async throws -> BlobKey {
        let record = try await bench.records.record(id)
        switch way {
        case .direct, .parts, .plainParts: return record.key
        default: return try BlobKey("incoming/" + record.key.text)
        }
    }

    private static let wrong: [(UploadError.Reason, [UInt8], String)] = [
        (.wrongSize, Bench.png(11), "image/png"), (.wrongSize, Bench.png(13), "image/png"),
        (.wrongType, Bench.png, "text/html"),
        (.wrongContent, Array("<html></html>".utf8.prefix(12)), "image/png"),
    ]

    /// As if the store had not held the client to what was signed.
    @Test(
        "wrong bytes end the reservation",
        arguments: [Way.direct, .incoming, .marked],
        wrong.indices
    )
    func wrongBytes(_ way: Way, _ index: Int) async throws {
        let (reason, bytes, type) = Self.wrong[index]
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        let options = PutOptions(headers: ContentHeaders(contentType: type))
        let key = try await key(bench, way, ticket.id)
        _ = try await bench.store.put(key, BlobBody(bytes), options: options)
        try await expectEnd(bench, ticket.id, reason, "\(way) \(reason)")
    }

    @Test("a form's bytes are judged, too", arguments: [Way.form, .markedForm])
    func wrongForm(_ way: Way) async throws {
        let bench = try way.bench { $0.maximumByteCount = 100 }
        let page = Array("<html></html>".utf8)
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        #expect(try await bench.client.follow(ticket, page) == [204])
        try await expectEnd(bench, ticket.id, .wrongContent)

        let other = try await bench.service.reserve(way.request, owner: Bench.owner)
        let key = try await key(bench, way, other.id)
        let options = PutOptions(headers: ContentHeaders(contentType: "image/png"))
        _ = try await bench.store.put(key, BlobBody(Bench.png(101)), options: options)
        try await expectEnd(bench, other.id, .wrongSize)
    }

    @Test("parts with the wrong content end it", arguments: [Way.parts, .plainParts])
    func wrongParts(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        let page = Array("<html><body></body></html>".utf8.prefix(20))
        #expect(try await bench.client.follow(ticket, page) == [200, 200, 200])
        try await expectEnd(bench, ticket.id, .wrongContent)
    }

    @Test("parts with the wrong checksum end it", arguments: [Way.parts, .plainParts])
    func wrongChecksum(_ way: Way) async throws {
        let bench = try way.bench()
        var request = way.request
        request.checksum = .of(way.bytes, .crc64NVME)
        let ticket = try await bench.service.reserve(request, owner: Bench.owner)
        var bytes = way.bytes
        bytes[19] ^= 1
        try await bench.client.follow(ticket, bytes)
        try await expectEnd(bench, ticket.id, .wrongChecksum)

        let right = try await bench.service.reserve(request, owner: Bench.owner)
        try await bench.client.follow(right, way.bytes)
        let record = try await bench.service.confirm(right.id, owner: Bench.owner)
        #expect(record.checksum == request.checksum)
    }

    @Test("a refusal has its place beside the most attributes", arguments: Way.allCases)
    func mostAttributes(_ way: Way) async throws {
        let bench = try way.bench { $0.maximumByteCount = 100 }
        let page = Array("<html><body></body></html>".utf8.prefix(way.bytes.count))
        for attributes in [DocumentAttributes.many(992), .long(252 << 10)] {
            var request = way.request
            request.attributes = attributes
            let ticket = try await bench.service.reserve(request, owner: Bench.owner)
            // The application adds some of its own while the upload goes on.
            try await bench.records.update(ticket.id) { record in
                for name in ["b", "c", "d", "e"] { record.attributes[name] = "yes" }
            }
            try await bench.client.follow(ticket, page)
            try await expectEnd(bench, ticket.id, .wrongContent, "\(attributes.count)")
        }
        for attributes in [DocumentAttributes.many(993), .long((252 << 10) + 1)] {
            bench.gate.reset()
            var request = way.request
            request.attributes = attributes
            let refused = request
            try await refusal(.invalid) {
                _ = try await bench.service.reserve(refused, owner: Bench.owner)
            }
            #expect(bench.gate.count == 0)
        }
    }

    @Test func aWrongTypeIsShownInPart() async throws {
        let bench = try Bench()
        let ticket = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
        let key = try await bench.records.record(ticket.id).key
        // As long as a store takes it, and all of it to be escaped.
        let type = "text/html;" + String(repeating: "\\", count: 1_000)
        let options = PutOptions(headers: ContentHeaders(contentType: type))
        _ = try await bench.store.put(key, BlobBody(Bench.png), options: options)
        let error = try await refusal(.wrongType) {
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        }
        #expect(error.message.contains("text/html"))
        #expect(error.message.utf8.count < 1 << 10)
    }

    @Test func aChecksumThatTheStoreKeepsIsCompared() async throws {
        let bench = try Bench()
        let request = Bench.request(checksum: .of(Bench.png, .sha256))
        let ticket = try await bench.service.reserve(request, owner: Bench.owner)
        var bytes = Bench.png
        bytes[11] ^= 1
        let key = try await bench.records.record(ticket.id).key
        let options = PutOptions(
            headers: ContentHeaders(contentType: "image/png"),
            checksum: .compute(.sha256)
        )
        _ = try await bench.store.put(key, BlobBody(bytes), options: options)
        try await expectEnd(bench, ticket.id, .wrongChecksum)
    }

    @Test func contentIsLeftAloneIfThePolicySaysSo() async throws {
        let bench = try Bench { $0.checksFirstBytes = false }
        let page = Array("<html></html>".utf8)
        let ticket = try await bench.service.reserve(Bench.request(page), owner: Bench.owner)
        try await bench.client.follow(ticket, page)
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.byteCount == 13)
    }

    @Test func nothingAtAllIsADocumentIfThePolicySaysSo() async throws {
        let bench = try Bench { $0.allowsEmpty = true }
        let ticket = try await bench.service.reserve(Bench.request([]), owner: Bench.owner)
        #expect(try await bench.client.follow(ticket, []) == [200])
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.byteCount == 0)
        try await bench.expectConfirmedBlobs()
    }

    @Test func aStoreThatAddsACharsetIsNotRefused() async throws {
        let bench = try Bench()
        let text = Array("hello".utf8)
        let ticket = try await bench.service.reserve(
            Bench.request(text, type: "text/plain", name: "a.txt"),
            owner: Bench.owner
        )
        let key = try await bench.records.record(ticket.id).key
        let options = PutOptions(
            headers: ContentHeaders(contentType: "Text/Plain; charset=UTF-8")
        )
        _ = try await bench.store.put(key, BlobBody(text), options: options)
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.contentType == "text/plain")
    }

    @Test func aNewReservationIsFreeOfTheOldOne() async throws {
        let bench = try Bench()
        let page = Array("<html></html>".utf8)
        let ticket = try await bench.service.reserve(Bench.request(page), owner: Bench.owner)
        try await bench.client.follow(ticket, page)
        try await refusal(.wrongContent) {
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        }
        // The old ticket can still be used, and is good for nothing.
        let good: [UInt8] = Bench.png(13)
        #expect(try await bench.client.follow(ticket, good) == [200])
        try await refusal(.wrongContent) {
            _ = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        }
        try await bench.upload()
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.count == 1)
    }
}
