import BlobStorage

/// Makes a store.
struct InitCommand: Command {
    static let name = "init"
    static let summary = "Make the store's folder; it is no error if there is one."
    static let operands = ""

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...0, "no operand")
    }

    private struct StoreRecord: Encodable {
        let store: String
        var isReady = true
    }

    func run(_ context: Context) async throws {
        try await context.store().prepare()
        let url = try context.storeURL()
        try await context.console.print("\(DisplayText(url)) is ready", StoreRecord(store: url))
    }
}
