import BlobStorage
import BlobStorageDisk
import Glibc

/// Does the work of one row, once, and prints how long the work alone took.
///
/// The process is the driver's to measure: processor time and memory are those of all of it.
@main
struct DiskBench {
    static func main() async throws {
        let arguments = try Arguments(Array(CommandLine.arguments.dropFirst()))
        let clock = ContinuousClock()
        let start = clock.now
        let amount = try await run(arguments)
        let seconds = start.duration(to: clock.now) / .seconds(1)
        // Standard output may be the pipe that the bytes went to.
        let line = Array("{\"seconds\": \(seconds), \"amount\": \(amount)}\n".utf8)
        guard write(STDERR_FILENO, line, line.count) == line.count else {
            throw Misuse("standard error can't be written to")
        }
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
        case "list": return try await list(store, prefix: try arguments.text("prefix"))
        default: return try await Streams(arguments).run(store)
        }
    }

    /// Lists every key, page by page, and counts them.
    private static func list(_ store: LocalDiskStore, prefix: String) async throws -> Int64 {
        var options = ListOptions(prefix: prefix)
        var count: Int64 = 0
        repeat {
            let page = try await store.list(options)
            count += Int64(page.blobs.count)
            options.continuationToken = page.continuationToken
        } while options.continuationToken != nil
        return count
    }
}
