import BlobStorage

/// Writes a blob.
struct PutCommand: Command {
    static let name = "put"
    static let summary = "Write a file, or the standard input, as a blob."
    static let operands = "KEY [FILE]"
    static let details = """
        FILE is - or left out to read the standard input. The blob is there when all bytes are,
        and not before: a put that fails or is interrupted leaves what was there.
        """
    static let options = OptionSpec.put

    private let key: BlobKey
    private let source: InputSource
    private let putOptions: PutOptions

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(1...2, "KEY [FILE]")
        key = try BlobKey(argument: arguments.operands[0])
        putOptions = try PutOptions(arguments)
        source = try InputSource(argument: arguments.operands.dropFirst().first)
    }

    func run(_ context: Context) async throws {
        let store = try await context.meteredStore()
        let blob = try await store.put(key, source.body(), options: putOptions)
        try await context.console.print(Summary(blob).text, BlobRecord(blob))
    }
}
