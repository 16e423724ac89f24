import BlobStorageS3
import Foundation
import Glibc

/// The secret that signs the URLs of a local store.
///
/// All instances of the service that share a folder must have the same one, and URLs that were handed
/// out stay good when the service is started anew; so it is kept in a file, which nobody but the
/// service's own user can read.
enum SigningKey {
    private static let id = "document-service"
    private static let byteCount = 32
    /// As `openssl rand -hex 16` makes them; fewer can be guessed from one signed URL.
    private static let leastCharacterCount = 32
    private static let mostCharacterCount = 1_024

    /// Where the secret of a folder is, unless it is said: beside it, since all that is in it is files.
    static func path(besideFolder folder: String) -> String {
        let name = folder.utf8.reversed().drop { $0 == UInt8(ascii: "/") }.reversed()
        return String(decoding: Array(name), as: UTF8.self) + ".key"
    }

    /// Reads the secret of a file, which is made if there is none.
    ///
    /// - Parameter path: The file's path; `nil` makes a secret that is kept nowhere.
    /// - Returns: The secret, as the key that signs.
    /// - Throws: ``ConfigurationError``.
    static func load(_ path: String?) throws -> AWSCredentials {
        guard let path else { return credentials(random()) }
        if let secret = try read(path) { return credentials(secret) }
        let folder = (path as NSString).deletingLastPathComponent
        if !folder.isEmpty {
            try? FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true
            )
        }
        try make(path)
        // Of two instances that start at once, both have what the first one wrote.
        guard let secret = try read(path) else {
            throw ConfigurationError(.signingKeyFile, "the file was removed while it was made")
        }
        return credentials(secret)
    }

    private static func credentials(_ secret: String) -> AWSCredentials {
        AWSCredentials(accessKeyID: id, secretAccessKey: secret)
    }

    private static func random() -> String {
        var generator = SystemRandomNumberGenerator()
        let digits = Array("0123456789abcdef".utf8)
        let text = (0..<byteCount).flatMap { _ in
            let byte = UInt8.random(in: .min ... .max, using: &generator)
            return [digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return String(decoding: text, as: UTF8.self)
    }

    private static func read(_ path: String) throws -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failed("read", errno)
        }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        let data = try file.read(upToCount: mostCharacterCount) ?? Data()
        let line = data.prefix { $0 != 10 && $0 != 13 }
        guard line.count >= leastCharacterCount, line.allSatisfy({ (0x21...0x7E).contains($0) })
        else {
            throw ConfigurationError(
                .signingKeyFile,
                "the file's first line is no secret of \(leastCharacterCount) characters or more; "
                    + "make one with: openssl rand -hex 32"
            )
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Writes a new secret to a file of another name, and gives it its own if nobody has it.
    private static func make(_ path: String) throws {
        let temporary = "\(path).\(UUID().uuidString)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failed("made", errno) }
        defer { unlink(temporary) }
        let file = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        try file.write(contentsOf: Data((random() + "\n").utf8))
        try file.synchronize()
        guard link(temporary, path) == 0 || errno == EEXIST else { throw failed("made", errno) }
    }

    private static func failed(_ what: String, _ code: Int32) -> ConfigurationError {
        let reason = String(cString: strerror(code))
        return ConfigurationError(.signingKeyFile, "the file can't be \(what): \(reason)")
    }
}
