import BlobStorage
import BlobStorageDisk
import Foundation
import Glibc

/// Runs one operation on a store, or looks at what one has left; says on lines what it saw.
///
///     crash-worker operations
///     crash-worker run OPERATION ROOT DURABILITY MISSING-FEATURES
///     crash-worker check OPERATION ROOT DURABILITY MISSING-FEATURES
///
/// `run` prepares the store, and tells a tracer where the operation begins and ends by looking for
/// files that are not there. `check` is for another process: it reads the store and runs the
/// operation once more.
@main
struct Worker {
    let operation: Operation
    let root: String
    let durability: Durability
    let features: DiskFeatures

    static func main() async throws {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.first == "operations" { return try printOperations() }
        guard let worker = Worker(Array(arguments.dropFirst())) else {
            FileHandle.standardError.write(Data("crash-worker: bad arguments\n".utf8))
            exit(2)
        }
        if arguments.first == "run" { try await worker.run() } else { try await worker.check() }
    }

    init?(_ arguments: [String]) {
        guard arguments.count == 4, let operation = Operation.named(arguments[0]),
            let durability = Durability(rawValue: arguments[2])
        else { return nil }
        self.operation = operation
        root = arguments[1]
        self.durability = durability
        var features = DiskFeatures.all
        for name in arguments[3].split(separator: ",") where name != "none" {
            guard let feature = Self.features[String(name)] else { return nil }
            features.subtract(feature)
        }
        self.features = features
    }

    private static let features: [String: DiskFeatures] = [
        "openat2": .openat2,
        "unnamedFiles": .unnamedFiles,
        "renameNoReplace": .renameNoReplace,
        "renameExchange": .renameExchange,
        "extendedAttributes": .extendedAttributes,
        "clones": .clones,
        "all": .all,
    ]

    private func makeStore(_ durability: Durability) -> LocalDiskStore {
        let limits = MultipartLimits(
            minimumPartByteCount: 1,
            maximumPartByteCount: 1 << 20,
            maximumPartCount: 10
        )
        return LocalDiskStore(
            root: root,
            durability: durability,
            multipartLimits: limits,
            features: features
        )
    }

    private var inputPath: String { "\(root).input" }

    private func run() async throws {
        try Data(Version.new.bytes).write(to: URL(fileURLWithPath: inputPath))
        try await operation.prepare(makeStore(.relaxed))

        let descriptors = openDescriptors()
        try await runUnderWatch()
        // The last reference to a descriptor may go a moment after its task has ended.
        for _ in 0..<1_000 where openDescriptors() != descriptors { usleep(1_000) }
        let leaked = openDescriptors().subtracting(descriptors).sorted()
        say("descriptors", leaked.joined(separator: " "))
    }

    private func runUnderWatch() async throws {
        let store = makeStore(durability)
        access("/crash-worker/begins", F_OK)
        let outcome = await outcome(on: store)
        access("/crash-worker/ends", F_OK)
        say("outcome", outcome)
        if FileManager.default.fileExists(atPath: root) {
            for path in try Litter(root: root).paths { say("litter", path) }
        }
        try await look(at: store)
    }

    private func check() async throws {
        try await look(at: makeStore(durability))
    }

    /// Says what the store holds, runs the operation once more, and says it again.
    private func look(at store: LocalDiskStore) async throws {
        guard FileManager.default.fileExists(atPath: root) else {
            say("state", try Self.json(Snapshot()))
            say("again", await outcome(on: store))
            return say("state", try Self.json(await snapshot(store)))
        }
        say("state", try Self.json(await snapshot(store)))
        say("again", await outcome(on: store))
        say("state", try Self.json(await snapshot(store)))
    }

    private func snapshot(_ store: LocalDiskStore) async throws -> Snapshot {
        try await Snapshot.of(store, looksFor: operation.keys)
    }

    private func outcome(on store: LocalDiskStore) async -> String {
        do {
            try await operation.run(Operation.Context(store: store, inputPath: inputPath))
            return "ack"
        } catch let error as BlobError {
            return "\(error.kind.rawValue) \(error)"
        } catch {
            return "foreign \(error)"
        }
    }
}

extension Worker {
    private struct Description: Encodable {
        let name: String
        let before: StoreState
        let after: StoreState
        let between: [StoreState]
        let unclean: [StoreState]
        let errorsOnceMore: [String]
    }

    private static func printOperations() throws {
        for operation in Operation.all {
            let description = Description(
                name: operation.name,
                before: operation.before,
                after: operation.after,
                between: operation.between,
                unclean: operation.unclean,
                errorsOnceMore: operation.errorsOnceMore.map(\.rawValue)
            )
            print(try json(description))
        }
    }

    private static func json(_ value: some Encodable) throws -> String {
        String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
}

/// Prints a line at once, so that a kill right after it can't take it back.
private func say(_ word: String, _ text: String) {
    FileHandle.standardOutput.write(Data("\(word) \(text)\n".utf8))
}

/// The numbers of the open descriptors, each with what it leads to.
private func openDescriptors() -> Set<String> {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []
    let pairs = names.compactMap { name in
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)"))
            .map { "\(name):\($0)" }
    }
    // Not the listing's own, nor those with which the runtime waits.
    return Set(pairs.filter { !$0.hasSuffix("/fd") && !$0.contains("anon_inode:") })
}
