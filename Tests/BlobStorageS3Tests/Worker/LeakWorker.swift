import BlobStorage
import BlobStorageS3
import Foundation
import Glibc

/// Opens and drops stores, and prints how many descriptors and threads the process had before and
/// after: `leak-worker ENDPOINT STORES`.
@main
struct LeakWorker {
    static func main() async throws {
        let endpoint = CommandLine.arguments[1]
        let count = Int(CommandLine.arguments[2]) ?? 0
        // What the first ones start for all that follow stays.
        try await useStores(100, endpoint)
        try await settle()
        let before = (entries("fd"), entries("task"))
        try await useStores(count, endpoint)
        try await settle()
        print("\(before.0) \(before.1) \(entries("fd")) \(entries("task"))")
    }

    /// Makes stores, 16 at a time, and asks one thing of each.
    private static func useStores(_ count: Int, _ endpoint: String) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<count {
                if number >= 16 { try await group.next() }
                group.addTask {
                    let configuration = S3Configuration(
                        bucket: "bucket",
                        endpoint: endpoint,
                        vendor: .custom,
                        credentials: StaticCredentials(
                            AWSCredentials(accessKeyID: "id", secretAccessKey: "secret")
                        )
                    )
                    _ = try await S3Store(configuration).head("key")
                }
            }
            try await group.waitForAll()
        }
    }

    /// Waits until the threads of dropped stores have ended, for ten seconds at most.
    private static func settle() async throws {
        var last = -1
        for _ in 0..<100 {
            try await Task.sleep(for: .milliseconds(100))
            let now = entries("task")
            if now == last { return }
            last = now
        }
    }

    private static func entries(_ folder: String) -> Int {
        guard let directory = opendir("/proc/self/\(folder)") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }
}
