import BlobStorage
import BlobStorageDisk

/// Races with other processes for one folder.
///
///     race-worker create ROOT DURABILITY KEYS    makes keys that are absent; prints those it made
///     race-worker count ROOT DURABILITY TIMES    adds 1 to a number, by comparing and swapping
///     race-worker churn ROOT DURABILITY TIMES    writes and deletes keys whose folders are shared
@main
struct RaceWorker {
    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 5, let times = Int(arguments[4]),
            let durability = Durability(rawValue: arguments[3])
        else { preconditionFailure("race-worker: bad arguments") }
        let store = LocalDiskStore(root: arguments[2], durability: durability)
        switch arguments[1] {
        case "create": try await create(times, in: store)
        case "count": try await count(times, in: store)
        case "churn": try await churn(times, in: store)
        default: preconditionFailure("race-worker: no such race")
        }
    }

    private static func create(_ count: Int, in store: LocalDiskStore) async throws {
        for number in 0..<count {
            do {
                let key = try BlobKey("created/\(number)")
                try await store.put(key, "x", options: PutOptions(condition: .ifAbsent))
                print(number)
            } catch let error as BlobError where error.kind == .alreadyExists {
                continue
            }
        }
    }

    private static func count(_ times: Int, in store: LocalDiskStore) async throws {
        var added = 0
        while added < times {
            let blob = try await store.get("counter")
            let bytes = try await blob.body.collect(upTo: 100)
            let number = Int(String(decoding: bytes, as: UTF8.self)) ?? 0
            do {
                let condition = WriteCondition.ifMatches(blob.attributes.etag)
                let options = PutOptions(condition: condition)
                try await store.put("counter", "\(number + 1)", options: options)
                added += 1
            } catch let error as BlobError where error.kind == .preconditionFailed {
                continue
            }
        }
    }

    private static func churn(_ times: Int, in store: LocalDiskStore) async throws {
        let keys: [BlobKey] = ["a", "a/b", "a/b/c", "a/b/c/d"]
        for number in 0..<times {
            let key = keys[number % keys.count]
            try await store.put(key, key.text, options: PutOptions(metadata: ["key": key.text]))
            try await check(keys[(number + 1) % keys.count], in: store)
            try await store.delete(keys[(number + 2) % keys.count])
        }
    }

    /// A blob that is there is whole, with its own attributes.
    private static func check(_ key: BlobKey, in store: LocalDiskStore) async throws {
        do {
            let blob = try await store.get(key)
            let bytes = try await blob.body.collect(upTo: 100)
            precondition(bytes == Array(key.text.utf8), "torn bytes")
            precondition(blob.attributes.metadata["key"] == key.text, "torn attributes")
        } catch let error as BlobError where error.kind == .notFound {
            return
        }
    }
}
