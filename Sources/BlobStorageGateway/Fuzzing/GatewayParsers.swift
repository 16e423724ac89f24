internal import BlobStorage
internal import BlobStorageHandler

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
            do throws(GatewayError) {
                for piece in pieces {
                    if scanner != nil {
                        file += try scanner?.take(piece) ?? []
                    } else if case .file = try reader.take(piece) {
                        scanner = FormFileScanner(boundary)
                        file += try scanner?.take([UInt8](reader.rest)) ?? []
                    }
                }
                try scanner?.finish()
            } catch {
                return ("refused", [])
            }
            return ("\(reader.fields.pairs)", file)
        }
    }

    /// Reads the JSON of a policy.
    package static func policy(_ bytes: [UInt8]) {
        _ = try? PolicyDocument(bytes)
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
