import BlobStorage
import BlobStorageAWS
import BlobStorageXML
import Foundation

/// Fields of an answer, with an error that names the one that is missing or wrong.
extension XMLNode {
    /// The text of a child that must be there.
    func required(_ name: StaticString) throws(AWSFailure) -> String {
        guard let child = child(name) else {
            throw .bad("<\(self.name.clipped)> has no <\(name)>")
        }
        return child.text
    }

    /// The text of a child; `nil` if there is none or it is empty.
    func filled(_ name: StaticString) -> String? {
        guard let text = child(name)?.text, !text.isEmpty else { return nil }
        return text
    }

    /// A child that is `true` or `false`, with blanks around it or not.
    func requiredFlag(_ name: StaticString) throws(AWSFailure) -> Bool {
        let text = try required(name)
        switch text.withoutBlanks {
        case "true": return true
        case "false": return false
        default: throw wrong(name, text, "neither true nor false")
        }
    }

    /// A child that is a decimal from 0 to the largest `Int64`.
    func requiredNumber(_ name: StaticString) throws(AWSFailure) -> Int64 {
        let text = try required(name)
        let digits = text.withoutBlanks
        guard !digits.isEmpty, digits.utf8.allSatisfy(\.isDigit), let number = Int64(digits) else {
            throw wrong(name, text, "no number from 0 to 2⁶³ − 1")
        }
        return number
    }

    /// A child that is a time; `nil` if there is none or it is empty.
    func date(_ name: StaticString) throws(AWSFailure) -> Date? {
        guard let text = filled(name)?.withoutBlanks else { return nil }
        guard let date = AWSDate.parse(text) else { throw wrong(name, text, "no time") }
        return date
    }

    /// A child that is an etag, verbatim; `nil` if there is none or it is empty.
    var etag: ETag? { filled("ETag").map { ETag($0) } }

    /// Whether the answer says that its keys are percent-encoded.
    var hasEncodedKeys: Bool { child("EncodingType")?.text.withoutBlanks == "url" }

    /// The prefix of a `<CommonPrefixes>`.
    func requiredPrefix(isEncoded: Bool) throws(AWSFailure) -> String {
        guard let prefix = try decoded("Prefix", isEncoded: isEncoded) else {
            throw .bad("<CommonPrefixes> has no <Prefix>")
        }
        return prefix
    }

    /// A child that is a key or the beginning of one.
    ///
    /// - Parameters:
    ///   - name: The child's name.
    ///   - isEncoded: Whether the answer says `encoding-type=url`.
    /// - Returns: The text; `nil` if there is no such child.
    /// - Throws: `AWSFailure` with `.badAnswer` if it is not encoded as it should be.
    func decoded(_ name: StaticString, isEncoded: Bool) throws(AWSFailure) -> String? {
        guard let text = child(name)?.text else { return nil }
        guard isEncoded else { return text }
        guard let decoded = S3URLDecoding.decode(text) else {
            throw wrong(name, text, "not encoded as encoding-type=url promises")
        }
        return decoded
    }

    /// A child that is a whole key.
    func requiredKey(_ name: StaticString = "Key", isEncoded: Bool) throws(AWSFailure) -> BlobKey {
        guard let text = try decoded(name, isEncoded: isEncoded) else {
            throw .bad("<\(self.name.clipped)> has no <\(name)>")
        }
        do {
            return try BlobKey(text)
        } catch {
            throw wrong(name, text, "no key: it has \(text.utf8.count) bytes, not 1 to 1,024")
        }
    }

    private func wrong(_ name: StaticString, _ text: String, _ problem: String) -> AWSFailure {
        .bad("<\(name)> in <\(self.name.clipped)> is \"\(EscapedText(text.clipped))\": \(problem)")
    }
}

extension String {
    /// The text without the blanks of XML at its ends.
    var withoutBlanks: String {
        let blanks: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        let tail = utf8.drop { blanks.contains($0) }
        guard let end = tail.lastIndex(where: { !blanks.contains($0) }) else { return "" }
        return String(decoding: Array(tail[...end]), as: UTF8.self)
    }
}
