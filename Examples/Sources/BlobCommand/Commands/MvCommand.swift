import BlobStorage

/// Moves a blob.
struct MvCommand: Command {
    static let name = "mv"
    static let summary = "Move a blob inside the store: copy it, then delete the source."
    static let operands = "SOURCE DESTINATION"
    static let details = """
        The source is deleted only if it is still the version that was copied; a move that is
        interrupted may leave both.
        """
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
        let store = try await context.store()
        let blob = try await store.move(source, to: destination, condition: condition)
        try await context.console.print(Summary(blob).text, BlobRecord(blob))
    }
}
