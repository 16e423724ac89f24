import BlobStorage
import Glibc

/// Reads a blob into a file.
struct GetCommand: Command {
    static let name = "get"
    static let summary = "Read a blob into a file, or to the standard output."
    static let operands = "KEY [FILE]"
    static let details = """
        FILE is a file, which is replaced when all bytes are there; a folder, for a file named
        after the key in it; or - for the standard output. Left out, it is a file named after the
        key's last segment in the current folder.
        The exit status is 1 if --if-none-matches names the etag that the blob has.
        """
    static let options: [OptionSpec] = [
        .value("if-matches", nil, "ETAG", "only if the blob has this etag"),
        .value("if-none-matches", nil, "ETAG", "only if the blob has another etag"),
    ]

    private let key: BlobKey
    private let target: OutputTarget
    private let getOptions: GetOptions

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(1...2, "KEY [FILE]")
        key = try BlobKey(argument: arguments.operands[0])
        target = try OutputTarget(argument: arguments.operands.dropFirst().first, key: key)
        getOptions = GetOptions(
            conditions: ReadConditions(
                ifMatches: arguments.value("if-matches").map(ETag.init(argument:)),
                ifNoneMatches: arguments.value("if-none-matches").map(ETag.init(argument:))
            )
        )
    }

    func run(_ context: Context) async throws {
        switch target {
        case .standardOutput:
            let store =
                context.console.sharesTerminalWithProgress
                ? try await context.store() : try await context.meteredStore()
            let blob = try await store.get(key, range: nil, options: getOptions)
            try await context.console.write(blob.body)
        case .stream(let path):
            let blob = try await context.store().get(key, range: nil, options: getOptions)
            try await write(blob.body, to: path)
            try await report(blob.attributes, path, context)
        case .file(let path):
            let store = try await context.meteredStore()
            let attributes = try await read(store, to: path)
            try await report(attributes, path, context)
        }
    }

    /// Reads into a file, and tells its failures from those of the store: they name the path.
    private func read(_ store: any BlobStore, to path: String) async throws -> BlobAttributes {
        do {
            return try await store.get(key, toFile: path, options: getOptions)
        } catch let error as BlobError
            where error.message.utf8.starts(with: "\"\(DisplayText(path))\"".utf8)
        {
            throw PlacedError(error, at: .localFile)
        }
    }

    private func report(
        _ attributes: BlobAttributes,
        _ path: String,
        _ context: Context
    ) async throws {
        let line = "\(Summary(attributes).text)  to \(DisplayText(path))"
        try await context.console.print(line, BlobRecord(attributes))
    }

    private func write(_ body: BlobBody, to path: String) async throws {
        let descriptor: Int32
        do {
            descriptor = try await LocalStream.openToWrite(path)
        } catch let error as SystemError {
            throw PlacedError(
                BlobError(
                    .unavailable,
                    operation: "get",
                    key: key,
                    message: "\"\(DisplayText(path))\": \(error)",
                    underlying: error
                ),
                at: .localFile
            )
        }
        defer { close(descriptor) }
        try await StandardStream.write(body, to: descriptor)
    }
}
