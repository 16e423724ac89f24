import BlobStorage

/// Shows a blob's attributes.
struct StatCommand: Command {
    static let name = "stat"
    static let summary = "Show a blob's attributes."
    static let operands = "KEY"

    private let key: BlobKey

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(1...1, "KEY")
        key = try BlobKey(argument: arguments.operands[0])
    }

    func run(_ context: Context) async throws {
        let blob = try await context.store().head(key)
        try await context.console.print(Self.text(blob), BlobRecord(blob))
    }

    private static func text(_ blob: BlobAttributes) -> String {
        var fields: [(String, String?)] = [
            ("key", blob.key.text),
            ("size", size(blob.byteCount)),
            ("etag", blob.etag.text),
            ("last modified", Timestamp(blob.lastModified).description),
            ("checksum", blob.checksum?.description),
            ("type", blob.headers.contentType),
            ("encoding", blob.headers.contentEncoding),
            ("language", blob.headers.contentLanguage),
            ("disposition", blob.headers.contentDisposition),
            ("cache control", blob.headers.cacheControl),
            ("expires", blob.headers.expires),
        ]
        for (name, value) in blob.metadata.pairs { fields.append(("meta \(name)", value)) }
        let known = fields.compactMap { name, value in value.map { (name, $0) } }
        let width = known.map(\.0.count).max() ?? 0
        return known.map { name, value in
            let padding = String(repeating: " ", count: width - name.count)
            return "\(name)\(padding)  \(DisplayText(value))"
        }
        .joined(separator: "\n")
    }

    private static func size(_ byteCount: Int64) -> String {
        let exact = "\(byteCount) \(byteCount == 1 ? "byte" : "bytes")"
        return byteCount < 1_024 ? exact : "\(exact) (\(ByteCount(byteCount)))"
    }
}
