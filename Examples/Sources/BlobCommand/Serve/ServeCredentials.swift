import BlobStorage
import BlobStorageGateway
import Foundation

/// The access keys that clients of `serve` need.
struct ServeCredentials {
    /// None if only anonymous reading is allowed.
    let keys: [GatewayAccessKey]
    /// What a shell makes the first key's secret of, to be shown; `nil` if that is not so easy.
    let secretInShell: String?

    /// - Throws: ``UsageError`` unless each key has its secret, and there is one or anybody may read.
    init(_ arguments: Arguments, environment: [String: String]) throws {
        let others = try arguments.value("keys-file").map { try KeysFile.read($0) } ?? []
        let id = arguments.value("access-key") ?? environment["BLOB_ACCESS_KEY"]
        let secret = try Self.secret(arguments, environment)
        switch (id, secret) {
        case (let id?, let secret?):
            let credentials = try Self.checked(id: id, secret: secret, in: "the access key")
            guard !others.contains(where: { $0.credentials.accessKeyID == id }) else {
                throw UsageError("the access key is in the file of the keys too")
            }
            keys = [GatewayAccessKey(credentials)] + others
            secretInShell =
                arguments.value("secret-key-file").map { path in
                    let quoted = path.split(separator: "'", omittingEmptySubsequences: false)
                        .joined(separator: "'\\''")
                    return "\"$(head -n 1 '\(DisplayText(quoted))')\""
                } ?? "\"$BLOB_SECRET_KEY\""
        case (nil, nil) where !others.isEmpty || arguments.has("anonymous-read"):
            keys = others
            secretInShell = nil
        case (nil, nil):
            throw UsageError(
                "there is no access key, so nobody could use the server",
                remedy: "Give --access-key ID and set BLOB_SECRET_KEY, or give --anonymous-read."
            )
        case (_?, nil):
            throw UsageError(
                "the access key has no secret",
                remedy: "Give --secret-key-file FILE, or set BLOB_SECRET_KEY."
            )
        case (nil, _?):
            throw UsageError(
                "the secret has no access key",
                remedy: "Give --access-key ID, or set BLOB_ACCESS_KEY."
            )
        }
    }

    /// A key that signatures can carry.
    ///
    /// - Parameters:
    ///   - id: The key's id.
    ///   - secret: Its secret.
    ///   - place: What is said to be wrong if they can't.
    /// - Returns: The key.
    /// - Throws: ``UsageError``, which never tells the secret.
    static func checked(id: String, secret: String, in place: String) throws -> AWSCredentials {
        let isPlain = id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/,=".utf8.contains($0) }
        guard !id.isEmpty, isPlain else {
            throw UsageError("\(place) has an id with a character that signatures can't carry")
        }
        guard secret.utf8.count >= shortestSecret else {
            throw UsageError(
                "\(place) has a secret of fewer than \(shortestSecret) bytes",
                remedy: "Make one with: openssl rand -base64 30"
            )
        }
        return AWSCredentials(accessKeyID: id, secretAccessKey: secret)
    }

    /// As MinIO asks for; shorter ones can be guessed from one signed request.
    private static let shortestSecret = 8
    /// The most bytes of a file with a secret.
    private static let fileByteLimit = 4_096

    private static func secret(
        _ arguments: Arguments,
        _ environment: [String: String]
    ) throws -> String? {
        guard let path = arguments.value("secret-key-file") else {
            return environment["BLOB_SECRET_KEY"].flatMap { $0.isEmpty ? nil : $0 }
        }
        let file: FileHandle
        do {
            file = try FileHandle(forReadingFrom: URL(filePath: path))
        } catch {
            throw UsageError("the file of the secret, \"\(DisplayText(path))\", can't be read")
        }
        defer { try? file.close() }
        let data = try file.read(upToCount: fileByteLimit) ?? Data()
        let line = data.prefix { $0 != 10 && $0 != 13 }
        guard !line.isEmpty, let text = String(validating: line, as: UTF8.self) else {
            throw UsageError("the file of the secret, \"\(DisplayText(path))\", has no first line")
        }
        return text
    }
}
