import BlobStorage
import Testing

@testable import BlobCommand

@Suite struct ArgumentsTests {
    private static let options: [OptionSpec] = [
        .flag("long", "l", ""), .flag("all", "a", ""), .value("name", "n", "TEXT", ""),
        .value("many", nil, "TEXT", "", isRepeatable: true),
    ]

    @Test func optionsAndOperandsMayBeMixed() throws {
        let arguments = try Arguments(
            ["a", "-la", "--name=x=y", "-", "--many", "1", "b", "--many", "2", "--", "--long"],
            options: Self.options
        )
        #expect(arguments.operands == ["a", "-", "b", "--long"])
        #expect(arguments.has("long") && arguments.has("all"))
        #expect(arguments.value("name") == "x=y")
        #expect(arguments.values("many") == ["1", "2"])
    }

    @Test func aValueMayLookLikeAnOption() throws {
        let arguments = try Arguments(["-n", "-5", "--many", "--"], options: Self.options)
        #expect(arguments.value("name") == "-5")
        #expect(arguments.values("many") == ["--"])
    }

    @Test(
        "what is not exact is refused",
        arguments: [
            ["--lon"], ["--long="], ["--name"], ["-nl", "x"], ["-x"], ["--long", "--long"],
            ["--name", "1", "-n", "2"], ["--Long"], ["---long"], ["--\u{301}long"],
        ]
    )
    func refused(_ texts: [String]) {
        #expect(throws: UsageError.self) { try Arguments(texts, options: Self.options) }
    }

    @Test(
        "ranges are HTTP's",
        arguments: [
            ("0-0", .bounded(0..<1)), ("5-9", .bounded(5..<10)), ("5-", .from(5)),
            ("-5", .suffix(5)),
        ] as [(String, ByteRange)]
    )
    func ranges(_ text: String, _ range: ByteRange) throws {
        #expect(try ByteRange(argument: text) == range)
    }

    @Test(
        "other ranges are refused",
        arguments: ["", "-", "1", "1-2-3", "a-", " 1-2", "-0", "2-1", "--1"]
    )
    func badRanges(_ text: String) {
        #expect(throws: UsageError.self) { try ByteRange(argument: text) }
    }

    @Test func anETagsQuotesMayBeLeftOut() {
        #expect(ETag(argument: "1-a") == "\"1-a\"")
        #expect(ETag(argument: "\"1-a\"") == "\"1-a\"")
        #expect(ETag(argument: "W/\"1\"") == "W/\"1\"")
    }
}
