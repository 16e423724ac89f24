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
        let before = try await counts { _, quiet in quiet >= 10 }
        try await useStores(count, endpoint)
        let after = try await counts { counts, _ in
            // The system's pool may have come to have more threads.
            counts.descriptors <= before.descriptors && counts.threads <= before.threads + 2
        }
        print("\(before.descriptors) \(before.threads) \(after.descriptors) \(after.threads)")
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

    /// What is open and runs once dropped stores have ended, for which a busy machine may take long:
    /// looks ten times a second, for half a minute at most, until `enough` says so of the counts and
    /// of how many times in a row they have been the same.
    private static func counts(
        until enough: (_ counts: (descriptors: Int, threads: Int), _ quiet: Int) -> Bool
    ) async throws -> (descriptors: Int, threads: Int) {
        var counts = (descriptors: -1, threads: -1)
        var quiet = 0
        for _ in 0..<300 {
            try await Task.sleep(for: .milliseconds(100))
            let now = (descriptors: entries("fd"), threads: entries("task"))
            quiet = now == counts ? quiet + 1 : 0
            counts = now
            if enough(counts, quiet) { break }
        }
        return counts
    }

    private static func entries(_ folder: String) -> Int {
        guard let directory = opendir("/proc/self/\(folder)") else { return -1 }
        defer { closedir(directory) }
        var count = 0
        while readdir(directory) != nil { count += 1 }
        return count
    }
}
