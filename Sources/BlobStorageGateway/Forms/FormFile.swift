internal import BlobStorage

/// The bytes of a form's file, read as they come, up to the form's end.
///
/// The reading of the form goes on where its fields ended, so it happens once.
struct FormFile: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    /// The part of the form that is not read yet.
    struct Rest {
        var source: BlobBody.AsyncIterator
        /// How many bytes there are, with those of `first`.
        var byteCount: Int64
        /// What was read of the file with the fields.
        var first: [UInt8] = []
    }

    let rest: Locked<Rest?>
    let boundary: FormBoundary
    /// How many bytes the file may have.
    let allowed: ClosedRange<Int64>

    static var wasRead: BlobError {
        BlobError(.closed, operation: "body", message: "the form was read before")
    }

    func makeAsyncIterator() -> Iterator {
        Iterator(
            rest: rest.withLock { $0.take() },
            scanner: FormFileScanner(boundary),
            allowed: allowed
        )
    }

    struct Iterator: AsyncIteratorProtocol {
        fileprivate var rest: Rest?
        fileprivate var scanner: FormFileScanner
        fileprivate let allowed: ClosedRange<Int64>
        private var count: Int64 = 0
        private var isAtEnd = false

        fileprivate init(rest: Rest?, scanner: FormFileScanner, allowed: ClosedRange<Int64>) {
            self.rest = rest
            self.scanner = scanner
            self.allowed = allowed
        }

        mutating func next() async throws -> [UInt8]? {
            try await next(isolation: nil)
        }

        mutating func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
            guard !isAtEnd else { return nil }
            while let chunk = try await nextChunk(isolation: actor) {
                let data = try scanner.take(chunk)
                count += Int64(data.count)
                try checkCount()
                if !data.isEmpty { return data }
            }
            isAtEnd = true
            try scanner.finish()
            return nil
        }

        private mutating func nextChunk(
            isolation actor: isolated (any Actor)?
        ) async throws -> [UInt8]? {
            guard var rest else { throw FormFile.wasRead }
            guard rest.first.isEmpty else {
                defer {
                    rest.first = []
                    self.rest = rest
                }
                return rest.first
            }
            guard let chunk = try await rest.source.next(isolation: actor) else {
                // A sequence may end early, without an error, when its reader is cancelled.
                try Task.checkCancellation()
                return nil
            }
            self.rest = rest
            return chunk
        }

        private func checkCount() throws(GatewayError) {
            guard count <= allowed.upperBound else { throw .entityTooLarge(allowed) }
            guard !scanner.isFileComplete || count >= allowed.lowerBound else {
                throw .entityTooSmall(allowed, count)
            }
        }
    }
}

extension GatewayError {
    static func entityTooLarge(_ allowed: ClosedRange<Int64>) -> GatewayError {
        var error = GatewayError(
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size"
        )
        error.details = [("MaxSizeAllowed", "\(allowed.upperBound)")]
        return error
    }

    static func entityTooSmall(_ allowed: ClosedRange<Int64>, _ count: Int64) -> GatewayError {
        var error = GatewayError(
            400,
            "EntityTooSmall",
            "Your proposed upload is smaller than the minimum allowed size"
        )
        error.details = [
            ("ProposedSize", "\(count)"), ("MinSizeAllowed", "\(allowed.lowerBound)"),
        ]
        return error
    }
}
