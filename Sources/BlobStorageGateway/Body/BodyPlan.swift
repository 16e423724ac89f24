internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// How a request's body is to be read: what frames it has, and what it must be.
struct BodyPlan: Sendable {
    /// The header fields without what says of frames that the body has no more.
    let headers: HTTPHeaders
    /// The checksum that can be kept with the blob.
    let checksum: Caller.DeclaredChecksum?
    /// How many bytes there are without frames; `nil` if nobody said.
    private let byteCount: Int64?
    private let decoder: ChunkedDecoder?
    private let expectations: [BodyExpectation]
    private let trailing: ChecksumAlgorithm?

    /// - Throws: `GatewayError` if what the headers say of the body is malformed or contradicts
    ///   itself.
    init(
        _ request: GatewayRequest,
        headers: HTTPHeaders,
        payload: PayloadHash,
        chunkSigner: ChunkSigner?
    ) throws(GatewayError) {
        let declared =
            Self.isOfBody(request, headers)
            ? try DeclaredChecksums(headers, hasTrailer: payload.hasTrailer) : DeclaredChecksums()
        var expectations = declared.expectations
        trailing = declared.trailing
        if case .sha256(let digits) = payload {
            expectations.append(BodyExpectation(payloadHash: digits))
        }
        self.expectations = expectations
        checksum = declared.kept
        guard payload.isChunked else {
            byteCount = request.body.byteCount
            decoder = nil
            self.headers = headers
            let isUpload = request.method == "PUT" || request.method == "POST"
            guard byteCount != nil || !isUpload else { throw Self.missingLength }
            return
        }
        let count = try Self.decodedByteCount(headers)
        byteCount = count
        var signer: ChunkSigner?
        if case .chunked = payload {
            guard let chunkSigner else {
                throw GatewayError(
                    400,
                    "InvalidRequest",
                    "A body in signed chunks needs a signed request"
                )
            }
            signer = chunkSigner
        }
        decoder = ChunkedDecoder(
            signer: signer,
            decodedByteCount: count,
            trailerName: declared.trailing.map(ChecksumName.header)
        )
        self.headers = Self.withoutFraming(headers)
    }

    /// The plan for a form's file, whose length its policy bounds.
    init(form headers: HTTPHeaders) throws(GatewayError) {
        let declared = try DeclaredChecksums(headers, hasTrailer: false)
        self.headers = headers
        checksum = declared.kept
        expectations = declared.expectations
        trailing = nil
        byteCount = nil
        decoder = nil
    }

    /// The body as it is meant.
    ///
    /// - Parameters:
    ///   - source: The body as it was sent.
    ///   - leavesChecksum: Whether ``checksum`` is left to whoever reads, if it is known already.
    /// - Returns: A body that can be read once.
    func body(of source: BlobBody, leavingChecksum leavesChecksum: Bool = false) -> BlobBody {
        var expectations = expectations
        if leavesChecksum, case .known(let known) = checksum {
            expectations.removeAll { expectation in
                expectation.source == .checksum && expectation.checksum == .kept(known.algorithm)
            }
        }
        let body = VerifiedBody(
            source: source,
            byteCount: byteCount,
            decoder: decoder,
            expectations: expectations,
            trailing: trailing
        )
        return BlobBody(body, byteCount: byteCount)
    }

    /// Whether the checksums of the headers are those of the body: a copy has none, and completing an
    /// upload tells that of the whole object.
    private static func isOfBody(_ request: GatewayRequest, _ headers: HTTPHeaders) -> Bool {
        switch request.method {
        case "PUT": headers["x-amz-copy-source"] == nil
        case "POST":
            !request.parameters.contains("uploadId") && !request.parameters.contains("uploads")
        default: false
        }
    }

    private static var missingLength: GatewayError {
        GatewayError(
            411,
            "MissingContentLength",
            "You must provide the Content-Length HTTP header."
        )
    }

    private static func decodedByteCount(_ headers: HTTPHeaders) throws(GatewayError) -> Int64 {
        let values = headers.values(of: "x-amz-decoded-content-length")
        guard values.count == 1, values[0].utf8.allSatisfy(SignatureClaim.isDigit),
            let count = Int64(values[0])
        else { throw missingLength }
        return count
    }

    /// Leaves `aws-chunked` out of the encodings, which S3 doesn't keep.
    private static func withoutFraming(_ headers: HTTPHeaders) -> HTTPHeaders {
        guard let text = headers["Content-Encoding"] else { return headers }
        let names = text.utf8.split(separator: UInt8(ascii: ",")).map { name in
            name.drop { $0 == 0x20 || $0 == 0x09 }
        }
        let kept = names.compactMap { name -> String? in
            let text = String(decoding: name, as: UTF8.self)
            return HTTPHeaders.isSame(text, "aws-chunked") ? nil : text
        }
        var headers = headers
        headers["Content-Encoding"] = kept.isEmpty ? nil : kept.joined(separator: ",")
        return headers
    }
}
