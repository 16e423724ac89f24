import BlobStorage

/// Counts blobs and bytes.
struct DuCommand: Command {
    static let name = "du"
    static let summary = "Count blobs and bytes, by what follows PREFIX up to a / and in all."
    static let operands = "[PREFIX]"
    static let options: [OptionSpec] = [
        .flag("summarize", nil, "show only the total"),
        .flag("bytes", "b", "show exact bytes"),
    ]

    private let prefix: String
    private let isSummary: Bool
    private let isExact: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...1, "one PREFIX at most")
        prefix = arguments.operands.first ?? ""
        isSummary = arguments.has("summarize")
        isExact = arguments.has("bytes")
    }

    /// The blobs that share a common prefix.
    private struct Group {
        var text: [UInt8]
        var tally = SyncReport.Tally()
    }

    func run(_ context: Context) async throws {
        let store = try await context.store()
        var total = Group(text: [])
        var group: Group?
        // The keys come in order, so one group is open at a time.
        for try await blob in store.list(prefix: prefix) {
            let text = commonPrefix(of: blob.key)
            if group?.text != text {
                try await report(group, context)
                group = text.map { Group(text: $0) }
            }
            group?.tally.add(blob.byteCount)
            total.tally.add(blob.byteCount)
        }
        try await report(group, context)
        let record = TotalRecord(
            prefix: prefix,
            blobCount: total.tally.blobCount,
            byteCount: total.tally.byteCount
        )
        let name = prefix.isEmpty ? "total" : "total of \(DisplayText(prefix))"
        try await context.console.print(line(total, name), record)
    }

    /// The key up to and with the first `/` behind the prefix.
    private func commonPrefix(of key: BlobKey) -> [UInt8]? {
        let bytes = Array(key.text.utf8)
        let rest = bytes.dropFirst(prefix.utf8.count)
        return rest.firstIndex(of: UInt8(ascii: "/")).map { Array(bytes[...$0]) }
    }

    private func report(_ group: Group?, _ context: Context) async throws {
        guard let group, !isSummary else { return }
        let text = String(decoding: group.text, as: UTF8.self)
        let record = TotalRecord(
            commonPrefix: text,
            blobCount: group.tally.blobCount,
            byteCount: group.tally.byteCount
        )
        try await context.console.print(line(group, DisplayText(text).description), record)
    }

    private func line(_ group: Group, _ name: String) -> String {
        let tally = group.tally
        let size = isExact ? "\(tally.byteCount)" : ByteCount(tally.byteCount).description
        let count = "\(tally.blobCount) \(tally.blobCount == 1 ? "blob" : "blobs")"
        return Self.leftPadded(size, isExact ? 14 : 10) + "  " + Self.leftPadded(count, 12)
            + "  \(name)"
    }

    private static func leftPadded(_ text: String, _ width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.count)) + text
    }
}
