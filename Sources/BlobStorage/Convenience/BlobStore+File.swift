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
    /// - Throws: ``BlobError``; of kind `invalidArgument` if `path` can't be made, or is there and no
    ///   regular file; `corrupted` if the body ends early; `CancellationError`.
    /// - Complexity: Memory for a few chunks, whatever the size.
    @discardableResult
    public func get(
        _ key: BlobKey,
        toFile path: String,
        options: GetOptions = GetOptions()
    ) async throws -> BlobAttributes {
        let blob = try await get(key, range: nil, options: options)
        let file = try await BlockingThreads.shared.run { try NewFile(path, key) }
        do {
            let count = try await file.write(blob.body)
            try Task.checkCancellation()
            guard count == Int64(blob.range.count) else {
                let message = "the body ended after \(count) of \(blob.range.count) bytes"
                throw BlobError(.corrupted, operation: "get", key: key, message: message)
            }
            try await BlockingThreads.shared.run { try file.commit() }
        } catch {
            file.discard()
            if let error = error as? SystemError {
                throw BlobError(error, localFile: path, operation: "get", key: key)
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

    init(_ path: String, _ key: BlobKey) throws {
        self.path = path
        let name = "\"\(EscapedText(path))\""
        guard !path.utf8.contains(0) else {
            throw Self.refusal(key, "the path \(name) has a NUL, where it would be cut")
        }
        var status = stat()
        guard stat(path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw Self.refusal(
                key,
                "the local file \(name) is there and no regular file; it is not replaced"
            )
        }
        // A name of its own, since the path's may be as long as a name can be. Cut by bytes: to
        // String a mark that begins the name belongs to the slash.
        let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
        let folder = slash.map { String(decoding: path.utf8[...$0], as: UTF8.self) } ?? ""
        temporaryPath = "\(folder).\(UInt64.random(in: .min ... .max)).part"
        let number = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
        guard number >= 0 else {
            throw BlobError(
                SystemError.last("open"),
                localFile: path,
                operation: "get",
                key: key
            )
        }
        descriptor = FileDescriptor(owning: number)
    }

    private static func refusal(_ key: BlobKey, _ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "get", key: key, message: message)
    }

    /// Writes all of a body and tells how many bytes it had.
    func write(_ body: BlobBody) async throws -> Int64 {
        var offset: Int64 = 0
        let descriptor = descriptor
        if let range = body.fileRange {
            try await BlockingThreads.shared.run { try descriptor.copy(range, to: 0) }
            return range.byteCount
        }
        for try await chunk in body {
            let start = offset
            try await BlockingThreads.shared.run {
                try chunk.withUnsafeBytes { try descriptor.write($0, at: start) }
            }
            offset += Int64(chunk.count)
        }
        return offset
    }

    func commit() throws {
        guard rename(temporaryPath, path) == 0 else { throw SystemError.last("rename") }
    }

    func discard() {
        unlink(temporaryPath)
    }
}
