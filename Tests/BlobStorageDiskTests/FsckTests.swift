import BlobStorage
import BlobStorageDisk
import CBlobStorageSystem
import Foundation
import Glibc
import Testing

@Suite struct FsckTests {
    @Test("finds nothing wrong with its own work", arguments: DiskConfiguration.all)
    func clean(_ configuration: DiskConfiguration) async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(configuration)
        let options = PutOptions(metadata: ["a": "b"], checksum: .compute(.crc64NVME))
        for key in ["a", "a/b", "..", "x%y", "n\u{0}", String(repeating: "l", count: 700)] {
            try await store.put(try BlobKey(key), "text", options: options)
        }
        try await store.put("a", "again", options: options)
        _ = try await store.createMultipartUpload("later")
        let report = try await store.fsck(verifyingChecksums: true)
        #expect(report.findings.map(\.description) == [])
        #expect(report.isClean)
        #expect(report.verifiedCount == 6 && report.unverifiedCount == 0)
        #expect(report.blobCount == 6)
        #expect(report.byteCount == 25)
        #expect(report.uploadCount == 1)
    }

    @Test func removesWhatCrashedWritersLeft() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "b")
        try folder.write("cut", to: ".blob-storage/staging/1234-5")
        try folder.write("young", to: ".blob-storage/staging/1234-6")
        try folder.makeOld(".blob-storage/staging/1234-5")
        let found = try await store.fsck()
        #expect(found.findings.map(\.kind) == [.leftover])
        #expect(!found.isClean)
        #expect(folder.exists(".blob-storage/staging/1234-5"))
        #expect(try await store.fsck(repair: true).isClean)
        #expect(!folder.exists(".blob-storage/staging/1234-5"))
        #expect(folder.exists(".blob-storage/staging/1234-6"))
    }

    @Test func theNextStoreToWriteSweepsToo() async throws {
        let folder = try TemporaryFolder()
        try await folder.store().put("a", "b")
        try folder.write("cut", to: ".blob-storage/staging/1234-5")
        try folder.makeOld(".blob-storage/staging/1234-5")
        try await folder.store().put("a", "b")
        #expect(!folder.exists(".blob-storage/staging/1234-5"))
    }

    @Test func dropsUnreadableAttributesAndKeepsTheBytes() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "bytes", options: PutOptions(metadata: ["x": "y"]))
        let junk = Array("junk".utf8)
        let file = open(folder.path + "/a", O_RDONLY)
        #expect(cblobstorage_setxattr(file, "user.blob-storage", junk, junk.count) == 0)
        close(file)
        let error = await #expect(throws: BlobError.self) { try await store.head("a") }
        #expect(error?.kind == .corrupted)
        #expect(error?.message.contains("fsck") == true)
        #expect(try await store.list(ListOptions()).blobs.count == 1)
        #expect(try await store.fsck().findings.map(\.kind) == [.unreadableAttributes])
        #expect(try await store.fsck(repair: true).isClean)
        #expect(try await store.bytes("a", upTo: 9) == Array("bytes".utf8))
    }

    @Test func aChecksumOfALaterVersionIsLeftAlone() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "bytes", options: PutOptions(metadata: ["x": "y"]))
        let version = try await store.head("a").etag.text
        let record = Array(
            "blob-storage 1\nversion \(version)\nmeta x y\nchecksum blake9 AAAA\n".utf8
        )
        let file = open(folder.path + "/a", O_RDONLY)
        #expect(cblobstorage_setxattr(file, "user.blob-storage", record, record.count) == 0)
        close(file)
        let found = try await store.head("a")
        #expect(found.metadata == ["x": "y"])
        #expect(found.checksum == nil)
        #expect(try await store.fsck(verifyingChecksums: true).isClean)
    }

    @Test func findsBytesThatHaveRotted() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "bytes", options: PutOptions(checksum: .compute(.crc32C)))
        // The same size and time, as a disk that lies would have it.
        var times = stat()
        #expect(stat(folder.path + "/a", &times) == 0)
        let number = open(folder.path + "/a", O_WRONLY)
        #expect(pwrite(number, "B", 1, 0) == 1)
        #expect(futimens(number, [times.st_atim, times.st_mtim]) == 0)
        close(number)
        #expect(try await store.fsck().isClean)
        let report = try await store.fsck(repair: true, verifyingChecksums: true)
        #expect(report.findings.map(\.kind) == [.checksumMismatch])
        #expect(!report.isClean)
        let error = await #expect(throws: BlobError.self) { try await store.bytes("a", upTo: 9) }
        #expect(error?.kind == .integrityFailure)
    }

    @Test func goesOnBehindABlobThatCannotBeRead() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(.withoutExtendedAttributes)
        let options = PutOptions(checksum: .compute(.crc32C))
        try await store.put("b", "bytes", options: options)
        // Reading a folder fails with EISDIR, whoever asks; a disk would fail with EIO.
        let records = folder.path + "/.blob-storage/attributes"
        let names = try FileManager.default.contentsOfDirectory(atPath: records)
        let record = "\(records)/\(try #require(names.first))"
        try #require(unlink(record) == 0 && mkdir(record, 0o777) == 0)
        for key in ["a", "c", "d/e"] as [BlobKey] {
            try await store.put(key, "bytes", options: options)
        }
        let report = try await store.fsck(verifyingChecksums: true)
        #expect(report.findings.map(\.kind) == [.unreadable])
        #expect(report.findings.first?.path == "b")
        #expect(!report.isClean)
        #expect(report.blobCount == 4 && report.verifiedCount == 3)
    }

    @Test(.enabled(if: TemporaryFolder.hasMemory))
    func countsMoreBytesThanThereAreNumbers() async throws {
        let folder = try TemporaryFolder(in: TemporaryFolder.memory)
        for name in ["a", "b"] {
            try folder.write("", to: name)
            try #require(truncate("\(folder.path)/\(name)", 5 << 60) == 0)
        }
        let report = try await folder.store().fsck()
        #expect(report.blobCount == 2 && report.byteCount == .max)
        #expect(report.isClean)
    }

    @Test(.enabled(if: TemporaryFolder.hasMemory))
    func aRecordMayBeAsOldAsCanBe() async throws {
        let folder = try TemporaryFolder(in: TemporaryFolder.memory)
        let store = folder.store(.withoutExtendedAttributes)
        try await store.put("a", "b", options: PutOptions(metadata: ["x": "y"]))
        try FileManager.default.removeItem(atPath: folder.path + "/a")
        let records = folder.path + "/.blob-storage/attributes"
        // The year 1600; nanoseconds since 1970 begin in 1677.
        let times = [timespec](repeating: timespec(tv_sec: -11_676_096_000, tv_nsec: 0), count: 2)
        for name in try FileManager.default.contentsOfDirectory(atPath: records) {
            try #require(utimensat(AT_FDCWD, "\(records)/\(name)", times, 0) == 0)
        }
        #expect(try await store.fsck().findings.map(\.kind) == [.orphanedAttributes])
    }

    @Test func saysHowManyBlobsHaveNothingToCompare() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        try await store.put("a", "bytes", options: PutOptions(checksum: .compute(.crc32C)))
        try await store.put("b", "bytes")
        try await store.put("c", "bytes", options: PutOptions(metadata: ["x": "y"]))
        let report = try await store.fsck(verifyingChecksums: true)
        #expect(report.verifiedCount == 1 && report.unverifiedCount == 2)
    }

    @Test func findsAttributesOfNoBlob() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(.withoutExtendedAttributes)
        try await store.put("a", "b", options: PutOptions(metadata: ["x": "y"]))
        try FileManager.default.removeItem(atPath: folder.path + "/a")
        let records = folder.path + "/.blob-storage/attributes"
        let names = try FileManager.default.contentsOfDirectory(atPath: records)
        #expect(names.count == 1)
        #expect(try await store.fsck().isClean)
        for name in names { try folder.makeOld(".blob-storage/attributes/\(name)") }
        #expect(try await store.fsck().findings.map(\.kind) == [.orphanedAttributes])
        #expect(try await store.fsck(repair: true).isClean)
        #expect(try FileManager.default.contentsOfDirectory(atPath: records) == [])
    }

    @Test func givesForeignNamesTheOnesThatTheirKeysHave() async throws {
        let folder = try TemporaryFolder()
        try folder.write("full", to: "d/100%.txt")
        try folder.write("taken", to: "d/50%.txt")
        try folder.write("old", to: "d/50%25.txt")
        let bad = Array(folder.path.utf8) + Array("/d/".utf8) + [0xFF, 0xFE, 0]
        let number = open(bad.map { CChar(bitPattern: $0) }, O_CREAT | O_WRONLY, 0o666)
        #expect(number >= 0)
        close(number)
        let store = folder.store()
        #expect(try await store.list(ListOptions()).blobs.map(\.key) == ["d/50%.txt"])
        let found = try await store.fsck()
        #expect(found.findings.map(\.kind) == [.foreignName, .foreignName, .foreignName])
        #expect(found.findings.map(\.path) == ["d/100%.txt", "d/50%.txt", "d/\\xff\\xfe"])
        let report = try await store.fsck(repair: true)
        #expect(report.findings.map(\.isRepaired) == [true, false, false])
        #expect(try await store.bytes("d/100%.txt", upTo: 9) == Array("full".utf8))
        #expect(try await store.bytes("d/50%.txt", upTo: 9) == Array("old".utf8))
        #expect(try folder.read("d/50%.txt") == "taken")
    }

    @Test func keepsTheAttributesOfAFileThatItRenames() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store(.withoutExtendedAttributes)
        try await store.put("k", "b", options: PutOptions(metadata: ["x": "y"]))
        #expect(rename(folder.path + "/k", folder.path + "/100%") == 0)
        let records = folder.path + "/.blob-storage/attributes"
        for name in try FileManager.default.contentsOfDirectory(atPath: records) {
            try folder.makeOld(".blob-storage/attributes/\(name)")
        }
        let report = try await store.fsck(repair: true)
        #expect(report.findings.map(\.kind) == [.foreignName])
        #expect(try await store.head("100%").metadata == ["x": "y"])
    }

    @Test func makesNoBlobOfWhatKeepsAFolderForAMoment() async throws {
        let folder = try TemporaryFolder()
        try folder.write("A", to: "d/%swap-0123456789abcdef")
        let store = folder.store()
        let report = try await store.fsck(repair: true)
        #expect(report.findings.map(\.kind) == [.foreignName, .emptyFolder])
        #expect(!report.isClean)
        #expect(try folder.names() == ["d", "d/%swap-0123456789abcdef"])
    }

    @Test func aFolderThatNoKeyReachesIsReported() async throws {
        let folder = try TemporaryFolder()
        let deep = repeatElement(String(repeating: "d", count: 200), count: 18)
        try folder.write("lost", to: deep.joined(separator: "/") + "/file")
        let report = try await folder.store(.withoutOpenat2).fsck(repair: true)
        #expect(report.findings.first?.kind == .foreignName)
        #expect(report.blobCount == 0)
    }

    @Test func endsASwapThatACrashHasCutOff() async throws {
        let folder = try TemporaryFolder()
        let name = try folder.writeCutSwap()
        let store = folder.store(.withoutExchange)
        #expect(try await store.bytes("a", upTo: 9) == Array("A".utf8))
        #expect(try folder.names() == ["a", "a/%self"])
        #expect(!folder.exists(".blob-storage/swaps/\(name)"))
    }

    @Test func aStoreThatIsOpenEndsSuchASwapToo() async throws {
        let folder = try TemporaryFolder()
        let (reader, writer, remover) = (folder.store(), folder.store(), folder.store())
        for store in [reader, writer, remover] { _ = try await store.exists("a") }
        _ = try folder.writeCutSwap()
        #expect(try await reader.bytes("a", upTo: 9) == Array("A".utf8))
        try FileManager.default.removeItem(atPath: folder.path + "/a")
        _ = try folder.writeCutSwap()
        let error = await #expect(throws: BlobError.self) {
            try await writer.put("a", "new", options: PutOptions(condition: .ifAbsent))
        }
        #expect(error?.kind == .alreadyExists)
        try FileManager.default.removeItem(atPath: folder.path + "/a")
        _ = try folder.writeCutSwap()
        try await remover.delete("a")
        #expect(try folder.names() == [])
    }

    @Test("opens a store whose notes were damaged", arguments: ["", "x/a", "no\u{0}key"])
    func damagedNotes(_ key: String) async throws {
        let folder = try TemporaryFolder()
        try folder.write("a file, where a note has a folder", to: "x")
        try folder.write(key, to: ".blob-storage/swaps/0123/key")
        try folder.write("no folder", to: ".blob-storage/swaps/4567")
        try folder.write("1\n", to: ".blob-storage/format")
        let store = folder.store()
        #expect(try await store.bytes("x", upTo: 99).count == 33)
        try await store.put("y", "z")
    }

    @Test func anUploadThatWasDamagedHidesNoOther() async throws {
        let folder = try TemporaryFolder()
        let store = folder.store()
        let upload = try await store.createMultipartUpload("whole")
        for (id, key) in [("0-1", ""), ("0-2", "x")] {
            try folder.write(key, to: ".blob-storage/multipart/\(id)/key")
        }
        try folder.write("", to: ".blob-storage/multipart/0-3/part-00001")
        let page = try await store.listMultipartUploads(
            prefix: "",
            continuationToken: nil,
            limit: 10
        )
        #expect(page.uploads.map(\.upload.key) == ["whole", "x"])
        #expect(try await store.fsck().uploadCount == 2)
        try await store.abortMultipartUpload(upload)
        try await store.abortMultipartUpload(MultipartUpload(key: "none", id: "0-3"))
    }
}

extension TemporaryFolder {
    /// Writes what a swap of the blob `a` leaves that was cut off after the file lost its name, and
    /// before the folder got it.
    ///
    /// - Returns: The name of the note.
    func writeCutSwap() throws -> String {
        let name = Checksum.of(Array("a".utf8), .sha256).hex
        try write("A", to: ".blob-storage/swaps/\(name)/folder/%self")
        try write("a", to: ".blob-storage/swaps/\(name)/key")
        try write("1\n", to: ".blob-storage/format")
        return name
    }

    /// Sets a file's time to an hour ago.
    func makeOld(_ name: String) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -3_600)],
            ofItemAtPath: "\(path)/\(name)"
        )
    }
}
