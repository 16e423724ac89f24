internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML
internal import Foundation

/// The parsers of what strangers send, as pure functions on bytes, for fuzzing and for nothing else.
///
/// Each reads its input in one piece and in small ones, and stops the process if that makes a
/// difference.
package enum GatewayParsers {
    /// Reads a query, and the signature in it.
    package static func query(_ bytes: [UInt8]) {
        guard let parameters = try? QueryParameters(String(decoding: bytes, as: UTF8.self)) else {
            return
        }
        _ = try? SignatureClaim(query: parameters)
        _ = HTTPHeaders().addingSignedParameters(of: parameters)
    }

    /// Reads an `Authorization` header.
    package static func authorization(_ bytes: [UInt8]) {
        let headers: HTTPHeaders = ["x-amz-date": "20250615T123456Z"]
        let text = String(decoding: bytes, as: UTF8.self)
        _ = try? SignatureClaim(authorization: text, headers: headers)
    }

    /// Takes chunks apart that nobody signed; a body of 4 KiB with a CRC-32 behind it.
    package static func chunks(_ bytes: [UInt8]) {
        let decoder = ChunkedDecoder(
            signer: nil,
            decodedByteCount: 4 << 10,
            trailerName: ChecksumName.header(.crc32)
        )
        check(bytes) { pieces in
            var decoder = decoder
            var decoded: [UInt8] = []
            do throws(GatewayError) {
                for piece in pieces { decoded += try decoder.decode(piece) }
                try decoder.finish()
            } catch {
                return (error.code, [])
            }
            return ("", decoded)
        }
    }

    /// Reads a form: the first line is its boundary, the rest its body.
    package static func form(_ bytes: [UInt8]) {
        let line = bytes.prefix { $0 != 0x0A }
        let type = "multipart/form-data; boundary=\(String(decoding: line, as: UTF8.self))"
        guard let boundary = try? FormBoundary(contentType: type) else { return }
        check([UInt8](bytes.dropFirst(line.count + 1))) { pieces in
            var reader = FormReader(boundary)
            var scanner: FormFileScanner?
            var file: [UInt8] = []
            var isEnded = false
            do throws(GatewayError) {
                // Whatever follows the end of a form without a file is never read.
                for piece in pieces where !isEnded {
                    guard scanner == nil else {
                        file += try scanner?.take(piece) ?? []
                        continue
                    }
                    switch try reader.take(piece) {
                    case .file:
                        scanner = FormFileScanner(boundary)
                        file += try scanner?.take([UInt8](reader.rest)) ?? []
                    case .end: isEnded = true
                    case nil: break
                    }
                }
                try scanner?.finish()
            } catch {
                return ("refused", [])
            }
            return ("\(reader.fields.pairs)", file)
        }
    }

    /// Reads the JSON of a form's policy, and of a bucket's.
    package static func policy(_ bytes: [UInt8]) {
        _ = try? PolicyDocument(bytes)
        guard let statements = try? PolicyStatements(bytes) else { return }
        for grant in statements.grants { _ = grant.covers(.read, grant.resource.bucket, "a/b*c") }
    }

    /// Reads the documents that requests carry, and any other.
    package static func documents(_ bytes: [UInt8]) {
        guard let root = try? XMLNode.parse(bytes) else { return }
        check(root)
        _ = try? CompleteDocument(bytes)
        _ = try? DeleteDocument(bytes)
        for rule in (try? LifecycleDocument(bytes))?.rules ?? [] {
            precondition((try? rule.validate()) != nil, "a lifecycle rule makes no sense")
        }
    }

    /// What is read can be written and read again.
    private static func check(_ root: XMLNode) {
        let text = root.text
        var xml = XMLWriter()
        xml.element("a", text)
        precondition((try? XMLNode.parse(xml.bytes))?.text == text, "a text is written wrong")
        _ = root.attribute("type")
        for child in root.children { _ = child.children.count }
    }

    /// Reads ranges, dates, etags and lists.
    package static func headers(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        if case .bounded(let range)? = try? RangeHeader.parse(text) {
            precondition(range.lowerBound >= 0 && !range.isEmpty, "a range without bytes")
        }
        _ = try? RangeHeader.parseCopySource(text)
        _ = ETagCondition(text)?.single
        _ = SignatureClaim.strictDate(text)
        for date in [HTTPDate.parse(text), AWSDate.parse(text)] {
            guard let date else { continue }
            let second = Date(timeIntervalSince1970: date.timeIntervalSince1970.rounded(.down))
            precondition(HTTPDate.parse(HTTPDate.text(date)) == second, "a date is another")
            precondition(AWSDate.parse(AWSDate.basic(date)) == second, "a date is another")
        }
        _ = BrowserSafety.canScript(text)
        _ = try? FormBoundary(contentType: text)
    }

    /// Runs a parser on all bytes at once, and cut.
    private static func check(
        _ bytes: [UInt8],
        _ parse: ([[UInt8]]) -> (String, [UInt8])
    ) {
        let whole = parse([bytes])
        for size in [1, 7] {
            let pieces = stride(from: 0, to: bytes.count, by: size).map { start in
                [UInt8](bytes[start..<min(start + size, bytes.count)])
            }
            precondition(parse(pieces) == whole, "pieces of \(size) are read in another way")
        }
    }
}
