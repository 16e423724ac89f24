/// Where radosgw says otherwise than the matrix, and why.
enum TamperDifferences {
    static func reason(_ name: String, on server: String) -> String? {
        guard server == "CEPH" else { return nil }
        return known.first { entry in entry.names.contains { matches(name, $0) } }?.reason
    }

    private struct Difference {
        let reason: String
        let names: [String]

        init(_ reason: String, _ names: String...) {
            self.reason = reason
            self.names = names
        }
    }

    /// Whether a name is a pattern, which may have asterisks.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count > 1, let first = parts.first, let last = parts.last else {
            return name == pattern
        }
        guard name.hasPrefix(first), name.hasSuffix(last) else { return false }
        var rest = name.dropFirst(first.count)
        for part in parts.dropFirst() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return true
    }

    /// Radosgw 20.2 accepts these; the gateway refuses them, as AWS's documents have it.
    private static let known: [Difference] = [
        Difference(
            "of several header fields with one name it keeps the last, and verifies and uses that; "
                + "AWS joins them by commas into the canonical request",
            "*: * doubled",
            "*: * there before as another",
            "signed PUT: Authorization twice in one"
        ),
        Difference(
            "of several form fields with one name it keeps the last, and verifies and uses that; "
                + "AWS takes one of each",
            "form: * twice",
            "form: * before as another"
        ),
        Difference(
            "the names of the signature's parameters may be in any letters; AWS documents them in one "
                + "spelling",
            "*: name of the signature, byte * ^ 32",
            "*: X-Amz-Signature has its name in lower case"
        ),
        Difference(
            "an escape may end in a byte beyond ASCII, which it takes for a digit; RFC 3986, section "
                + "2.1, has hexadecimal digits alone",
            "*: path, byte * ^ 128"
        ),
        Difference(
            "a presigned URL may be of the future; AWS refuses what is not valid yet",
            "presigned PUT: of tomorrow",
            "presigned PUT: of in 20 minutes"
        ),
        Difference(
            "an empty Authorization header is none; AWS allows one mechanism in a request",
            "*: with Authorization: "
        ),
        Difference(
            "a body may come in HTTP's chunks, without a length; AWS wants a Content-Length",
            "*: HTTP's chunks without a length"
        ),
        Difference(
            "it reads a chunk's size and signature by position, without the names and line ends "
                + "between them; AWS documents a grammar",
            "chunked PUT*: chunk head, byte *",
            "chunked PUT*: line end of the *, byte *",
            "chunked PUT*: trailers, byte *",
            "chunked PUT*: a chunk of a negative size",
            "chunked PUT*: a chunk of a huge size"
        ),
        Difference(
            "it does not look at the last chunk, nor behind it, when it has all bytes that were "
                + "declared; AWS wants the chunk of no bytes, signed",
            "chunked PUT*: last chunk, byte *",
            "chunked PUT*: cut by *",
            "chunked PUT*: with more behind the last chunk",
            "chunked PUT*: all twice"
        ),
        Difference(
            "a form's field `bucket` is ignored; AWS holds each field to the policy, which names another",
            "form: with bucket"
        ),
        Difference(
            "a form without a file is one of an empty file; AWS wants a file",
            "form: without a file"
        ),
    ]
}
