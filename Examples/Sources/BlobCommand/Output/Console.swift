import BlobStorage
import Glibc

/// Where a command prints its results.
///
/// Only the command's own task prints, so it need not be `Sendable`. Lines for machines are gathered
/// before they are written; on a terminal each one shows at once.
final class Console {
    /// Bytes that are gathered before they are written.
    private static let bufferByteCount = 64 << 10

    let isJSON: Bool
    let isQuiet: Bool
    let progress: Progress
    private let isTerminal = isatty(STDOUT_FILENO) == 1
    private var buffer: [UInt8] = []

    init(isJSON: Bool, isQuiet: Bool) {
        self.isJSON = isJSON
        self.isQuiet = isQuiet
        progress = Progress(isShown: !isJSON && !isQuiet && Progress.isPossible)
    }

    /// Prints a result: a line for people, or its record.
    func print(_ line: @autoclosure () -> String, _ record: some Encodable) async throws {
        guard !isQuiet else { return }
        buffer += try (isJSON ? JSONLine(record).text : line()).utf8
        buffer.append(UInt8(ascii: "\n"))
        if isTerminal || buffer.count >= Self.bufferByteCount { try await flush() }
    }

    /// Writes what was gathered; also in a task that is cancelled, as far as there is no wait.
    func flush() async throws {
        guard !buffer.isEmpty else { return }
        await progress.clear()
        let bytes = buffer
        buffer.removeAll(keepingCapacity: true)
        guard !Task.isCancelled else {
            StandardStream.printLeftover(bytes)
            return
        }
        try await write(BlobBody(bytes))
    }

    /// Writes a body to the standard output as it is.
    func write(_ body: BlobBody) async throws {
        try await StandardStream.write(body, to: STDOUT_FILENO)
    }

    /// Whether bytes that are written out would get in the way of a progress bar.
    var sharesTerminalWithProgress: Bool { isTerminal }
}
