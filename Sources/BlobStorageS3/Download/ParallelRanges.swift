internal import BlobStorage

/// The bytes of a download that is fetched as several ranges at once, and read in order.
struct ParallelRanges: AsyncSequence, Sendable {
    typealias Element = [UInt8]

    /// The offsets in the blob that the whole body has.
    let range: Range<Int64>
    /// How many bytes one request asks for.
    let partByteCount: Int64
    /// How many requests run at once; with the part's size, the bound on memory.
    let concurrency: Int
    /// Fetches all bytes of a range, in chunks.
    let fetch: @Sendable (Range<Int64>) async throws -> [[UInt8]]

    func makeAsyncIterator() -> Iterator {
        Iterator(Window(self))
    }

    struct Iterator: AsyncIteratorProtocol {
        private let window: Window

        fileprivate init(_ window: Window) {
            self.window = window
        }

        mutating func next() async throws -> [UInt8]? {
            try await window.next()
        }
    }

    /// The fetches that are under way; they end with whoever reads them.
    fileprivate final class Window {
        private let body: ParallelRanges
        private var tasks: [Task<[[UInt8]], any Error>] = []
        /// The chunks of the range that is being read, the last first.
        private var chunks: [[UInt8]] = []
        private var begun: Int64

        init(_ body: ParallelRanges) {
            self.body = body
            begun = body.range.lowerBound
        }

        deinit {
            for task in tasks { task.cancel() }
        }

        func next() async throws -> [UInt8]? {
            fill()
            while chunks.isEmpty {
                guard let first = tasks.first else { return nil }
                chunks = try await withTaskCancellationHandler {
                    try await first.value.reversed()
                } onCancel: {
                    first.cancel()
                }
                tasks.removeFirst()
            }
            return chunks.popLast()
        }

        private func fill() {
            // The range that is being read counts until its last chunk is taken.
            let count = body.concurrency - (chunks.isEmpty ? 0 : 1)
            while tasks.count < count, begun < body.range.upperBound {
                let end = Swift.min(begun + body.partByteCount, body.range.upperBound)
                let part = begun..<end
                let fetch = body.fetch
                tasks.append(Task { try await fetch(part) })
                begun = end
            }
        }
    }
}
