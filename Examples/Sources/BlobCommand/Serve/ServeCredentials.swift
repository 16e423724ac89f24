import BlobStorage
import BlobStorageGateway
import Foundation

/// The access key that clients of `serve` need.
struct ServeCredentials {
    /// `nil` if there is none, and only anonymous reading is allowed.
    let key: AWSCredentials?

    /// - Throws: ``UsageError`` unless there is a key with its secret, or none and anybody may read.
    init(_ arguments: Arguments, environment: [String: String]) throws {
        let id = arguments.value("access-key") ?? environment["BLOB_ACCESS_KEY"]
        let secret = try Self.secret(arguments, environment)
        switch (id, secret) {
        case (let id?, let secret?):
            let isPlain = id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !"/,=".utf8.contains($0) }
            guard !id.isEmpty, isPlain else {
                throw UsageError("the access key's id has a character that signatures can't carry")
            }
            guard secret.utf8.count >= Self.shortestSecret else {
                throw UsageError(
                    "the secret has fewer than \(Self.shortestSecret) bytes",
                    remedy: "Make one with: openssl rand -base64 30"
                )
            }
            key = AWSCredentials(accessKeyID: id, secretAccessKey: secret)
        case (nil, nil) where arguments.has("anonymous-read"):
            key = nil
        case (nil, nil):
            throw UsageError(
                "there is no access key, so nobody could use the server",
                remedy: "Give --access-key ID and set BLOB_SECRET_KEY, or --anonymous-read."
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
