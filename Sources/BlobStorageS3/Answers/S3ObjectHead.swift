package import BlobStorage
package import BlobStorageAWS
package import BlobStorageHTTP
import Foundation

/// What the head of an answer to `GetObject` or `HeadObject` tells about an object.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
package struct S3ObjectHead: Sendable {
    package let attributes: BlobAttributes
    /// The bytes of the blob that the answer's body has.
    package let range: Range<Int64>
    package let versionID: String?
    package let storageClass: String?

    /// Reads a head.
    ///
    /// - Parameters:
    ///   - response: The answer, with status 200 or 206.
    ///   - key: The object's key.
    ///   - asked: The range that was asked for; the answer must have it and no other.
    /// - Throws: `AWSFailure` with `.badAnswer`.
    package init(
        _ response: HTTPResponse,
        key: BlobKey,
        asked: ByteRange? = nil
    ) throws(AWSFailure) {
        let headers = response.headers
        guard let etag = headers["etag"], !etag.isEmpty else {
            throw .bad("the answer has no ETag")
        }
        guard let time = headers["last-modified"], let lastModified = HTTPDate.parse(time) else {
            throw .bad("the answer has no Last-Modified, or one that is no date")
        }
        let bounds = try Self.bounds(response, asked: asked)
        range = bounds.range
        attributes = BlobAttributes(
            key: key,
            byteCount: bounds.byteCount,
            etag: ETag(etag),
            lastModified: lastModified,
            headers: Self.contentHeaders(headers),
            metadata: Self.metadata(headers),
            checksum: Self.checksum(headers, isWhole: bounds.isWhole)
        )
        versionID = headers["x-amz-version-id"]
        storageClass = headers["x-amz-storage-class"]
    }

    private struct Bounds {
        var range: Range<Int64>
        var byteCount: Int64

        var isWhole: Bool { Int64(range.count) == byteCount }
    }

    private static func bounds(
        _ response: HTTPResponse,
        asked: ByteRange?
    ) throws(AWSFailure) -> Bounds {
        let length = try contentLength(response)
        guard response.status == 206 else {
            guard let length else { throw .bad("the answer has no Content-Length") }
            // 200 to a ranged read is the whole blob, which is right only if all was asked for.
            let whole = 0..<length
            guard try resolved(asked, inByteCount: length) == whole else {
                throw .bad("a range was asked for, and the answer is the whole blob")
            }
            return Bounds(range: whole, byteCount: length)
        }
        guard let text = response.headers["content-range"] else {
            throw .bad("the answer has status 206 and no Content-Range")
        }
        guard let found = S3ContentRange(text) else {
            throw .bad("Content-Range is \"\(EscapedText(text.clipped))\", which is no range")
        }
        guard asked != nil else { throw .bad("no range was asked for, and the answer is one") }
        guard try resolved(asked, inByteCount: found.byteCount) == found.range else {
            throw .bad("Content-Range is \"\(EscapedText(text.clipped))\", which was not asked for")
        }
        guard length.map({ $0 == Int64(found.range.count) }) ?? true else {
            throw .bad("Content-Range and Content-Length contradict each other")
        }
        return Bounds(range: found.range, byteCount: found.byteCount)
    }

    /// The bytes that were asked for, in a blob of a size.
    private static func resolved(
        _ asked: ByteRange?,
        inByteCount byteCount: Int64
    ) throws(AWSFailure) -> Range<Int64> {
        guard let asked else { return 0..<byteCount }
        do {
            return try asked.resolved(inByteCount: byteCount)
        } catch {
            throw .bad("the range asked for is not in a blob of \(byteCount) bytes")
        }
    }

    private static func contentLength(_ response: HTTPResponse) throws(AWSFailure) -> Int64? {
        guard let text = response.headers["content-length"] else {
            // A body that is in memory already has a length though its head told none. If nothing but
            // the connection's end ended it, it may be cut; the chunks of a coding have an end of
            // their own. The body of an answer to HEAD is empty, whatever the blob's size.
            guard response.headers["transfer-encoding"] != nil else { return nil }
            return response.body.byteCount.flatMap { $0 > 0 ? $0 : nil }
        }
        guard !text.isEmpty, text.utf8.allSatisfy(\.isDigit), let length = Int64(text) else {
            throw .bad("Content-Length is no number")
        }
        return length
    }

    /// The content's headers; the media type is always known.
    static func contentHeaders(_ headers: HTTPHeaders) -> ContentHeaders {
        var content = ContentHeaders()
        for name in ["content-language", "content-disposition", "cache-control", "expires"] {
            if let value = headers[name], !value.isEmpty { _ = content.set(name, to: value) }
        }
        let type = headers["content-type"]
        content.contentType = type.flatMap { $0.isEmpty ? nil : $0 } ?? ContentType.unknown
        content.contentEncoding = headers["content-encoding"].flatMap(withoutTransferCoding)
        return content
    }

    /// `Content-Encoding` without `aws-chunked`, which is how a body was sent and which some stores
    /// keep as if it were the content's.
    private static func withoutTransferCoding(_ value: String) -> String? {
        let codings = value.utf8.split(separator: UInt8(ascii: ","))
            .map { String(decoding: Array($0), as: UTF8.self).withoutBlanks }
            .filter { !HTTPHeaders.isSame($0, "aws-chunked") && !$0.isEmpty }
        return codings.isEmpty ? nil : codings.joined(separator: ",")
    }

    /// The user's own pairs; of two headers with one name the values are joined, as HTTP has it.
    static func metadata(_ headers: HTTPHeaders) -> BlobMetadata {
        var raw: [String: String] = [:]
        for field in headers.fields {
            let name = field.name.utf8.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
            guard name.starts(with: S3Header.metadataPrefix.utf8),
                name.count > S3Header.metadataPrefix.utf8.count
            else { continue }
            let rest = name.dropFirst(S3Header.metadataPrefix.utf8.count)
            let text = String(decoding: rest, as: UTF8.self)
            raw[text] = raw[text].map { "\($0),\(field.value)" } ?? field.value
        }
        return BlobMetadata(raw.mapValues(S3MetadataEncoding.decode))
    }

    /// The checksum of the whole blob; in the answer to a range only if the store says so.
    private static func checksum(_ headers: HTTPHeaders, isWhole: Bool) -> Checksum? {
        guard isWhole || headers["x-amz-checksum-type"] != nil else { return nil }
        return S3Checksums.whole(headers)
    }
}

/// `bytes 5-14/100`: what a part of a blob an answer has.
///
/// - SeeAlso: RFC 9110, section 14.4
package struct S3ContentRange: Sendable, Hashable {
    package let range: Range<Int64>
    /// The size of the whole blob.
    package let byteCount: Int64

    /// Reads the header; `nil` if it is none, or if it doesn't tell the blob's size.
    package init?(_ text: String) {
        let unit = "bytes "
        guard UTF8Order.hasPrefix(text, unit) else { return nil }
        let fields = text.utf8.dropFirst(unit.utf8.count)
            .split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard fields.count == 2 else { return nil }
        let ends = fields[0].split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard ends.count == 2, let first = Self.number(ends[0]), let last = Self.number(ends[1]),
            let byteCount = Self.number(fields[1]), first <= last, last < byteCount
        else { return nil }
        range = first..<(last + 1)
        self.byteCount = byteCount
    }

    private static func number(_ digits: Substring.UTF8View) -> Int64? {
        guard (1...19).contains(digits.count), digits.allSatisfy(\.isDigit) else { return nil }
        return Int64(String(decoding: Array(digits), as: UTF8.self))
    }
}
