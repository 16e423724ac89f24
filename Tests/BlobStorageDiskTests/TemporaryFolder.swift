import BlobStorage
import BlobStorageDisk
import Foundation

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
    let path: String

    /// A file system in memory, as Linux has it: its files take any size and time.
    static let memory = "/dev/shm"
    static var hasMemory: Bool { FileManager.default.isWritableFile(atPath: memory) }

    init(in parent: String = NSTemporaryDirectory()) throws {
        path = parent + "/blob-storage-tests-\(UUID())"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    func store(_ configuration: DiskConfiguration = .relaxed) -> LocalDiskStore {
        LocalDiskStore(
            root: path,
            durability: configuration.durability,
            features: configuration.features
        )
    }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: "\(path)/\(name)")
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(),
            withIntermediateDirectories: true
        )
        try Data(text.utf8).write(to: url)
    }

    func read(_ name: String) throws -> String {
        try String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)
    }

    func exists(_ name: String) -> Bool {
        FileManager.default.fileExists(atPath: "\(path)/\(name)")
    }

    /// How many descriptors of this process are open on the folder, or on what is or was in it.
    var openDescriptorCount: Int {
        get throws {
            let name = (path as NSString).lastPathComponent
            let open = "/proc/self/fd"
            return try FileManager.default.contentsOfDirectory(atPath: open)
                .count { descriptor in
                    let link = "\(open)/\(descriptor)"
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: link)
                    return target?.contains(name) == true
                }
        }
    }

    /// All names beneath a folder, files and folders, without the private folder's.
    func names() throws -> [String] {
        try FileManager.default.subpathsOfDirectory(atPath: path)
            .filter { !$0.hasPrefix(".blob-storage") }
            .sorted()
    }
}

/// A way to set up a store, with a fallback forced or not.
struct DiskConfiguration: Sendable, CustomStringConvertible {
    let description: String
    let durability: Durability
    let features: DiskFeatures

    private init(_ description: String, _ durability: Durability, without: DiskFeatures = []) {
        self.description = description
        self.durability = durability
        features = DiskFeatures.all.subtracting(without)
    }

    static let full = DiskConfiguration("full", .full)
    static let relaxed = DiskConfiguration("relaxed", .relaxed)
    static let withoutOpenat2 = DiskConfiguration(
        "without openat2",
        .relaxed,
        without: .openat2
    )
    static let withoutUnnamedFiles = DiskConfiguration(
        "without O_TMPFILE",
        .relaxed,
        without: .unnamedFiles
    )
    static let withoutNoReplace = DiskConfiguration(
        "without RENAME_NOREPLACE",
        .relaxed,
        without: [.unnamedFiles, .renameNoReplace]
    )
    static let withoutExchange = DiskConfiguration(
        "without RENAME_EXCHANGE",
        .relaxed,
        without: .renameExchange
    )
    static let withoutExtendedAttributes = DiskConfiguration(
        "without extended attributes",
        .relaxed,
        without: .extendedAttributes
    )
    /// Two versions with a delete between them may share an etag here, so it keeps not every promise.
    static let withoutFineTimes = DiskConfiguration(
        "without fine times",
        .relaxed,
        without: .fineTimes
    )
    static let withoutAnything = DiskConfiguration(
        "without anything",
        .full,
        without: .all.subtracting(.fineTimes)
    )

    static let all = [
        full, relaxed, withoutOpenat2, withoutUnnamedFiles, withoutNoReplace, withoutExchange,
        withoutExtendedAttributes, withoutAnything,
    ]
}
