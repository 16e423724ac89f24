internal import BlobStorage

/// A body in the frames of `aws-chunked`, made as it is read.
struct AWSChunkedBody: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    let body: BlobBody
    let framing: ChunkFraming
    let signer: ChunkSigner?

    func makeAsyncIterator() -> Iterator {
        Iterator(self)
    }

    struct Iterator: AsyncIteratorProtocol {
        private let framing: ChunkFraming
        private var signer: ChunkSigner?
        private var hasher: ChecksumHasher?
        private var source: BlobBody.AsyncIterator
        /// What was read of the body and not framed yet.
        private var pending: ArraySlice<UInt8> = []
        private var remaining: Int64
        private var isAtEnd = false

        init(_ chunked: AWSChunkedBody) {
            framing = chunked.framing
            signer = chunked.signer
            hasher = framing.trailer.map { ChecksumHasher($0.algorithm) }
            source = chunked.body.makeAsyncIterator()
            remaining = framing.decodedByteCount
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: nil)
        }

        /// The next frame; the last one has no data, and the trailers.
        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            guard !isAtEnd else { return nil }
            let size = Int(Swift.min(remaining, Int64(framing.chunkByteCount)))
            var frame: [UInt8] = []
            frame.reserveCapacity(framing.headByteCount(size) + size + 2)
            let hole = framing.appendHead(size, to: &frame)
            let start = frame.count
            try await fill(&frame, to: start + size, isolation: actor)
            remaining -= Int64(size)
            sign(&frame, hole: hole, dataFrom: start)
            if size == 0 {
                try await checkEnd(isolation: actor)
                appendTrailers(to: &frame)
                isAtEnd = true
            }
            frame.append(contentsOf: "\r\n".utf8)
            return frame
        }

        /// Reads the body until the frame has `count` bytes.
        private mutating func fill(
            _ frame: inout [UInt8],
            to count: Int,
            isolation actor: isolated (any Actor)?
        ) async throws {
            while frame.count < count {
                if pending.isEmpty {
                    guard let chunk = try await source.next(isolation: actor) else {
                        throw wrongByteCount("fewer bytes")
                    }
                    pending = chunk[...]
                }
                let taken = pending.prefix(count - frame.count)
                frame.append(contentsOf: taken)
                pending = pending[taken.endIndex...]
            }
        }

        /// Checks that the body has no more bytes than it declared.
        private mutating func checkEnd(isolation actor: isolated (any Actor)?) async throws {
            while pending.isEmpty {
                guard let chunk = try await source.next(isolation: actor) else { return }
                pending = chunk[...]
            }
            throw wrongByteCount("more bytes")
        }

        private func wrongByteCount(_ found: String) -> BlobError {
            let message =
                "the body delivered \(found) than the \(framing.decodedByteCount) that it declared"
            return BlobError(.invalidArgument, operation: "put", message: message)
        }

        /// Puts the signature of the data into its hole, and takes the data into the checksum.
        private mutating func sign(_ frame: inout [UInt8], hole: Range<Int>, dataFrom start: Int) {
            var signature: [UInt8]?
            frame.withUnsafeBytes { bytes in
                let data = UnsafeRawBufferPointer(rebasing: bytes[start...])
                hasher?.update(data)
                signature = signer?.signature(ofChunk: data)
            }
            if let signature { frame.replaceSubrange(hole, with: signature) }
        }

        private mutating func appendTrailers(to frame: inout [UInt8]) {
            guard let trailer = framing.trailer, let checksum = hasher?.checksum() else { return }
            let line = "\(trailer.name):\(checksum.base64)"
            frame.append(contentsOf: line.utf8)
            frame.append(contentsOf: "\r\n".utf8)
            // It is signed with a newline alone, and sent with both.
            guard let signature = signer?.signature(ofTrailers: [UInt8]("\(line)\n".utf8)) else {
                return
            }
            frame.append(contentsOf: "x-amz-trailer-signature:".utf8)
            frame.append(contentsOf: signature)
            frame.append(contentsOf: "\r\n".utf8)
        }
    }
}
