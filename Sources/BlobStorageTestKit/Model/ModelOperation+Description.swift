import BlobStorage

extension ModelOperation: CustomStringConvertible {
    /// The operation in one line that a person can do again by hand.
    var description: String {
        switch self {
        case .put(let key, let content, let write):
            "put \(quoted(key)) \(content)\(write)"
        case .get(let key, let range, let read):
            "get \(quoted(key))" + (range.map { " \($0.text)" } ?? "") + read.text
        case .head(let key, let read):
            "head \(quoted(key))" + read.text
        case .delete(let key, let version):
            "delete \(quoted(key))" + (version.map { " if it is the \($0) version" } ?? "")
        case .deleteMany(let keys):
            "delete [\(keys.map(quoted).joined(separator: ", "))]"
        case .list(let prefix, let delimiter, let startAfter, let limit):
            "list prefix \(quoted(prefix))" + (delimiter.map { " delimiter \(quoted($0))" } ?? "")
                + (startAfter.map { " start after \(quoted($0))" } ?? "") + " limit \(limit)"
        case .copy(let source, let key, let replace, let condition, let read):
            "copy \(quoted(source)) to \(quoted(key))"
                + (replace.map { " with attributes \($0)" } ?? "") + condition.text
                + (read == .always ? "" : ", source" + read.text)
        default: uploadDescription
        }
    }

    private var uploadDescription: String {
        switch self {
        case .beginUpload(let slot, let key, let attributes):
            "begin upload \(slot) of \(quoted(key))"
                + (attributes == 0 ? "" : " with attributes \(attributes)")
        case .uploadPart(let slot, let number, let content, let isFull, let wrongChecksum):
            "upload part \(number) of \(slot), \(isFull ? "smallest legal size" : "\(content)")"
                + (wrongChecksum ? ", wrong checksum" : "")
        case .listParts(let slot): "list parts of \(slot)"
        case .completeUpload(let slot, let parts, let condition):
            "complete upload \(slot), parts: \(parts)" + condition.text
        case .abortUpload(let slot): "abort upload \(slot)"
        case .listUploads(let prefix): "list uploads with prefix \(quoted(prefix))"
        default: ""
        }
    }

    private func quoted(_ text: String) -> String {
        "\"\(EscapedText(text))\""
    }
}

extension ByteRange {
    fileprivate var text: String {
        switch self {
        case .bounded(let range): "bytes \(range.lowerBound)..<\(range.upperBound)"
        case .from(let offset): "bytes from \(offset)"
        case .suffix(let count): "last \(count) bytes"
        }
    }
}

extension ModelContent: CustomStringConvertible {
    var description: String { "\(byteCount) bytes of <\(number)>" }
}

extension ModelWrite: CustomStringConvertible {
    var description: String {
        var text = ""
        switch body {
        case .bytes: break
        case .stream: text += ", as a stream"
        case .knownLength: text += ", as a stream of known length"
        case .tooShort: text += ", one byte fewer than declared"
        case .tooLong: text += ", one byte more than declared"
        case .throwing: text += ", then an error"
        }
        if attributes != 0 {
            let name = attributes == ModelAttributes.invalidIndex ? "illegal" : "\(attributes)"
            text += ", attributes: \(name)"
        }
        text += condition.text
        switch checksum {
        case .none: break
        case .compute(let algorithm): text += ", computing \(algorithm)"
        case .right(let algorithm): text += ", right \(algorithm)"
        case .wrong(let algorithm): text += ", wrong \(algorithm)"
        }
        return text
    }
}

extension ModelCondition {
    var text: String {
        switch self {
        case .none: ""
        case .ifAbsent: " if absent"
        case .ifMatches(let version): " if it is the \(version) version"
        }
    }
}

extension ModelRead {
    var text: String {
        switch self {
        case .always: ""
        case .ifMatches(let version): " if it is the \(version) version"
        case .ifNoneMatches(let version): " if it is not the \(version) version"
        case .modifiedSince(let moment): " if modified since \(moment)"
        case .unmodifiedSince(let moment): " if not modified since \(moment)"
        }
    }
}
