import BlobStorageGateway
import Foundation

/// The file of `--keys-file`: a line for each access key, and what it may do.
///
///     # id       secret                  access      where
///     admin      lkjhgfdsa-09876543
///     uploader   qwertyuiop-12345678     write       photos/incoming/
///     uploader   qwertyuiop-12345678     read,list   photos
enum KeysFile {
    /// The most bytes of the file.
    private static let byteLimit = 1 << 20

    /// Reads the keys of a file.
    ///
    /// - Throws: ``UsageError`` with the number of the line that makes no sense; never with a secret.
    static func read(_ path: String) throws -> [GatewayAccessKey] {
        let name = "the file of the keys, \"\(DisplayText(path))\","
        guard let file = try? FileHandle(forReadingFrom: URL(filePath: path)),
            let data = try? file.read(upToCount: byteLimit + 1)
        else { throw UsageError("\(name) can't be read") }
        guard data.count <= byteLimit, let text = String(validating: data, as: UTF8.self) else {
            throw UsageError("\(name) is over 1 MiB or no UTF-8")
        }
        let keys = try parse(text, name)
        guard !keys.isEmpty else { throw UsageError("\(name) has no key") }
        return keys
    }

    static func parse(_ text: String, _ name: String) throws -> [GatewayAccessKey] {
        var keys: [GatewayAccessKey] = []
        let lines = text.utf8.split(omittingEmptySubsequences: false) { $0 == 10 || $0 == 13 }
        for (number, line) in lines.enumerated() {
            let words = line.split { $0 == 0x20 || $0 == 0x09 }
                .map { String(decoding: $0, as: UTF8.self) }
            guard let first = words.first, first.utf8.first != UInt8(ascii: "#") else { continue }
            let place = "\(name) line \(number + 1)"
            guard (2...4).contains(words.count) else {
                throw UsageError(
                    "\(place) has \(words.count) words",
                    remedy: "A line is: ID SECRET [ACCESS [BUCKET[/PREFIX]]]"
                )
            }
            let credentials = try ServeCredentials.checked(id: first, secret: words[1], in: place)
            let right = try right(words.dropFirst(2), place)
            if let index = keys.firstIndex(where: { $0.credentials.accessKeyID == first }) {
                guard keys[index].credentials == credentials else {
                    throw UsageError("\(place) has another secret than an earlier line of that key")
                }
                keys[index].rights.append(right)
            } else {
                keys.append(GatewayAccessKey(credentials, rights: [right]))
            }
        }
        return keys
    }

    private static func right(_ words: ArraySlice<String>, _ place: String) throws -> GatewayRight {
        guard let accessText = words.first else { return GatewayRight() }
        var access: Set<GatewayRight.Access> = []
        for word in accessText.utf8.split(separator: UInt8(ascii: ",")) {
            switch String(decoding: word, as: UTF8.self) {
            case "all": access.formUnion(GatewayRight.Access.allCases)
            case "read": access.insert(.read)
            case "write": access.insert(.write)
            case "list": access.insert(.list)
            default: access = []
            }
            if access.isEmpty { break }
        }
        guard !access.isEmpty else {
            throw UsageError(
                "\(place) has \"\(DisplayText(accessText))\" for what the key may do",
                remedy: "It is all, or some of read,write,list."
            )
        }
        guard words.count > 1, let target = words.last else { return GatewayRight(access) }
        let slash = target.utf8.firstIndex(of: UInt8(ascii: "/"))
        let bucket = String(target[..<(slash ?? target.endIndex)])
        let prefix = slash.map { String(target[target.index(after: $0)...]) } ?? ""
        guard BucketName.isValid(bucket) else {
            throw UsageError(
                "\(place) has \"\(DisplayText(bucket))\", which is no name for a bucket"
            )
        }
        return GatewayRight(access, bucket: bucket, prefix: prefix)
    }
}
