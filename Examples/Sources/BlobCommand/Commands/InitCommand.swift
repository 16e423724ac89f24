import BlobStorage

/// Makes a store.
struct InitCommand: Command {
    static let name = "init"
    static let summary = "Make the store's folder or bucket; it is no error if there is one."
    static let operands = ""

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...0, "no operand")
    }

    func run(_ context: Context) async throws {
        try await context.store().prepare()
    }
}
