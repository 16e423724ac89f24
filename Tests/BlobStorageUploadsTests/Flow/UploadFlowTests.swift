import BlobStorage
import BlobStorageUploads
import Foundation
import Testing

@Suite struct UploadFlowTests {
    @Test("a document comes, is read and goes", arguments: Way.allCases)
    func wholeStory(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        let pending = try await bench.service.document(ticket.id, owner: Bench.owner)
        #expect(pending.state == .pending)
        #expect(pending.etag == nil)
        try await refusal(.notConfirmed) {
            _ = try await bench.service.url(of: ticket.id, owner: Bench.owner)
        }
        let statuses = try await bench.client.follow(ticket, way.bytes)
        #expect(statuses.allSatisfy { (200...204).contains($0) })

        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.state == .confirmed)
        #expect(record.byteCount == Int64(way.bytes.count))
        #expect(record.contentType == "image/png")
        #expect(record.fileName == "cat.png")
        #expect(record.uploaded == bench.clock.now)
        #expect(record.attributes.isEmpty)
        #expect(record.key.text.hasPrefix("uploads/user-42/\(record.id)"))
        #expect(record.key.text.hasSuffix(".png"))
        try await bench.expectConfirmedBlobs()

        let address = try await bench.service.url(of: ticket.id, owner: Bench.owner)
        let fetched = try await bench.client.fetch(address.url)
        #expect(fetched.status == 200)
        #expect(fetched.bytes == way.bytes)
        #expect(fetched.type == "image/png")
        let page = try await bench.service.documents(owner: Bench.owner)
        #expect(page.records == [record])

        #expect(try await bench.service.delete(ticket.id, owner: Bench.owner) == nil)
        #expect(try await bench.keys.isEmpty)
        #expect(try await bench.documents.isEmpty)
        #expect(try await bench.multipartUploads.isEmpty)
    }

    @Test("to confirm again gives the record again", arguments: Way.allCases)
    func confirmIsIdempotent(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        try await bench.client.follow(ticket, way.bytes)
        let first = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        bench.clock.advance(seconds: 100_000)
        #expect(try await bench.service.confirm(ticket.id, owner: Bench.owner) == first)
        #expect(try await bench.keys == [first.key.text])
    }

    @Test("nobody swaps the bytes of a confirmed document", arguments: Way.allCases)
    func swapping(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: Bench.owner)
        try await bench.client.follow(ticket, way.bytes)
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        let others = way.bytes.reversed() as [UInt8]
        let statuses = try await bench.client.follow(ticket, others)
        switch way {
        case .direct: #expect(statuses == [412])
        case .parts, .plainParts: #expect(statuses.allSatisfy { $0 == 404 })
        default: #expect(statuses.allSatisfy { $0 < 300 })
        }
        #expect(try await bench.service.confirm(ticket.id, owner: Bench.owner) == record)
        let address = try await bench.service.url(of: ticket.id, owner: Bench.owner)
        #expect(try await bench.client.fetch(address.url).bytes == way.bytes)
        // What came too late is removed, and the document is not.
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys == [record.key.text])
    }

    @Test("another owner sees nothing and changes nothing", arguments: Way.allCases)
    func strangers(_ way: Way) async throws {
        let bench = try way.bench()
        let ticket = try await bench.service.reserve(way.request, owner: "caf\u{E9}")
        try await bench.client.follow(ticket, way.bytes)
        let service = bench.service
        for owner in ["cafe\u{301}", "caf", "", "CAF\u{E9}", "caf\u{E9}\0"] {
            let id = ticket.id
            try await refusal(.notFound) { _ = try await service.confirm(id, owner: owner) }
            try await refusal(.notFound) { _ = try await service.ticket(id, owner: owner) }
            try await refusal(.notFound) { _ = try await service.document(id, owner: owner) }
            try await refusal(.notFound) { _ = try await service.url(of: id, owner: owner) }
            try await refusal(.notFound) { try await service.cancel(id, owner: owner) }
            try await refusal(.notFound) { try await service.delete(id, owner: owner) }
            try await refusal(.notFound) { try await service.restore(id, owner: owner) }
        }
        let record = try await service.confirm(ticket.id, owner: "caf\u{E9}")
        #expect(record.state == .confirmed)
        #expect(try await service.documents(owner: "cafe\u{301}").records.isEmpty)
    }

    @Test func anUnknownIDIsNotFound() async throws {
        let bench = try Bench()
        let service = bench.service
        for id in ["a", "01890000-0000-7000-8000-000000000000"] as [DocumentID] {
            try await refusal(.notFound) {
                _ = try await service.confirm(id, owner: Bench.owner)
            }
            try await refusal(.notFound) { try await service.cancel(id, owner: Bench.owner) }
        }
        // A record that is not under the service's prefix is none of its own.
        try await bench.records.insert(
            DocumentRecord(id: "b", owner: Bench.owner, key: "other/b", created: .now)
        )
        try await refusal(.notFound) { _ = try await service.document("b", owner: Bench.owner) }
    }

    @Test func theMethodIsChosenBySizeAndChecksum() async throws {
        var capabilities = Capabilities()
        capabilities.multipartChecksums = [.crc64NVME]
        let bench = try Bench(capabilities: capabilities)
        func method(_ byteCount: Int64?, _ kind: ChecksumAlgorithm? = nil) async throws -> String {
            let request = UploadRequest(
                byteCount: byteCount,
                checksum: kind.map { Checksum.of([], $0) }
            )
            return try await bench.service.reserve(request, owner: "o").method.name
        }
        #expect(try await method(15) == "put")
        #expect(try await method(16) == "parts")
        #expect(try await method(nil) == "form")
        #expect(try await method(16, .crc64NVME) == "parts")
        // The store would keep no checksum of the whole, so one request is held to it.
        #expect(try await method(16, .sha256) == "put")
        // As many parts as the store takes, and no more.
        #expect(try await method(200_000) == "parts")
        #expect(try await method(200_001) == "put")
        let plain = try Bench(hasParts: false)
        let ticket = try await plain.service.reserve(UploadRequest(byteCount: 99), owner: "o")
        #expect(ticket.method.name == "put")
    }

    @Test func whatIsTooLargeForTheStoreIsRefused() async throws {
        let huge: Int64 = 6 << 30
        let plain = try Bench(hasParts: false) { $0.maximumByteCount = .max }
        try await refusal(.tooLarge) {
            _ = try await plain.service.reserve(UploadRequest(byteCount: huge), owner: "o")
        }
        var capabilities = Capabilities(maximumBlobByteCount: 1_000)
        let small = try Bench(capabilities: capabilities)
        try await refusal(.tooLarge) {
            _ = try await small.service.reserve(UploadRequest(byteCount: 1_001), owner: "o")
        }
        capabilities = Capabilities(checksums: [.crc32C])
        let few = try Bench(capabilities: capabilities)
        for byteCount in [nil, 1] as [Int64?] {
            let request = UploadRequest(byteCount: byteCount, checksum: .of([], .sha256))
            let error = try await refusal(.checksumNotSupported) {
                _ = try await few.service.reserve(request, owner: "o")
            }
            #expect(error.message.contains("crc32c"))
        }
        #expect(try await few.documents.isEmpty)
        #expect(few.gate.count == 0)
    }

    @Test("an owner is of 1 to 512 bytes", arguments: ["", String(repeating: "é", count: 257)])
    func owners(_ owner: String) async throws {
        let bench = try Bench()
        try await refusal(.invalid) {
            _ = try await bench.service.reserve(UploadRequest(byteCount: 1), owner: owner)
        }
        try await refusal(.invalid) { _ = try await bench.service.documents(owner: owner) }
    }

    @Test func hostileOwnersHaveTheirOwnDocuments() async throws {
        let bench = try Bench()
        let owners = UploadKeysTests.hostileOwners
        for owner in owners { try await bench.upload(owner: owner) }
        for owner in owners {
            let page = try await bench.service.documents(owner: owner)
            #expect(page.records.count == 1)
            let record = try #require(page.records.first)
            let address = try await bench.service.url(of: record.id, owner: owner)
            #expect(try await bench.client.fetch(address.url).bytes == Bench.png)
        }
        let keys = try await bench.keys
        #expect(Set(keys).count == owners.count)
        try await bench.expectNothingButConfirmed()
        #expect(try await bench.keys.count == owners.count)
    }

    @Test func tooManyAttributesAreTheClientsFault() async throws {
        let bench = try Bench()
        let value = String(repeating: "x", count: 300 << 10)
        let request = UploadRequest(byteCount: 1, attributes: ["a": value])
        try await refusal(.invalid) { _ = try await bench.service.reserve(request, owner: "o") }
        let odd = UploadRequest(byteCount: 1, attributes: ["a b": "1"])
        try await refusal(.invalid) { _ = try await bench.service.reserve(odd, owner: "o") }
        #expect(bench.gate.count == 0)
    }

    @Test func theApplicationsAttributesStay() async throws {
        let bench = try Bench()
        var request = Bench.request(Bench.png(20))
        request.attributes = ["album": "cats"]
        let ticket = try await bench.service.reserve(request, owner: Bench.owner)
        try await bench.client.follow(ticket, Bench.png(20))
        // The application changes the record while the upload goes on.
        try await bench.records.update(ticket.id) { $0.attributes["seen"] = "yes" }
        let record = try await bench.service.confirm(ticket.id, owner: Bench.owner)
        #expect(record.attributes == ["album": "cats", "seen": "yes"])
    }

    @Test func theQuotaHasTheLastWord() async throws {
        let records = InMemoryMetadataStore()
        let bench = try Bench(records: records) { policy in
            policy.allowedTypes = ["image/png"]
            policy.quota = { request, owner in
                #expect(request.contentType == "image/png")
                let query = DocumentQuery(owner: owner)
                guard try await records.query(query).records.count < 2 else {
                    throw UploadError(.quotaExceeded, "two are enough")
                }
            }
        }
        for _ in 0..<2 { _ = try await bench.service.reserve(Bench.request(), owner: "o") }
        try await refusal(.quotaExceeded) {
            _ = try await bench.service.reserve(Bench.request(), owner: "o")
        }
        try await refusal(.typeNotAllowed) {
            _ = try await bench.service.reserve(Bench.request(type: "text/html"), owner: "o")
        }
        _ = try await bench.service.reserve(Bench.request(), owner: "another")
        #expect(try await bench.documents.count == 3)
    }

    @Test func documentsComeInPagesNewestFirst() async throws {
        let bench = try Bench()
        var ids: [DocumentID] = []
        for _ in 0..<5 {
            bench.clock.advance(seconds: 1)
            ids.insert(try await bench.upload().id, at: 0)
        }
        _ = try await bench.service.reserve(Bench.request(), owner: Bench.owner)
        try await bench.upload(owner: "another")
        let service = bench.service
        let first = try await service.documents(owner: Bench.owner, limit: 3)
        let second = try await service.documents(
            owner: Bench.owner,
            limit: 3,
            continuationToken: first.continuationToken
        )
        #expect((first.records + second.records).map(\.id) == ids)
        let error = await #expect(throws: BlobError.self) {
            _ = try await service.documents(owner: "x", continuationToken: first.continuationToken)
        }
        #expect(error?.kind == .invalidArgument)
    }

    @Test func theAddressIsWhatTheDeliveryMakesOfIt() async throws {
        let delivery = try PublicDelivery(baseURL: "https://cdn.example/files")
        let bench = try Bench(delivery: delivery)
        let record = try await bench.upload()
        let address = try await bench.service.url(of: record.id, owner: Bench.owner)
        #expect(address.url == "https://cdn.example/files/\(record.key)")
        #expect(address.expiresAt == nil)
    }
}
