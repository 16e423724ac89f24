import BlobStorage
import BlobStorageDisk
import BlobStorageS3

/// Opens stores by their URLs.
enum StoreOpener {
    /// The kinds of store that the tool knows.
    static let schemes: [StoreScheme] = [.file, .memory, .s3]

    /// The URL of the store that a command names.
    ///
    /// - Throws: ``UsageError`` if none is named.
    static func url(_ arguments: Arguments, environment: [String: String]) throws -> String {
        let given = arguments.value("store") ?? environment["BLOB_STORE"]
        guard let url = given, !url.isEmpty else {
            throw UsageError("the store is missing; give --store URL, or set BLOB_STORE")
        }
        return url
    }

    /// Opens a store.
    ///
    /// - Throws: ``UsageError`` if the URL has no scheme; ``BlobError`` if it names no store.
    static func open(_ url: String) async throws -> any BlobStore {
        guard url.utf8.prefix(while: { $0 != UInt8(ascii: "/") }).contains(UInt8(ascii: ":")) else {
            throw UsageError(
                "the store \"\(DisplayText(url))\" has no scheme",
                remedy: "A folder is written file:\(percentEncoded(url)); see: blob --help"
            )
        }
        return try await StoreURL(url).open(with: schemes)
    }

    /// A path as it stands in a URL.
    private static func percentEncoded(_ path: String) -> String {
        var text = ""
        for byte in path.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-")...UInt8(ascii: "/"),
                UInt8(ascii: "_"), UInt8(ascii: "~"):
                text.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
        return text
    }
}
