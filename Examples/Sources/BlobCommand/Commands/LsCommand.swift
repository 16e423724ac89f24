import BlobStorage

/// Lists keys.
struct LsCommand: Command {
    static let name = "ls"
    static let summary = "List blobs, in the byte order of their keys."
    static let operands = "[PREFIX]"
    static let details = """
        Keys are cut after the first / behind PREFIX, as folders are, unless told otherwise.
        Each line is one entry; control characters in it are shown as \\u{…}.
        """
    static let options: [OptionSpec] = [
        .flag("long", "l", "show size, time and etag too"),
        .flag("recursive", "r", "list every key, cut nowhere"),
        .value("delimiter", "d", "TEXT", "cut keys after TEXT instead of /"),
        .value("prefix", nil, "PREFIX", "the same as the operand"),
    ]

    private let prefix: String
    private let delimiter: String?
    private let isLong: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...1, "one PREFIX at most")
        try arguments.expectAtMostOne(of: "recursive", "delimiter")
        guard arguments.operands.isEmpty || !arguments.has("prefix") else {
            throw UsageError("PREFIX and --prefix exclude each other")
        }
        if let delimiter = arguments.value("delimiter"), delimiter.isEmpty {
            throw UsageError("--delimiter is empty; --recursive lists every key")
        }
        prefix = arguments.operands.first ?? arguments.value("prefix") ?? ""
        delimiter = arguments.has("recursive") ? nil : arguments.value("delimiter") ?? "/"
        isLong = arguments.has("long")
    }

    func run(_ context: Context) async throws {
        let store = try await context.store()
        guard let delimiter else {
            for try await blob in store.list(prefix: prefix) {
                try await context.console.print(line(blob), BlobRecord(blob))
            }
            return
        }
        for try await entry in store.list(prefix: prefix, delimiter: delimiter) {
            switch entry {
            case .blob(let blob):
                try await context.console.print(line(blob), BlobRecord(blob))
            case .commonPrefix(let text):
                let line = isLong ? Self.columns("-", "", "", text) : DisplayText(text).description
                try await context.console.print(line, CommonPrefixRecord(commonPrefix: text))
            }
        }
    }

    private func line(_ blob: ListedBlob) -> String {
        guard isLong else { return DisplayText(blob.key.text).description }
        return Self.columns(
            "\(blob.byteCount)",
            Timestamp(blob.lastModified).description,
            blob.etag.text,
            blob.key.text
        )
    }

    private static func columns(_ size: String, _ time: String, _ etag: String, _ text: String)
        -> String
    {
        let padding = String(repeating: " ", count: max(0, 14 - size.utf8.count))
        let timePadding = String(repeating: " ", count: max(0, 24 - time.utf8.count))
        let mark = DisplayText(etag).description
        let etagPadding = String(repeating: " ", count: max(0, 18 - mark.count))
        return
            "\(padding)\(size)  \(time)\(timePadding)  \(mark)\(etagPadding)  \(DisplayText(text))"
    }
}
