internal import BlobStorage
internal import Foundation

/// The JSON documents that credentials come in: of processes, containers, instances and SSO.
struct CredentialsDocument {
    private let object: [String: Any]
    private let source: String

    /// Reads a document.
    ///
    /// - Parameters:
    ///   - bytes: The document.
    ///   - source: Where it comes from, for errors, which have nothing of what is in it.
    /// - Throws: `BlobError`.
    init(_ bytes: [UInt8], from source: String) throws(BlobError) {
        guard let value = try? JSONSerialization.jsonObject(with: Data(bytes)),
            let object = value as? [String: Any]
        else { throw .credentials("\(source) gave \(bytes.count) bytes that are no JSON object") }
        self.object = object
        self.source = source
    }

    private init(_ object: [String: Any], _ source: String) {
        self.object = object
        self.source = source
    }

    /// A field's text.
    func text(_ name: String) -> String? { object[name] as? String }

    /// A field's whole number.
    func number(_ name: String) -> Int64? { (object[name] as? NSNumber)?.int64Value }

    /// A document inside.
    func object(_ name: String) -> CredentialsDocument? {
        (object[name] as? [String: Any]).map { CredentialsDocument($0, source) }
    }

    /// A field's text.
    ///
    /// - Throws: `BlobError` if there is none.
    func required(_ name: String) throws(BlobError) -> String {
        guard let text = text(name) else {
            throw .credentials("\(source) gave a document without \(name)")
        }
        return text
    }

    /// A field's date; `nil` if there is no such field.
    ///
    /// - Throws: `BlobError` if it is no date.
    func date(_ name: String) throws(BlobError) -> Date? {
        guard let text = text(name) else { return nil }
        // Old caches of SSO end in UTC.
        let isOld = text.utf8.suffix(3).elementsEqual("UTC".utf8)
        guard let date = AWSDate.parse(isOld ? "\(text.dropLast(3))Z" : text) else {
            let found = EscapedText(String(text.prefix(40)))
            throw .credentials("\(source) gave the \(name) \"\(found)\", which is no date")
        }
        return date
    }

    /// The credentials, with the names that processes give them (`SessionToken`), or those of
    /// containers and instances (`Token`).
    ///
    /// - Throws: `BlobError`.
    func credentials(token: String) throws(BlobError) -> AWSCredentials {
        try AWSCredentials(
            accessKeyID: required("AccessKeyId"),
            secretAccessKey: required("SecretAccessKey"),
            sessionToken: text(token),
            expiration: date("Expiration")
        ).checked(from: source)
    }
}

extension CredentialsDocument: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: ["source": source]) }
}
