import BlobStorage

/// Looks at JSON of a stranger before it is parsed.
///
/// A parser calls itself for each bracket that opens, and takes bytes with NUL for UTF-16.
enum JSONGuard {
    /// How deep objects and arrays may lie in each other; S3's lie seven deep.
    static let maximumDepth = 32

    /// - Throws: `BlobError` of kind `invalidArgument`.
    static func check(_ bytes: [UInt8]) throws {
        guard bytes.allSatisfy({ $0 != 0 }), String(validating: bytes, as: UTF8.self) != nil else {
            throw S3EventDecoder.invalid("the document is not UTF-8")
        }
        var (depth, isInString, isEscaped) = (0, false, false)
        for byte in bytes {
            if isEscaped {
                isEscaped = false
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\"): isEscaped = isInString
            case UInt8(ascii: "{") where !isInString, UInt8(ascii: "[") where !isInString:
                depth += 1
            case UInt8(ascii: "}") where !isInString, UInt8(ascii: "]") where !isInString:
                depth -= 1
            default: break
            }
            guard depth <= maximumDepth else {
                throw S3EventDecoder.invalid("the document is more than \(maximumDepth) deep")
            }
        }
    }
}
