import BlobStorage
import CBlobStorageSystem
import Glibc

/// Locks by key that hold between threads and between processes.
///
/// A key falls into one of 256 shards. A shard is a mutex for this process's threads, and one byte
/// of the lock file for other processes. A thread holds at most one shard of keys and one of
/// uploads, the upload's first, so that no two can wait for each other.
final class KeyLocks: Sendable {
    /// What is locked.
    enum Space: Int64 {
        case key = 0
        case upload = 1
    }

    /// More shards than threads, so that two keys seldom meet.
    private static let shardCount = 256

    /// The file whose bytes are locked.
    let file: FileDescriptor
    /// The values mean nothing; without any, a value would share its address with what lies beside
    /// it, which ThreadSanitizer takes for a race.
    private let shards: [[Locked<Bool>]]

    init(file: FileDescriptor) {
        self.file = file
        shards = (0..<2).map { _ in (0..<Self.shardCount).map { _ in Locked(false) } }
    }

    /// Runs `body` while no other thread or process is in the shard of the same text.
    func withLock<Result>(
        _ space: Space,
        _ text: String,
        _ body: () throws -> Result
    ) throws -> Result {
        let shard = Self.shard(of: text)
        return try shards[Int(space.rawValue)][shard].withLock { _ in
            let byte = space.rawValue * Int64(Self.shardCount) + Int64(shard)
            guard cblobstorage_lock(file.number, byte, 1, true, true) == 0 else {
                throw SystemError.last("fcntl(F_OFD_SETLKW)")
            }
            defer { _ = cblobstorage_unlock(file.number, byte, 1) }
            return try body()
        }
    }

    /// FNV-1a, which every process computes alike; Swift's own hash differs from run to run.
    private static func shard(of text: String) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for byte in text.utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
        }
        return Int((hash ^ (hash >> 32)) % UInt64(shardCount))
    }
}
