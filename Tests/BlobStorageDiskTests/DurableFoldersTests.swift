import Testing

@testable import BlobStorageDisk

@Suite struct DurableFoldersTests {
    @Test func whatWasSyncedNeedsNoSync() {
        var folders = DurableFolders()
        folders.note(["a/b", "a"], asOf: folders.removalCount)
        #expect(folders.contains("a/b") && folders.contains("a") && !folders.contains("b"))
        folders.forget("a/b")
        #expect(!folders.contains("a/b") && folders.contains("a"))
        folders.noteRemoval(of: "a")
        #expect(!folders.contains("a"))
    }

    @Test func whatWasRemovedMeanwhileIsAnotherFolder() {
        var folders = DurableFolders()
        let count = folders.removalCount
        // "a" is synced; then it is removed by one and made by another.
        folders.noteRemoval(of: "a")
        folders.forget("a")
        folders.note(["a"], asOf: count)
        #expect(!folders.contains("a"))
    }

    @Test func isBounded() {
        var folders = DurableFolders()
        for number in 0..<10_000 { folders.note(["\(number)"], asOf: 0) }
        #expect(folders.contains("9999") && !folders.contains("0"))
    }
}
