internal import BlobStorage
public import Foundation

/// What a signature of CloudFront allows: which addresses, until when, and if need be from when on
/// and for whom.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-creating-signed-url-custom-policy.html
public struct CloudFrontPolicy: Sendable, Hashable {
    /// The addresses, percent-encoded: `*` stands for any characters, `?` for one.
    public var resource: String
    /// When the permission ends; part of a second does not count.
    public var expiresAt: Date
    /// When it begins; `nil` is at once.
    public var notBefore: Date?
    /// The client's IPv4 address, or a range such as `192.0.2.0/24`; `nil` is everybody.
    public var ipRange: String?

    /// Creates a policy.
    ///
    /// - Parameters:
    ///   - resource: The addresses, such as `https://cdn.example.com/training/*`.
    ///   - expiresAt: When the permission ends.
    ///   - notBefore: When it begins.
    ///   - ipRange: The client's address or range.
    public init(
        resource: String,
        expiresAt: Date,
        notBefore: Date? = nil,
        ipRange: String? = nil
    ) {
        self.resource = resource
        self.expiresAt = expiresAt
        self.notBefore = notBefore
        self.ipRange = ipRange
    }

    /// The statement that is signed, without a blank, as CloudFront wants it.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` for what CloudFront could not read, or would
    ///   read as something else.
    func statement() throws -> [UInt8] {
        try Self.check(url: resource, "the policy's resource")
        let end = try Self.seconds(expiresAt, "the policy's end")
        var conditions = "\"DateLessThan\":{\"AWS:EpochTime\":\(end)}"
        if let ipRange {
            guard Self.isRange(ipRange) else {
                throw Self.invalid("the policy's range is no IPv4 address, nor one with /0 to /32")
            }
            conditions += ",\"IpAddress\":{\"AWS:SourceIp\":\"\(ipRange)\"}"
        }
        if let notBefore {
            let start = try Self.seconds(notBefore, "the policy's beginning")
            guard start < end else {
                throw Self.invalid("the policy begins at \(start), and ends at \(end) already")
            }
            conditions += ",\"DateGreaterThan\":{\"AWS:EpochTime\":\(start)}"
        }
        let statement = "{\"Resource\":\"\(resource)\",\"Condition\":{\(conditions)}}"
        return [UInt8]("{\"Statement\":[\(statement)]}".utf8)
    }

    /// Whether the policy is about an address: one that it is not about would be refused to everybody.
    func covers(_ url: String) -> Bool {
        let (pattern, text) = ([UInt8](resource.utf8), [UInt8](url.utf8))
        var (patternIndex, textIndex) = (0, 0)
        // Where to go on if what came after the last star was not it after all.
        var retry: (pattern: Int, text: Int)?
        while textIndex < text.count {
            if patternIndex < pattern.count, pattern[patternIndex] == UInt8(ascii: "*") {
                patternIndex += 1
                retry = (patternIndex, textIndex)
            } else if patternIndex < pattern.count,
                [text[textIndex], UInt8(ascii: "?")].contains(pattern[patternIndex])
            {
                patternIndex += 1
                textIndex += 1
            } else if let (start, end) = retry {
                retry = (start, end + 1)
                (patternIndex, textIndex) = (start, end + 1)
            } else {
                return false
            }
        }
        return pattern[patternIndex...].allSatisfy { $0 == UInt8(ascii: "*") }
    }
}

extension CloudFrontPolicy {
    /// The most bytes of an address: CloudFront takes no longer ones.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html
    private static let maximumURLByteCount = 8_192
    /// From 1970 to the end of 9999.
    private static let legalSeconds: Range<Double> = 1..<253_402_300_800

    static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "sign", message: message)
    }

    /// Throws unless a text can stand in a statement as it is.
    static func check(url: String, _ what: String) throws {
        let isPlain = url.utf8.allSatisfy { byte in
            (0x21...0x7E).contains(byte) && !"\"\\<>^`{|}#".utf8.contains(byte)
        }
        guard isPlain, (1...maximumURLByteCount).contains(url.utf8.count) else {
            throw invalid("\(what) is empty, too long, or not a URL's characters; encode it by %XX")
        }
    }

    /// A time in whole seconds.
    static func seconds(_ date: Date, _ what: String) throws -> Int64 {
        let seconds = date.timeIntervalSince1970.rounded(.down)
        guard legalSeconds.contains(seconds) else {
            throw invalid("\(what) is not between the years 1970 and 9999")
        }
        return Int64(seconds)
    }

    private static func isRange(_ text: String) -> Bool {
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count <= 2, let address = parts.first else { return false }
        let octets = address.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard octets.count == 4, octets.allSatisfy({ isNumber($0, upTo: 255) }) else {
            return false
        }
        return parts.count == 1 || isNumber(parts[1], upTo: 32)
    }

    private static func isNumber(_ text: Substring.UTF8View, upTo limit: Int) -> Bool {
        let isDecimal =
            (1...3).contains(text.count) && text.allSatisfy(\.isDigit)
            && (text.count == 1 || text.first != UInt8(ascii: "0"))
        guard isDecimal else { return false }
        return text.reduce(0) { $0 * 10 + Int($1 - UInt8(ascii: "0")) } <= limit
    }
}
