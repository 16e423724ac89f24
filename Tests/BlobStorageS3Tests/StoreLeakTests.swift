import BlobStorage
import BlobStorageTransportTestSupport
import Foundation
import Testing

/// A store that is dropped leaves nothing behind in the process.
@Suite struct StoreLeakTests {
    @Test func tenThousandStoresLeaveDescriptorsAndThreadsAsTheyWere() async throws {
        let server = try RawServer { connection in
            while try connection.readHead() != nil {
                try connection.send(
                    "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nETag: \"e\"\r\n"
                        + "Last-Modified: Sun, 15 Jun 2025 12:34:56 GMT\r\n\r\n"
                )
            }
        }
        let tests = URL(fileURLWithPath: CommandLine.arguments[0])
        let process = Process()
        let output = Pipe()
        process.executableURL = tests.deletingLastPathComponent()
            .appendingPathComponent("leak-worker")
        process.arguments = ["http://127.0.0.1:\(server.port)", "10000"]
        process.standardOutput = output
        try process.run()
        // Swift's own threads are for the other tests.
        let data = try await BlockingThreads(limit: 1).run {
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return data
        }
        #expect(process.terminationStatus == 0)
        let counts = String(decoding: data, as: UTF8.self).split { $0 == " " || $0 == "\n" }
            .compactMap { Int($0) }
        try #require(counts.count == 4)
        #expect(counts[2] <= counts[0], "descriptors: \(counts[0]), then \(counts[2])")
        #expect(counts[3] <= counts[1] + 2, "threads: \(counts[1]), then \(counts[3])")
    }
}
