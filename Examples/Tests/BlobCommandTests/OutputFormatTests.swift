import Foundation
import Testing

@testable import BlobCommand

@Suite struct OutputFormatTests {
    @Test(
        "sizes are short",
        arguments: [
            (0, "0 B"), (1, "1 B"), (1_023, "1023 B"), (1_024, "1.0 KiB"), (1_536, "1.5 KiB"),
            (10_188, "9.9 KiB"), (10_190, "10 KiB"), (1_047_552, "1023 KiB"),
            (1_048_063, "1023 KiB"), (1_048_064, "1.0 MiB"), (5 << 30, "5.0 GiB"),
            (Int64.max, "8.0 EiB"),
        ] as [(Int64, String)]
    )
    func sizes(_ count: Int64, _ expected: String) {
        #expect(ByteCount(count).description == expected)
    }

    /// `date -u -d @SECONDS +%FT%T` of GNU coreutils.
    @Test(
        "times are UTC",
        arguments: [
            (0, "1970-01-01T00:00:00.000Z"), (1_767_225_599.25, "2025-12-31T23:59:59.250Z"),
            (-0.5, "1969-12-31T23:59:59.500Z"), (951_782_400, "2000-02-29T00:00:00.000Z"),
        ] as [(Double, String)]
    )
    func times(_ seconds: Double, _ expected: String) {
        #expect(Timestamp(Date(timeIntervalSince1970: seconds)).description == expected)
    }

    @Test("a bar fits the terminal, however narrow", arguments: 1...120)
    func barWidth(_ width: Int) {
        for label in ["put a", "put " + String(repeating: "日本語", count: 30), "put \u{1b}[2J"] {
            let amount = Progress.Amount(
                label: label,
                done: 1 << 30,
                total: 3 << 30,
                note: "1 of 2"
            )
            let line = ProgressLine(amount, elapsed: .seconds(5)).text(width: width)
            #expect(DisplayText.width(of: line) <= width)
            #expect(!line.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test func aBarTellsHowFarAndHowLong() {
        let amount = Progress.Amount(label: "put a", done: 256 << 20, total: 1 << 30)
        let line = ProgressLine(amount, elapsed: .seconds(2)).text(width: 100)
        #expect(
            line
                == "put a   25 %  [=====>                ]  256 MiB of 1.0 GiB  128 MiB/s  0:06 left"
        )
        let unknown = Progress.Amount(label: "put a", done: 1_024)
        #expect(
            ProgressLine(unknown, elapsed: .seconds(1)).text(width: 80)
                == "put a  1.0 KiB  1.0 KiB/s"
        )
    }

    @Test func jsonIsSafeOnATerminal() throws {
        let line = try JSONLine(["key": "a\u{1b}\u{9b}\u{202e}/\"b"]).text
        #expect(line == #"{"key":"a\u001b\u009b\u202e/\"b"}"#)
    }
}
