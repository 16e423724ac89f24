import BlobStorage
import Foundation
import Testing

@Suite struct FileDescriptorTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func open(_ name: String) throws -> FileDescriptor {
        let number = Foundation.open("\(folder.path)/\(name)", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        try #require(number >= 0)
        return FileDescriptor(owning: number)
    }

    @Test func readsAtAnOffsetAndFewerOnlyAtTheEnd() throws {
        _ = try folder.file("a", pattern(1_000))
        let file = try open("a")
        #expect(try file.read(10, at: 990) == Array(pattern(1_000)[990...]))
        #expect(try file.read(10, at: 995).count == 5)
        #expect(try file.read(10, at: 1_000).isEmpty)
        #expect(throws: SystemError.self) { try file.read(1, at: -1) }
    }

    @Test func writesAtAnOffset() throws {
        let file = try open("a")
        try [UInt8]([3, 4]).withUnsafeBytes { try file.write($0, at: 2) }
        try [UInt8]([1, 2]).withUnsafeBytes { try file.write($0, at: 0) }
        try [UInt8]().withUnsafeBytes { try file.write($0, at: 9) }
        #expect(try folder.bytes("a") == [1, 2, 3, 4])
    }

    @Test func copiesARangeOfAnotherFile() throws {
        _ = try folder.file("a", pattern(300_000))
        let (source, target) = (try open("a"), try open("b"))
        try target.copy(FileRange(source, offset: 10, byteCount: 290_000), to: 5)
        #expect(try Array(folder.bytes("b")[5...]) == Array(pattern(300_000)[10..<290_010]))
    }

    @Test func copiesFromAFileOfAnotherKindOfFileSystem() throws {
        // Files of /proc have no size that the kernel could copy by; their bytes go through memory.
        let expected = try [UInt8](Data(contentsOf: URL(filePath: "/proc/version")))
        let number = Foundation.open("/proc/version", O_RDONLY | O_CLOEXEC)
        let source = FileDescriptor(owning: number)
        let target = try open("b")
        try target.copy(FileRange(source, offset: 0, byteCount: Int64(expected.count)), to: 0)
        #expect(try folder.bytes("b") == expected)
    }

    @Test func aSourceThatEndsEarlyIsAnError() throws {
        _ = try folder.file("a", pattern(100))
        let (source, target) = (try open("a"), try open("b"))
        let error = try #require(throws: BlobError.self) {
            try target.copy(FileRange(source, offset: 0, byteCount: 101), to: 0)
        }
        #expect(error.kind == .corrupted)
    }

    @Test func isClosedWhenNobodyHoldsIt() throws {
        let path = try folder.file("a", [])
        var file: FileDescriptor? = try open("a")
        #expect(try openDescriptors(of: path) == 1)
        #expect((file?.number ?? -1) >= 0)
        file = nil
        #expect(try openDescriptors(of: path) == 0)
    }
}
