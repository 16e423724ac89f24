import Foundation
import Testing

@Suite struct LeakTests {
    @Test func serversAndRequestsLeaveNothingOpen() async throws {
        // The tests and the worker are built into one folder.
        let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        let folder = URL(filePath: tests).deletingLastPathComponent()
        let text = try await RawClient.blocking {
            let process = Process()
            process.executableURL = folder.appending(path: "server-worker")
            process.arguments = ["100", "10000"]
            let output = Pipe()
            process.standardOutput = output
            try process.run()
            let data = output.fileHandleForReading.readDataToEndOfFile()
            process.waitUntilExit()
            return String(decoding: data, as: UTF8.self)
        }
        let counts = text.split(whereSeparator: { $0 == " " || $0 == "\n" }).compactMap { Int($0) }
        try #require(counts.count == 4, "\(text)")
        #expect(counts[2] <= counts[0], "descriptors: \(text)")
        #expect(counts[3] <= counts[1], "threads: \(text)")
    }
}
