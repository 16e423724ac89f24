/// How a path goes into a signature.
package enum SignedPathStyle: Sendable, Hashable {
    /// As it is, encoded once: S3.
    case verbatim
    /// Without empty, `.` and `..` segments, and encoded once more than it is sent: all other services.
    case normalized
}

/// The path's line of a canonical request.
enum CanonicalPath {
    /// Appends the path of a request, as it is sent, in the form that is signed.
    static func append(_ path: String, style: SignedPathStyle, to text: inout [UInt8]) {
        guard !path.utf8.isEmpty else {
            text.append(UInt8(ascii: "/"))
            return
        }
        switch style {
        case .verbatim:
            let isDone: Void? = path.utf8.withContiguousStorageIfAvailable {
                AWSPercentEncoding.appendNormalized($0, keepingSlash: true, to: &text)
            }
            guard isDone == nil else { return }
            AWSPercentEncoding.appendNormalized([UInt8](path.utf8), keepingSlash: true, to: &text)
        case .normalized:
            appendNormalized(path, to: &text)
        }
    }

    /// RFC 3986, section 5.2.4, and runs of slashes become one.
    private static func appendNormalized(_ path: String, to text: inout [UInt8]) {
        let slash = UInt8(ascii: "/")
        var segments: [Substring.UTF8View] = []
        var endsInFolder = false
        for segment in path.utf8.split(separator: slash, omittingEmptySubsequences: false) {
            endsInFolder = true
            if segment.isEmpty || segment.elementsEqual(".".utf8) { continue }
            if segment.elementsEqual("..".utf8) {
                _ = segments.popLast()
            } else {
                segments.append(segment)
                endsInFolder = false
            }
        }
        for segment in segments {
            text.append(slash)
            AWSPercentEncoding.append(segment, to: &text)
        }
        if endsInFolder || segments.isEmpty { text.append(slash) }
    }
}
