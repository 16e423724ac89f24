import BenchSupport
import BlobStorage
import BlobStorageDisk

/// Does the work of one row, once, and prints how long the work alone took.
@main
struct DiskBench {
    static func main() async throws {
        let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        try await Stopwatch.run { try await run(arguments) }
    }

    private static func run(_ arguments: Arguments) async throws -> Int64 {
        if arguments.row == "fill" { return try Filler(arguments).run() }
        let store = LocalDiskStore(
            root: try arguments.text("root"),
            durability: arguments.has("durable") ? .full : .relaxed
        )
        switch arguments.row {
        case "put": return try await SmallBlobs(arguments).put(to: store)
        case "get": return try await SmallBlobs(arguments).get(from: store)
        case "list":
            return try await Listing.count(store, prefix: try arguments.text("prefix"))
        default: return try await Streams(arguments).run(store)
        }
    }
}
