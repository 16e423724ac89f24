internal import BlobStorage

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// Files of settings and tokens.
enum SmallFile {
    /// The most bytes that such a file may have.
    static let byteLimit = 1 << 20

    /// Reads a whole file, off Swift's own threads.
    ///
    /// - Returns: The bytes; `nil` if there is no such file.
    /// - Throws: `BlobError`; its message has the path, and nothing of what is in the file.
    static func read(_ path: String) async throws -> [UInt8]? {
        do {
            return try await BlockingThreads.shared.run { try readNow(path) }
        } catch let error as SystemError {
            if error.code == ENOENT || error.code == ENOTDIR { return nil }
            throw BlobError.credentials(
                "the file \"\(EscapedText(path))\" can't be read: \(error)",
                underlying: error
            )
        }
    }

    private static func readNow(_ path: String) throws -> [UInt8] {
        guard !path.utf8.contains(0) else { throw SystemError("fopen", ENOENT) }
        guard let file = fopen(path, "re") else { throw SystemError.last("fopen") }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = fread(&buffer, 1, buffer.count, file)
            guard count > 0 else { break }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= byteLimit else {
                let message = "the file \"\(EscapedText(path))\" has more than \(byteLimit) bytes"
                throw BlobError.credentials(message)
            }
        }
        guard ferror(file) == 0 else { throw SystemError.last("fread") }
        return bytes
    }

    /// The text of a token's file, without blanks and line ends around it.
    ///
    /// - Returns: The token; `nil` if there is no such file.
    /// - Throws: `BlobError` if the token is empty or can't stand in a header.
    static func readToken(_ path: String) async throws -> String? {
        guard let bytes = try await read(path) else { return nil }
        let start = bytes.drop { $0 <= 0x20 }
        let end = start.lastIndex { $0 > 0x20 }.map { start[...$0] } ?? start[..<start.startIndex]
        guard !end.isEmpty, end.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            let message = "the file \"\(EscapedText(path))\" holds no token, but "
            throw BlobError.credentials(
                message + (end.isEmpty ? "nothing" : "line ends or bytes that aren't ASCII")
            )
        }
        return String(decoding: end, as: UTF8.self)
    }
}
