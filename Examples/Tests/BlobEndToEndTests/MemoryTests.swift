import Testing

/// A stream takes a few chunks of memory, whatever its size.
@Suite struct MemoryTests {
    /// The most memory that the tool may ever have had, in KiB.
    private static let limit = 48 << 10

    private let shell: Shell

    init() async throws {
        shell = try await Shell()
    }

    @Test func putAndCatOfAGigabyteTakeConstantMemory() async throws {
        // The tool still waits for the last bytes, or to write them, when its peak is read.
        let peaks = try await shell.succeed(
            """
            set -e
            mkfifo in out
            blob put -q large < in & pid=$!
            exec 3> in
            head -c 1073741824 /dev/zero >&3
            awk '/VmHWM/ { print $2 }' /proc/$pid/status
            exec 3>&-
            wait $pid
            blob cat large > out & pid=$!
            exec 3< out
            head -c 1073000000 <&3 > /dev/null
            awk '/VmHWM/ { print $2 }' /proc/$pid/status
            cat <&3 > /dev/null
            exec 3<&-
            wait $pid
            """
        )
        let numbers = peaks.split(separator: "\n").compactMap { Int($0) }
        #expect(numbers.count == 2)
        #expect(numbers.allSatisfy { $0 < Self.limit }, "peaks of \(numbers) KiB")
    }
}
