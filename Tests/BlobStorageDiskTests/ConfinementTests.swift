import BlobStorage
import BlobStorageDisk
import Foundation
import Glibc
import Testing

/// No key and nothing planted beneath the root leads out of it, or makes a call wait.
@Suite struct ConfinementTests {
    static let configurations = [DiskConfiguration.relaxed, .withoutOpenat2, .withoutAnything]

    @Test("follows no symbolic link", arguments: configurations)
    func symbolicLinks(_ configuration: DiskConfiguration) async throws {
        let outside = try TemporaryFolder()
        try outside.write("secret", to: "file")
        let folder = try TemporaryFolder()
        symlink(outside.path + "/file", folder.path + "/link")
        symlink(outside.path, folder.path + "/folder")
        symlink(folder.path, folder.path + "/loop")
        try folder.write("inside", to: "real/file")
        symlink("file", folder.path + "/real/inner")
        let store = folder.store(configuration)
        let ifAbsent = CopyOptions(condition: .ifAbsent)
        for key in ["link", "folder/file", "loop/real/file", "real/inner", "folder/new"] {
            let key = try BlobKey(key)
            await expect(.corrupted) { _ = try await store.get(key) }
            await expect(.corrupted) { _ = try await store.head(key) }
            await expect(.corrupted) { try await store.put(key, "overwritten") }
            await expect(.corrupted) { try await store.delete(key) }
            let error = await #expect(throws: BlobError.self) {
                try await store.copy("real/file", to: key, options: ifAbsent)
            }
            #expect(error?.kind == .corrupted && error?.operation == "copy")
            let failures = try await store.delete([key])
            #expect(failures.map(\.error.kind) == [.corrupted])
        }
        #expect(try outside.read("file") == "secret")
        #expect(try outside.names() == ["file"])
        #expect(try await store.list(ListOptions()).blobs.map(\.key) == ["real/file"])
        #expect(try await store.list(ListOptions(prefix: "folder/")).blobs.isEmpty)
        let report = try await store.fsck()
        #expect(
            report.findings.filter { $0.kind == .specialFile }.map(\.path).sorted()
                == ["folder", "link", "loop", "real/inner"]
        )
    }

    @Test("waits for no FIFO, socket or device", arguments: configurations)
    func specialFiles(_ configuration: DiskConfiguration) async throws {
        let folder = try TemporaryFolder()
        mkfifo(folder.path + "/fifo", 0o666)
        try makeSocket(folder.path + "/socket")
        var names = ["fifo", "socket"]
        // Only root may make a device.
        if mknod(folder.path + "/device", S_IFCHR | 0o666, 0x0103) == 0 { names.append("device") }
        let store = folder.store(configuration)
        for name in names {
            let key = try BlobKey(name)
            await expect(.corrupted) { _ = try await store.get(key) }
            await expect(.corrupted) { try await store.put(key, "x") }
            await expect(.corrupted) { try await store.delete(key) }
            let below = try BlobKey(name + "/below")
            await expect(.notFound) { _ = try await store.get(below) }
            await expect(.corrupted) { try await store.put(below, "x") }
        }
        #expect(try await store.list(ListOptions()).blobs.isEmpty)
        let report = try await store.fsck(repair: true)
        #expect(report.findings.map(\.kind) == names.map { _ in .specialFile })
        #expect(try folder.names() == names.sorted())
    }

    @Test("keeps keys that look like paths beneath the root", arguments: configurations)
    func pathLikeKeys(_ configuration: DiskConfiguration) async throws {
        let folder = try TemporaryFolder()
        let store = LocalDiskStore(
            root: folder.path + "/root",
            durability: .relaxed,
            features: configuration.features
        )
        try await store.prepare()
        for key in ["../escaped", "../../etc/passwd", "/absolute", "a/../../b", "..", "./x"] {
            try await store.put(try BlobKey(key), "here")
            #expect(try await store.bytes(try BlobKey(key), upTo: 9) == Array("here".utf8))
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["root"])
    }

    private func expect(_ kind: BlobError.Kind, _ body: () async throws -> Void) async {
        let error = await #expect(throws: BlobError.self) { try await body() }
        #expect(error?.kind == kind)
    }

    private func makeSocket(_ path: String) throws {
        let number = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(number) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        // An address holds 107 bytes, fewer than a temporary folder's path may have.
        let folder = open((path as NSString).deletingLastPathComponent, O_RDONLY)
        defer { close(folder) }
        let short = "/proc/self/fd/\(folder)/\((path as NSString).lastPathComponent)"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(number, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        #expect(status == 0)
    }
}
