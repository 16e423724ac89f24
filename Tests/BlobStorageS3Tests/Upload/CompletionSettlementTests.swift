import BlobStorage
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

/// A completion whose answer was lost is done if its blob is there and its upload is gone; else it
/// is unknown what became of it.
@Suite struct CompletionSettlementTests {
    /// What takes three parts.
    private static let large = [UInt8](repeating: 7, count: 2_500)
    private static let busy = Fault.status(503, "ServiceUnavailable", retryAfter: nil, .nothing)
    private static let lost = Fault.resetAfter(.all)
    /// What goes wrong with every attempt to complete: it is not done, or it is and nobody says so.
    private static let neverDone = ["CompleteMultipartUpload": [busy, busy, busy]]
    private static let done = ["CompleteMultipartUpload": [lost, lost, lost]]

    private func options(mark: String) -> PutOptions {
        PutOptions(metadata: ["mark": mark])
    }

    private func mark(_ fixture: FaultFixture) -> String? {
        fixture.server.state.withLock { $0.objects[Array("a".utf8)]?.headers["x-amz-meta-mark"] }
    }

    private func error(_ call: () async throws -> Void) async throws -> BlobError {
        try await #require(throws: BlobError.self) { try await call() }
    }

    @Test("finds out what became of completing", arguments: [1, 2, 3])
    func aLostAnswerIsFoundOut(lostCount: Int) async throws {
        let lost = Array(repeating: Self.lost, count: lostCount)
        let fixture = try FaultFixture(failing: ["CompleteMultipartUpload": lost])
        let options = PutOptions(metadata: ["mark": "1"], condition: .ifAbsent)
        let attributes = try await fixture.store.put("a", BlobBody(Self.large), options: options)
        #expect(attributes == (try await fixture.store.head("a")))
        #expect(fixture.server.uploadCount == 0)
        // A second attempt has been told that the upload is gone; after none was, the store is asked.
        let asked = fixture.transport.events.count { $0.operation == "ListParts" }
        #expect(asked == (lostCount == 3 ? 1 : 0))
    }

    @Test func anUploadWhoseCompletionIsUnknownIsLeft() async throws {
        let stalls = Array(repeating: Fault.stall(.nothing), count: 3)
        let fixture = try FaultFixture(failing: ["CompleteMultipartUpload": stalls])
        let error = try await error { try await fixture.store.put("a", Self.large) }
        #expect(error.kind == .outcomeUnknown)
        #expect(fixture.server.uploadCount == 1)
    }

    @Test("does not take an older blob of equal bytes for its own", arguments: ["old", "new"])
    func anOlderBlobIsNotTheOneThatWasPut(mark: String) async throws {
        let fixture = try FaultFixture(failing: Self.neverDone)
        let other = try FaultFixture.store(fixture) { _ in }
        _ = try await other.put("a", BlobBody(Self.large), options: options(mark: "old"))
        let error = try await error {
            let options = options(mark: mark)
            _ = try await fixture.store.put("a", BlobBody(Self.large), options: options)
        }
        #expect(error.kind == .outcomeUnknown)
        #expect(self.mark(fixture) == "old")
        #expect(fixture.server.uploadCount == 1)
    }

    @Test func somebodyElsesEqualBytesAreNotTheFirstOnes() async throws {
        let fixture = try FaultFixture(failing: ["CompleteMultipartUpload": [Self.busy]])
        let other = try FaultFixture.store(fixture) { _ in }
        _ = try await other.put("a", Self.large)
        let put = try await error {
            let options = PutOptions(condition: .ifAbsent)
            _ = try await fixture.store.put("a", BlobBody(Self.large), options: options)
        }
        #expect(put.kind == .outcomeUnknown)
        #expect(put.remote?.status == 412)
    }

    @Test func somebodyElsesUploadOfEqualPartsIsNotTheOneThatIsCompleted() async throws {
        let fixture = try FaultFixture(failing: ["CompleteMultipartUpload": [Self.busy]])
        let other = try FaultFixture.store(fixture) { _ in }
        let theirs = try await other.createMultipartUpload("a")
        let part = try await other.uploadPart(1, of: theirs, Self.large)
        _ = try await other.completeMultipartUpload(theirs, parts: [part])
        let ours = try await fixture.store.createMultipartUpload("a")
        _ = try await fixture.store.uploadPart(1, of: ours, Self.large)
        let error = try await error {
            _ = try await fixture.store.completeMultipartUpload(
                ours,
                parts: [part],
                condition: .ifAbsent
            )
        }
        #expect(error.kind == .outcomeUnknown)
        #expect(error.operation == "completeMultipartUpload")
        #expect(fixture.server.uploadCount == 1)
    }

    @Test(
        "is unknown where nobody says whether the upload is gone",
        arguments: [
            .refuse, .status(403, "AccessDenied", retryAfter: nil, .nothing),
            .status(404, "", retryAfter: nil, .nothing),
            .status(501, "NotImplemented", retryAfter: nil, .nothing),
        ] as [Fault]
    )
    func aStoreThatListsNoParts(_ fault: Fault) async throws {
        var faults = Self.done
        faults["ListParts"] = [fault, fault, fault]
        let fixture = try FaultFixture(failing: faults)
        let error = try await error { try await fixture.store.put("a", Self.large) }
        #expect(error.kind == .outcomeUnknown)
        #expect(fixture.server.uploadCount == 0)
    }

    @Test func equalBytesWithOtherMetadataAreUnknownThoughTheUploadIsGone() async throws {
        let server = Locked<FakeS3?>(nil)
        let fixture = try FaultFixture(
            { _ in },
            faults: { attempt in
                let request = attempt.request
                if request.operation == "CompleteMultipartUpload" { return Self.lost }
                guard request.operation == "HeadObject" else { return nil }
                // Somebody else has replaced it.
                server.withLock { $0 }?.state
                    .withLock { $0.objects[request.key]?.headers["x-amz-meta-mark"] = "theirs" }
                return nil
            }
        )
        server.withLock { $0 = fixture.server }
        let error = try await error {
            let options = options(mark: "ours")
            _ = try await fixture.store.put("a", BlobBody(Self.large), options: options)
        }
        #expect(error.kind == .outcomeUnknown)
        #expect(mark(fixture) == "theirs")
    }

    @Test func anOlderCopyIsNotTheOneThatWasMadeInParts() async throws {
        let fixture = try FaultFixture(maximumCopyByteCount: 1_500, failing: Self.neverDone)
        let other = try FaultFixture.store(fixture) { _ in }
        fixture.server.put("a", Self.large)
        _ = try await other.copy("a", to: "b")
        let error = try await error { _ = try await fixture.store.copy("a", to: "b") }
        #expect(error.kind == .outcomeUnknown)
        #expect(error.operation == "copy")
        #expect(fixture.server.uploadCount == 1)
    }

    @Test func aLostAnswerToACopyInPartsIsFoundOut() async throws {
        let fixture = try FaultFixture(maximumCopyByteCount: 1_500, failing: Self.done)
        fixture.server.put("a", Self.large)
        let attributes = try await fixture.store.copy("a", to: "b")
        #expect(attributes == (try await fixture.store.head("b")))
        #expect(fixture.server.uploadCount == 0)
    }

    @Test func lookingForTheUploadTakesTheTimeOfTheCompletion() async throws {
        var faults = Self.done
        faults["ListParts"] = Array(repeating: Fault.stall(.all), count: 9)
        let fixture = try FaultFixture(timeout: .seconds(40), failing: faults)
        let error = try await error { try await fixture.store.put("a", Self.large) }
        #expect(error.kind == .outcomeUnknown)
        #expect(fixture.time.uptime == .seconds(40))
    }
}
