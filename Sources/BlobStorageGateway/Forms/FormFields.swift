internal import BlobStorageHandler

/// The fields of a form before its file, each once, with their names in lower case.
struct FormFields: Sendable {
    private(set) var pairs: [(name: String, value: String)] = []

    /// The value of a field.
    ///
    /// - Parameter name: The name in lower case.
    subscript(name: String) -> String? {
        pairs.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// Adds a field.
    ///
    /// - Returns: `false` if there is one of that name.
    mutating func append(_ name: String, _ value: String) -> Bool {
        guard self[name] == nil else { return false }
        pairs.append((name, value))
        return true
    }

    /// Replaces a value.
    mutating func replace(_ name: String, _ value: String) {
        for index in pairs.indices where pairs[index].name.utf8.elementsEqual(name.utf8) {
            pairs[index].value = value
        }
    }

    /// The fields that a `PUT` of the same blob would have as headers.
    var headers: HTTPHeaders {
        var headers = HTTPHeaders()
        for (name, value) in pairs where Self.isHeader(name) {
            headers.append(Self.headerNames[name] ?? name, value)
        }
        return headers
    }

    /// Fields that are called otherwise than the headers that say the same.
    ///
    /// `tagging` is none of them: it is a document, and the header is not.
    private static let headerNames = ["acl": "x-amz-acl"]

    private static func isHeader(_ name: String) -> Bool {
        let signature = [
            "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature",
            "x-amz-security-token",
        ]
        let others = ["cache-control", "expires", "acl", "tagging", "if-none-match"]
        let isNamed =
            name.utf8.starts(with: "x-amz-".utf8) || name.utf8.starts(with: "content-".utf8)
        return others.contains(name) || isNamed && !signature.contains(name)
    }
}
