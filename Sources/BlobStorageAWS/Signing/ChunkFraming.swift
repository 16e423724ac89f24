internal import BlobStorage
internal import BlobStorageCrypto
internal import BlobStorageHTTP

/// How a body is cut and framed for `aws-chunked`, and how many bytes that makes.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
struct ChunkFraming: Sendable {
    /// A checksum that is sent after the last chunk.
    struct Trailer: Sendable {
        /// The header's name, such as `x-amz-checksum-crc64nvme`.
        var name: String
        var algorithm: ChecksumAlgorithm
    }

    /// The most bytes of the body in one chunk: enough to make frames cheap (S3 takes 8 KiB or more),
    /// little enough to be still in the processor's cache when it is signed, then sent.
    static let standardChunkByteCount = 256 << 10
    /// `;chunk-signature=` and a signature.
    private static let signatureByteCount = 17 + 64

    let chunkByteCount: Int
    let decodedByteCount: Int64
    let isSigned: Bool
    let trailer: Trailer?

    /// The framing that a payload asks for; `nil` if it is sent as it is.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` if the body's byte count is not known, or the
    ///   trailer is no checksum of ours.
    init?(_ payload: PayloadSigning, of body: BlobBody?) throws {
        let name: String?
        switch payload {
        case .sha256, .unsigned: return nil
        case .chunked(let trailer):
            name = trailer
            isSigned = true
        case .unsignedChunked(let trailer):
            name = trailer
            isSigned = false
        }
        guard let byteCount = body.map(\.byteCount) ?? 0 else {
            let message = "a body of unknown length can't be sent in signed chunks"
            throw BlobError(.invalidArgument, operation: "sign", message: message)
        }
        decodedByteCount = byteCount
        chunkByteCount = Self.standardChunkByteCount
        trailer = try name.map { name in
            Trailer(name: name, algorithm: try Self.algorithm(ofTrailer: name))
        }
    }

    /// A framing for tests that need other chunks.
    init(chunkByteCount: Int, decodedByteCount: Int64, isSigned: Bool, trailer: Trailer? = nil) {
        self.chunkByteCount = chunkByteCount
        self.decodedByteCount = decodedByteCount
        self.isSigned = isSigned
        self.trailer = trailer
    }

    private static func algorithm(ofTrailer name: String) throws -> ChecksumAlgorithm {
        for algorithm in ChecksumAlgorithm.allCases
        where HTTPHeaders.isSame(name, "x-amz-checksum-\(algorithm.rawValue)") {
            return algorithm
        }
        let message = "there is no checksum for the trailer \"\(EscapedText(name))\""
        throw BlobError(.invalidArgument, operation: "sign", message: message)
    }

    /// Tells the server of the framing.
    func addHeaders(to headers: inout HTTPHeaders) {
        let encoding = headers["Content-Encoding"] ?? ""
        headers["Content-Encoding"] =
            encoding.utf8.isEmpty ? "aws-chunked" : "aws-chunked,\(encoding)"
        headers["x-amz-decoded-content-length"] = "\(decodedByteCount)"
        headers["x-amz-trailer"] = trailer?.name
    }

    /// How many bytes the framed body has.
    var byteCount: Int64 {
        let size = Int64(chunkByteCount)
        let rest = decodedByteCount % size
        var count = decodedByteCount / size * frameByteCount(chunkByteCount)
        if rest > 0 { count += frameByteCount(Int(rest)) }
        // The last chunk's head, the trailers, each with its line end, and an empty line.
        count += Int64(headByteCount(0))
        if let trailer {
            let base64Count = (trailer.algorithm.byteCount + 2) / 3 * 4
            count += Int64(trailer.name.utf8.count + 1 + base64Count + 2)
            if isSigned { count += Int64("x-amz-trailer-signature:".utf8.count + 64 + 2) }
        }
        return count + 2
    }

    private func frameByteCount(_ size: Int) -> Int64 {
        Int64(headByteCount(size) + size + 2)
    }

    /// The bytes before a chunk's data.
    func headByteCount(_ size: Int) -> Int {
        hexDigitCount(size) + (isSigned ? Self.signatureByteCount : 0) + 2
    }

    private func hexDigitCount(_ size: Int) -> Int {
        max(1, (Int.bitWidth - size.leadingZeroBitCount + 3) / 4)
    }

    /// Appends the head of a chunk, with a hole where its signature comes.
    ///
    /// - Returns: Where the hole is; empty without signatures.
    func appendHead(_ size: Int, to frame: inout [UInt8]) -> Range<Int> {
        frame.append(contentsOf: String(size, radix: 16).utf8)
        var hole = frame.count..<frame.count
        if isSigned {
            frame.append(contentsOf: ";chunk-signature=".utf8)
            hole = frame.count..<frame.count + 64
            frame.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 64))
        }
        frame.append(contentsOf: "\r\n".utf8)
        return hole
    }

    /// The framed body; it can be read again if `body` can.
    func body(of body: BlobBody, signer: ChunkSigner?) -> BlobBody {
        BlobBody(
            AWSChunkedBody(body: body, framing: self, signer: signer),
            byteCount: byteCount,
            isReplayable: body.isReplayable
        )
    }
}
