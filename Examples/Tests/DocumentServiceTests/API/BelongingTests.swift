import BlobStorage
import Foundation
import Testing

@testable import DocumentService

@Suite struct BelongingTests {
    /// A blob that no record knows of, under a name that the service makes.
    private static let orphan: BlobKey = "uploads/ada/01890a5d-ac96-774b-bcce-b302099a8057.txt"

    @Test("records that are not those of the files remove none", arguments: ["memory:", "sqlite"])
    func otherRecords(_ other: String) async throws {
        let folder = try TestFolder()
        let variables = [
            "STORAGE_URL": "file:\(folder.path)/files",
            "METADATA_URL": "sqlite:\(folder.path)/documents.sqlite",
        ]
        let first = try await TestService(.folder, variables)
        let id = try #require(try await first.upload("a.txt")["id"])
        #expect(first.lines.objects("store not swept").isEmpty)

        var others = variables
        others["METADATA_URL"] = other == "sqlite" ? "sqlite:\(folder.path)/b.sqlite" : other
        let wrong = try await TestService(.folder, others)
        #expect(wrong.lines.objects("store not swept").count == 1)
        let late = try #require(try await wrong.upload("b.txt")["id"])
        await wrong.service.sweep(includesStore: true)
        // Also when there are records by then.
        let again = try await TestService(.folder, others)
        await again.service.sweep(includesStore: true)
        let keys = try await first.documentKeys()
        #expect(keys.count == 2)
        for each in [id, late] { #expect(keys.contains { $0.contains(each) }) }
    }

    @Test func recordsOfTheFilesRemoveWhatNoneKnowsOf() async throws {
        let folder = try TestFolder()
        let variables = [
            "STORAGE_URL": "file:\(folder.path)/files",
            "METADATA_URL": "sqlite:\(folder.path)/documents.sqlite",
        ]
        let first = try await TestService(.folder, variables)
        let id = try #require(try await first.upload("a.txt")["id"])
        try await first.service.files.store.put(Self.orphan, "nobody's")
        let second = try await TestService(.folder, variables)
        await second.service.sweep(includesStore: true)
        let keys = try await first.documentKeys()
        #expect(keys.count == 1)
        #expect(keys.first?.contains(id) == true)
    }
}

extension TestService {
    fileprivate func documentKeys() async throws -> [String] {
        var keys: [String] = []
        for try await blob in service.files.store.list(prefix: "uploads/") {
            keys.append(blob.key.text)
        }
        return keys
    }
}
