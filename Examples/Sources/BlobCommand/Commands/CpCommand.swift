import BlobStorage

/// Copies a blob.
struct CpCommand: Command {
    static let name = "cp"
    static let summary = "Copy a blob inside the store, with its headers and metadata."
    static let operands = "SOURCE DESTINATION"
    static let options = OptionSpec.condition

    private let source: BlobKey
    private let destination: BlobKey
    private let condition: WriteCondition

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(2...2, "SOURCE DESTINATION")
        source = try BlobKey(argument: arguments.operands[0])
        destination = try BlobKey(argument: arguments.operands[1])
        condition = try WriteCondition(arguments)
    }

    func run(_ context: Context) async throws {
        let blob = try await context.store().copy(
            source,
            to: destination,
            options: CopyOptions(condition: condition)
        )
        try await context.console.print(Summary(blob).text, BlobRecord(blob))
    }
}
