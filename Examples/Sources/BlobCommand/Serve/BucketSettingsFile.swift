import BlobStorage
import BlobStorageGateway
import Foundation
import Glibc
import Synchronization

/// The file that keeps what clients have set for a bucket.
///
/// It lies in the private folder within the bucket's own folder, so that it comes and goes with the
/// bucket. Several servers may serve one folder: each looks at every request whether the file is
/// another, and changes it under a lock.
struct BucketSettingsFile {
    /// Which file it is, and when it was written.
    fileprivate struct Version: Equatable {
        let inode: UInt64
        let byteCount: Int64
        let seconds: Int
        let nanoseconds: Int

        init?(_ path: String) throws {
            var status = stat()
            guard lstat(path, &status) == 0 else {
                guard errno == ENOENT || errno == ENOTDIR else {
                    throw BucketSettingsFile.failed("lstat", errno)
                }
                return nil
            }
            inode = UInt64(status.st_ino)
            byteCount = Int64(status.st_size)
            seconds = status.st_mtim.tv_sec
            nanoseconds = status.st_mtim.tv_nsec
        }
    }

    fileprivate struct Kept {
        let version: Version
        let settings: GatewayBucketSettings
    }

    /// What was read of each file, by its path, for as long as it is the same.
    final class Memory: Sendable {
        fileprivate let kept = Mutex<[String: Kept]>([:])
    }

    private static let name = "bucket-settings.json"
    /// A thousand lifecycle rules, a hundred CORS rules and a policy have less.
    private static let maximumByteCount = 16 << 20

    private let folder: String
    private let path: String
    private let memory: Memory

    /// - Parameters:
    ///   - bucketFolder: The path of the bucket's folder.
    ///   - memory: What was read before.
    init(bucketFolder: String, memory: Memory) {
        folder = "\(bucketFolder)/\(BucketFolder.privateFolder)"
        path = "\(folder)/\(Self.name)"
        self.memory = memory
    }

    /// What is set; nothing if there is no file.
    ///
    /// - Throws: `BlobError` of kind `corrupted` if the file is no such file; `unavailable` if it can't
    ///   be read.
    func read() throws -> GatewayBucketSettings {
        guard let version = try Version(path) else {
            memory.kept.withLock { _ = $0.removeValue(forKey: path) }
            return GatewayBucketSettings()
        }
        if let kept = memory.kept.withLock({ $0[path] }), kept.version == version {
            return kept.settings
        }
        let settings: GatewayBucketSettings
        do {
            guard version.byteCount <= Self.maximumByteCount else {
                throw CocoaError(.fileReadTooLarge)
            }
            let data = try Data(contentsOf: URL(filePath: path))
            settings = try JSONDecoder().decode(GatewayBucketSettings.self, from: data)
        } catch let error as CocoaError where error.code == .fileReadNoSuchFile {
            return GatewayBucketSettings()
        } catch {
            throw BlobError(
                .corrupted,
                operation: "settings",
                message: "the bucket's settings can't be read: mend or remove \(path)"
            )
        }
        memory.kept.withLock { $0[path] = Kept(version: version, settings: settings) }
        return settings
    }

    /// Changes what is set; it is on the disk when this returns.
    func change(_ change: (inout GatewayBucketSettings) -> Void) throws {
        guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
            throw Self.failed("mkdir", errno)
        }
        let directory = Glibc.open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard directory >= 0 else { throw Self.failed("open", errno) }
        // It ends the lock too.
        defer { close(directory) }
        while flock(directory, LOCK_EX) != 0 {
            guard errno == EINTR else { throw Self.failed("flock", errno) }
        }
        var settings = try read()
        change(&settings)
        if settings.isEmpty {
            guard unlink(path) == 0 || errno == ENOENT else { throw Self.failed("unlink", errno) }
        } else {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            // It syncs the file before it takes the old one's place.
            try encoder.encode(settings).write(to: URL(filePath: path), options: .atomic)
        }
        guard fsync(directory) == 0 else { throw Self.failed("fsync", errno) }
    }

    fileprivate static func failed(_ call: String, _ code: Int32) -> BlobError {
        let kind: BlobError.Kind =
            code == EACCES || code == EPERM ? .permissionDenied : .unavailable
        let reason = String(cString: strerror(code))
        return BlobError(
            kind,
            operation: "settings",
            message: "the bucket's settings can't be kept: \(call): \(reason)"
        )
    }
}
