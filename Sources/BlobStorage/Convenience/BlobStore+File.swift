#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

extension BlobStore {
    /// Reads a blob into a file.
    ///
    /// The bytes go to a new file beside `path`, which takes that name when all of them are there:
    /// a failure leaves what was there before.
    ///
    /// - Parameters:
    ///   - key: The blob to read.
    ///   - path: The file to write, replaced if it is there.
    ///   - options: Conditions on the read.
    /// - Returns: The attributes of the version read.
    /// - Throws: ``BlobError``.
    /// - Complexity: Memory for a few chunks, whatever the size.
    @discardableResult
    public func get(
        _ key: BlobKey,
        toFile path: String,
        options: GetOptions = GetOptions()
    ) async throws -> BlobAttributes {
        let blob = try await get(key, range: nil, options: options)
        let file = try await BlockingThreads.shared.run { try NewFile(path) }
        do {
            try await file.write(blob.body)
            try await BlockingThreads.shared.run { try file.commit() }
        } catch {
            file.discard()
            if let error = error as? SystemError {
                throw BlobError(error, operation: "get", key: key, doing: "\"\(path)\"")
            }
            throw error
        }
        return blob.attributes
    }
}

/// A file that gets its name when it is complete.
private struct NewFile: Sendable {
    private let path: String
    private let temporaryPath: String
    private let descriptor: FileDescriptor

    init(_ path: String) throws {
        self.path = path
        temporaryPath = "\(path).\(UInt64.random(in: .min ... .max)).part"
        let number = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard number >= 0 else {
            throw BlobError(SystemError.last("open"), operation: "get", doing: "\"\(path)\"")
        }
        descriptor = FileDescriptor(owning: number)
    }

    func write(_ body: BlobBody) async throws {
        var offset: Int64 = 0
        let descriptor = descriptor
        if let range = body.fileRange {
            try await BlockingThreads.shared.run { try descriptor.copy(range, to: 0) }
            return
        }
        for try await chunk in body {
            let start = offset
            try await BlockingThreads.shared.run {
                try chunk.withUnsafeBytes { try descriptor.write($0, at: start) }
            }
            offset += Int64(chunk.count)
        }
    }

    func commit() throws {
        guard rename(temporaryPath, path) == 0 else { throw SystemError.last("rename") }
    }

    func discard() {
        unlink(temporaryPath)
    }
}
