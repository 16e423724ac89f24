import BlobStorage
import BlobStorageSQLite
import Foundation
import Glibc

/// Changes records of its own and one that it shares, in a file that other processes write too, and
/// says on standard output what it begins and what is done.
///
///     metadata-worker FILE NAME SEED COUNT
///
/// The lines are `? number id version` before a change and `! number id version` when it is
/// acknowledged; a version of 0 stands for a record that is deleted.
@main
struct MetadataWorker {
    private let store: SQLiteMetadataStore
    private let name: String
    private var random: UInt64

    /// How many records a worker has at most.
    private static let recordCount: UInt64 = 40
    /// The record that all workers count up.
    private static let shared: DocumentID = "shared"

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let seed = UInt64(arguments[3]),
            let count = Int(arguments[4])
        else { preconditionFailure("metadata-worker: bad arguments") }
        let store = SQLiteMetadataStore(path: arguments[1], busyTimeout: .seconds(60))
        try await store.prepare()
        var worker = MetadataWorker(store: store, name: arguments[2], random: seed)
        for number in 0..<count { try await worker.change(number) }
    }

    private mutating func change(_ number: Int) async throws {
        let id = try DocumentID("\(name)-\(next() % Self.recordCount)")
        let choice = next() % 10
        if choice == 0 { return try await count(number) }
        guard let found = try await store.find(id) else {
            let record = DocumentRecord(
                id: id,
                owner: name,
                key: try BlobKey("\(name)/\(id)"),
                created: .now,
                byteCount: Int64(number),
                attributes: ["text": String(repeating: "x", count: Int(next() % 5_000))]
            )
            say("? \(number) \(id) 1")
            try await store.insert(record)
            return say("! \(number) \(id) 1")
        }
        if choice == 1 {
            say("? \(number) \(id) 0")
            try await store.delete(found)
            return say("! \(number) \(id) 0")
        }
        var changed = found
        changed.byteCount = Int64(number)
        changed.state = choice < 6 ? .confirmed : .pending
        say("? \(number) \(id) \(found.version + 1)")
        let updated = try await store.update(changed)
        say("! \(number) \(id) \(updated.version)")
    }

    /// Adds 1 to the shared record; others do so too.
    private func count(_ number: Int) async throws {
        say("? \(number) \(Self.shared) 1")
        while true {
            var record = try await store.record(Self.shared)
            record.byteCount = (record.byteCount ?? 0) + 1
            do {
                try await store.update(record)
                break
            } catch let error as BlobError where error.kind == .preconditionFailed {
                continue
            }
        }
        say("! \(number) \(Self.shared) 1")
    }

    /// Writes a line at once: what was written survives the process.
    private func say(_ line: String) {
        let bytes = Array((line + "\n").utf8)
        precondition(write(1, bytes, bytes.count) == bytes.count, "the line can't be written")
    }

    /// SplitMix64: the same numbers for the same seed.
    private mutating func next() -> UInt64 {
        random &+= 0x9E37_79B9_7F4A_7C15
        var z = random
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
