import BlobStorage
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

/// Outcomes are found out, or told to be unknown; they are never guessed.
@Suite struct SettlementTests {
    private static let bytes = Array("some bytes".utf8)
    /// What takes three parts.
    private static let large = [UInt8](repeating: 7, count: 2_500)

    private func error(_ call: () async throws -> Void) async throws -> BlobError {
        try await #require(throws: BlobError.self) { try await call() }
    }

    @Test func aLostAnswerToAConditionalPutIsFoundOut() async throws {
        let fixture = try FaultFixture(failing: ["PutObject": [.resetAfter(.all)]])
        let options = PutOptions(condition: .ifAbsent)
        let attributes = try await fixture.store.put("a", BlobBody(Self.bytes), options: options)
        #expect(attributes == (try await fixture.store.head("a")))
        #expect(fixture.transport.events.count == 4)
    }

    @Test func aLostAnswerAmongOtherBlobsIsUnknown() async throws {
        let fixture = try FaultFixture(failing: ["PutObject": [.resetAfter(.nothing)]])
        fixture.server.put("a", "somebody else's")
        let error = try await error {
            let options = PutOptions(condition: .ifAbsent)
            _ = try await fixture.store.put("a", BlobBody(Self.bytes), options: options)
        }
        #expect(error.kind == .outcomeUnknown)
        #expect(error.remote?.status == 412)
    }

    @Test func aPutThatNobodyTookIsNotUnknown() async throws {
        let fixture = try FaultFixture(failing: ["PutObject": [.refuse, .refuse, .refuse]])
        let error = try await error { try await fixture.store.put("a", "text") }
        #expect(error.kind == .unavailable)
        #expect(fixture.transport.events.count == 3)
    }

    @Test("compares the tags of a put whose answer was lost", arguments: [false, true])
    func equalBytesWithOtherTagsAreUnknown(tagsAreTheStores: Bool) async throws {
        let busy = Fault.status(503, "ServiceUnavailable", retryAfter: nil, .nothing)
        let faults = ["PutObject": Array(repeating: busy, count: 3)]
        let fixture = try FaultFixture(failing: faults) { $0.vendor?.canTag = true }
        fixture.server.put("a", Self.bytes)
        let key = Array("a".utf8)
        fixture.server.state.withLock { $0.objects[key]?.tags = ["stage": "draft"] }
        let tags = try BlobTags(["stage": "final"])
        let store = tagsAreTheStores ? fixture.store.tagging(tags) : fixture.store
        let error = try await error {
            let options = PutOptions(
                headers: ContentHeaders(contentType: "text/plain"),
                tags: tagsAreTheStores ? BlobTags() : tags
            )
            _ = try await store.put("a", BlobBody(Self.bytes), options: options)
        }
        #expect(error.kind == .outcomeUnknown)
        #expect(fixture.transport.events.last?.operation == "GetObjectTagging")
        #expect(fixture.server.state.withLock { $0.objects[key]?.tags } == ["stage": "draft"])
    }

    @Test func aLostAnswerToAPutWithTagsIsFoundOut() async throws {
        let faults: [String: [Fault]] = ["PutObject": [.resetAfter(.all)]]
        let fixture = try FaultFixture(failing: faults) { $0.vendor?.canTag = true }
        let tags = try BlobTags(["stage": "a b&c=é"])
        let options = PutOptions(condition: .ifAbsent, tags: tags)
        let attributes = try await fixture.store.put("a", BlobBody(Self.bytes), options: options)
        #expect(attributes == (try await fixture.store.head("a")))
        #expect(try await fixture.store.tags(of: "a") == tags)
    }

    @Test func aLostPutWhoseTagsCannotBeReadIsUnknown() async throws {
        let faults: [String: [Fault]] = [
            "PutObject": [.resetAfter(.all)], "GetObjectTagging": [.refuse, .refuse, .refuse],
        ]
        let fixture = try FaultFixture(failing: faults) { $0.vendor?.canTag = true }
        let error = try await error {
            let tags = try BlobTags(["stage": "final"])
            let options = PutOptions(condition: .ifAbsent, tags: tags)
            _ = try await fixture.store.put("a", BlobBody(Self.bytes), options: options)
        }
        #expect(error.kind == .outcomeUnknown)
    }

    @Test func aBlobOfPartsIsThereThoughItCannotBeLookedAt() async throws {
        let fixture = try FaultFixture(failing: ["HeadObject": [.refuse, .refuse, .refuse]])
        let options = PutOptions(metadata: ["m": "1"], condition: .ifAbsent)
        var made = try await fixture.store.put("a", BlobBody(Self.large), options: options)
        let found = try await fixture.store.head("a")
        made.lastModified = found.lastModified
        #expect(made == found)
    }

    @Test func aBlobOfPartsThatWasReplacedHasTheEtagOfTheParts() async throws {
        let fixture = try FaultFixture()
        let server = fixture.server
        let store = try FaultFixture.store(fixture) { request in
            if request.operation == "HeadObject" { server.put("a", "somebody else's") }
        }
        let attributes = try await store.put("a", Self.large)
        #expect(attributes.byteCount == 2_500)
        #expect(attributes.etag.text.hasSuffix("-3\""))
    }

    @Test func aCopyThatCannotBeLookedAtIsUnknown() async throws {
        let fixture = try FaultFixture(failing: ["HeadObject": [.refuse, .refuse, .refuse]])
        fixture.server.put("a", "text")
        let error = try await error { try await fixture.store.copy("a", to: "b") }
        #expect(error.kind == .outcomeUnknown)
        #expect(error.operation == "copy")
        #expect(fixture.server.text("b") == "text")
    }

    @Test func aCopyOntoItselfWhoseAnswerIsLostIsUnknown() async throws {
        let fixture = try FaultFixture(failing: ["CopyObject": [.resetAfter(.all)]])
        _ = try await fixture.store.put("a", Self.large)
        // It has another etag than its parts had, so the second attempt finds another blob.
        let error = try await error { try await fixture.store.copy("a", to: "a") }
        #expect(error.kind == .outcomeUnknown)
    }

    @Test func aCompletedUploadThatCannotBeLookedAtIsUnknown() async throws {
        let fixture = try FaultFixture(failing: ["HeadObject": [.refuse, .refuse, .refuse]])
        let upload = try await fixture.store.createMultipartUpload("a")
        let part = try await fixture.store.uploadPart(1, of: upload, Self.bytes)
        let error = try await error {
            try await fixture.store.completeMultipartUpload(upload, parts: [part])
        }
        #expect(error.kind == .outcomeUnknown)
        #expect(error.operation == "completeMultipartUpload")
    }

    @Test func aMissingSourceIsNotTakenForTheConditionOnTheDestination() async throws {
        let fixture = try FaultFixture()
        fixture.server.put("b", "text")
        let etag = try await fixture.store.head("b").etag
        let options = CopyOptions(condition: .ifMatches(etag))
        let missing = try await error {
            _ = try await fixture.store.copy("a", to: "b", options: options)
        }
        #expect(missing.kind == .notFound)
        let other = try await error {
            _ = try await fixture.store.copy("b", to: "a", options: options)
        }
        #expect(other.kind == .preconditionFailed)
    }

    @Test func errorsNameTheOperationThatWasCalled() async throws {
        let refusals = [Fault](repeating: .refuse, count: 3)
        let fixture = try FaultFixture(failing: ["CreateMultipartUpload": refusals])
        let put = try await error { try await fixture.store.put("a", Self.large) }
        #expect(put.operation == "put")
        let parallel = try FaultFixture { $0.readsInParallel = true }
        let get = try await error { _ = try await parallel.store.get("a") }
        #expect(get.operation == "get")
        #expect(get.kind == .notFound)
    }

    @Test func lookingWhatBecameOfAPutTakesTheTimeOfThePut() async throws {
        let stalls = Array(repeating: Fault.stall(.all), count: 9)
        let faults = ["PutObject": stalls, "HeadObject": stalls]
        let fixture = try FaultFixture(timeout: .seconds(40), failing: faults)
        let error = try await error { try await fixture.store.put("a", "text") }
        #expect(error.kind == .outcomeUnknown)
        #expect(fixture.time.uptime == .seconds(40))
    }
}
