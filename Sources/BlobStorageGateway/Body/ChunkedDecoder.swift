internal import BlobStorageAWS
internal import BlobStorageCrypto

/// Takes the frames of `aws-chunked` off a body, however its bytes are cut, and verifies the
/// signatures of chunks and trailers.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html
struct ChunkedDecoder: Sendable {
    /// The most bytes of a signed chunk, which waits in memory until its signature is verified; the
    /// clients known make chunks of 64 KiB to 1 MiB.
    static let maximumSignedChunkByteCount: Int64 = 16 << 20
    /// The most bytes of a line: a size, a signature, or a trailer.
    static let maximumLineByteCount = 1_024

    private enum State: Sendable {
        /// In the line before a chunk.
        case head
        /// In a chunk's data, with so many bytes to come.
        case data(Int64)
        /// In the line end after a chunk's data.
        case dataEnd
        /// In the lines after the last chunk.
        case trailers
        case end
    }

    private var state = State.head
    private var signer: ChunkSigner?
    private var remaining: Int64
    private var line: [UInt8] = []
    /// Decoded bytes; those from `verifiedCount` on belong to a chunk whose signature is still due.
    private var decoded: [UInt8] = []
    private var verifiedCount = 0
    private var chunkHasher = SHA256()
    private var chunkSignature: [UInt8] = []
    private var trailerLines: ChunkedTrailers

    /// - Parameters:
    ///   - signer: Signs as the chunks must be signed; `nil` if they are not.
    ///   - decodedByteCount: How many bytes there are without the frames.
    ///   - trailerName: The trailer that must come; `nil` if none may.
    init(signer: ChunkSigner?, decodedByteCount: Int64, trailerName: String?) {
        self.signer = signer
        remaining = decodedByteCount
        trailerLines = ChunkedTrailers(name: trailerName)
    }

    /// The trailer's value, once it was read.
    var trailer: String? { trailerLines.value }

    /// Decodes the next bytes of the framed body.
    ///
    /// - Returns: What is decoded and verified; may be empty.
    mutating func decode(_ input: [UInt8]) throws(GatewayError) -> [UInt8] {
        if case .data(let due) = state, signer == nil, decoded.isEmpty, due > Int64(input.count) {
            state = .data(due - Int64(input.count))
            return input
        }
        // What waits already grows by itself: reserving for each piece would copy all of it each time.
        if decoded.isEmpty { decoded.reserveCapacity(input.count) }
        var index = 0
        while index < input.count {
            switch state {
            case .data(let due):
                let count = Int(min(due, Int64(input.count - index)))
                take(input[index..<index + count])
                index += count
                state = .data(due - Int64(count))
                if due == Int64(count) { try finishChunk() }
            case .head, .dataEnd, .trailers:
                guard try readLine(input, &index) else { break }
                try takeLine()
                line.removeAll(keepingCapacity: true)
            case .end:
                throw Self.malformed("there are bytes after the end of the chunks")
            }
        }
        return takeVerified()
    }

    /// Says that there are no more bytes.
    func finish() throws(GatewayError) {
        guard case .end = state else {
            throw GatewayError(
                400,
                "IncompleteBody",
                "The request body terminated unexpectedly, before the last chunk's end"
            )
        }
    }

    private mutating func take(_ data: ArraySlice<UInt8>) {
        decoded.append(contentsOf: data)
        if signer != nil { data.withUnsafeBytes { chunkHasher.update($0) } }
    }

    private mutating func finishChunk() throws(GatewayError) {
        try verifyChunk()
        verifiedCount = decoded.count
        state = .dataEnd
    }

    private mutating func verifyChunk() throws(GatewayError) {
        guard let expected = signer?.signature(ofChunk: chunkHasher.finish()) else { return }
        chunkHasher = SHA256()
        guard ConstantTime.isEqual(expected, chunkSignature) else {
            var error = GatewayError.signatureDoesNotMatch
            error.message += " It is that of a chunk of the body."
            throw error
        }
    }

    /// What may be handed on; the rest stays.
    private mutating func takeVerified() -> [UInt8] {
        if signer == nil || verifiedCount == decoded.count {
            let all = decoded
            decoded = []
            verifiedCount = 0
            return all
        }
        guard verifiedCount > 0 else { return [] }
        let verified = [UInt8](decoded[..<verifiedCount])
        decoded.removeFirst(verifiedCount)
        verifiedCount = 0
        return verified
    }

    /// Reads up to a line's end.
    ///
    /// - Returns: Whether it was reached; ``line`` is then without it.
    private mutating func readLine(
        _ input: [UInt8],
        _ index: inout Int
    ) throws(GatewayError) -> Bool {
        while index < input.count {
            let byte = input[index]
            index += 1
            if byte == 0x0A {
                guard line.popLast() == 0x0D else { throw Self.malformed("a line ends without CR") }
                return true
            }
            guard line.count < Self.maximumLineByteCount else {
                throw Self.malformed("a line has more than \(Self.maximumLineByteCount) bytes")
            }
            line.append(byte)
        }
        return false
    }

    private mutating func takeLine() throws(GatewayError) {
        switch state {
        case .head: try takeHead()
        case .dataEnd:
            guard line.isEmpty else {
                throw Self.malformed("a chunk is longer than its head says")
            }
            state = .head
        case .trailers:
            if line.isEmpty {
                try trailerLines.finish(signer: &signer)
                state = .end
            } else {
                try trailerLines.take(line, isSigned: signer != nil)
            }
        case .data, .end: break
        }
    }

    /// `10000;chunk-signature=…`, or a size alone.
    private mutating func takeHead() throws(GatewayError) {
        let digits = line.prefix { $0 != UInt8(ascii: ";") }
        let size = try Self.size(digits)
        guard size <= remaining, size > 0 || remaining == 0 else {
            throw GatewayError(
                400,
                "IncompleteBody",
                "The chunks have \(size > remaining ? "more" : "fewer") bytes than "
                    + "x-amz-decoded-content-length says"
            )
        }
        if signer != nil {
            chunkSignature = try Self.signature(line[digits.endIndex...])
            guard size <= Self.maximumSignedChunkByteCount else {
                throw Self.malformed(
                    "a signed chunk has \(size) bytes; at most "
                        + "\(Self.maximumSignedChunkByteCount) are taken"
                )
            }
        }
        remaining -= size
        if size == 0 {
            try verifyChunk()
            state = .trailers
        } else {
            state = .data(size)
        }
    }

    private static func size(_ digits: ArraySlice<UInt8>) throws(GatewayError) -> Int64 {
        var size: Int64 = 0
        // 15 digits can't overflow, and are a petabyte.
        guard (1...15).contains(digits.count) else { throw malformed("a chunk has no size") }
        for digit in digits {
            guard let value = Hex.value(digit) else { throw malformed("a chunk has no size") }
            size = size << 4 | Int64(value)
        }
        return size
    }

    private static func signature(_ text: ArraySlice<UInt8>) throws(GatewayError) -> [UInt8] {
        let name = ";chunk-signature=".utf8
        let digits = text.dropFirst(name.count)
        guard text.starts(with: name), digits.count == 64,
            digits.allSatisfy(SignatureClaim.isLowerHexDigit)
        else { throw malformed("a chunk has no signature of 64 digits") }
        return [UInt8](digits)
    }

    static func malformed(_ problem: String) -> GatewayError {
        GatewayError(400, "InvalidRequest", "The aws-chunked body is malformed: \(problem)")
    }
}
