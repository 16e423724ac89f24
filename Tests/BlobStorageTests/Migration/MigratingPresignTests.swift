import BlobStorage
import Foundation
import Testing

@Suite struct MigratingPresignTests {
    /// Tells its name, what it was asked for and under which condition.
    private struct NamedPresigner: BlobPresigner {
        let name: String

        func presign(
            _ operation: PresignedOperation,
            _ key: BlobKey,
            expiresIn lifetime: Duration,
            options: PresignOptions
        ) async throws -> PresignedRequest {
            PresignedRequest(
                method: operation.method,
                url: "\(name) \(operation.name) \(key) \(options.condition)",
                expiresAt: .distantPast,
                notEnforced: []
            )
        }

        func presignForm(
            _ key: BlobKey,
            expiresIn lifetime: Duration,
            conditions: UploadFormConditions
        ) async throws -> PresignedForm {
            PresignedForm(
                url: "\(name) form \(key)",
                fields: [:],
                expiresAt: .distantPast,
                byteCounts: conditions.byteCounts,
                notEnforced: []
            )
        }
    }

    private let old = InMemoryStore()
    private let new = InMemoryStore()

    private func store(_ writes: MigrationWrites = .new) -> any BlobStore & BlobPresigner {
        PresignedStore(old, presigner: NamedPresigner(name: "old"))
            .migrating(
                to: PresignedStore(new, presigner: NamedPresigner(name: "new")),
                writes: writes
            )
    }

    private func url(
        _ operation: PresignedOperation,
        _ key: BlobKey,
        _ condition: WriteCondition = .none
    ) async throws -> String {
        let options = PresignOptions(condition: condition)
        return try await store()
            .presign(operation, key, expiresIn: .seconds(60), options: options).url
    }

    @Test func readsAreSignedForTheStoreThatHasTheBlob() async throws {
        try await old.put("a", "1")
        #expect(try await url(.get, "a") == "old get a none")
        #expect(try await url(.head, "a") == "old head a none")
        try await new.put("a", "2")
        #expect(try await url(.get, "a") == "new get a none")
        #expect(try await url(.get, "none") == "new get none none")
    }

    @Test func writesAreSignedForTheNewStore() async throws {
        let past = try await old.put("a", "1")
        #expect(try await url(.put, "a") == "new put a none")
        #expect(try await url(.put, "b", .ifAbsent) == "new put b ifAbsent")
        #expect(
            try await url(.uploadPart(1, uploadID: "u"), "a") == "new uploadPart a none"
        )
        #expect(try await store().presignForm("a", expiresIn: .seconds(60)).url == "new form a")
        let error = await #expect(throws: BlobError.self) { try await url(.put, "a", .ifAbsent) }
        #expect(error?.kind == .alreadyExists)
        let signed = try await url(.put, "a", .ifMatches(past.etag))
        let moved = try await new.head("a")
        #expect(signed == "new put a \(WriteCondition.ifMatches(moved.etag))")
    }

    @Test func whatOneStoreCannotKeepIsRefused() async throws {
        var error = await #expect(throws: BlobError.self) { try await url(.delete, "a") }
        #expect(error?.kind == .unsupported)
        let both = store(.both { _, _ in })
        error = await #expect(throws: BlobError.self) {
            try await both.presign(.put, "a", expiresIn: .seconds(60))
        }
        #expect(error?.kind == .unsupported)
        error = await #expect(throws: BlobError.self) {
            try await both.presignForm("a", expiresIn: .seconds(60))
        }
        #expect(error?.kind == .unsupported)
        try await old.put("a", "1")
        #expect(try await both.presign(.get, "a", expiresIn: .seconds(60)).url == "old get a none")
    }
}
