import Testing

@Suite struct UsageTests {
    private let shell: Shell

    init() async throws {
        shell = try await Shell()
    }

    private static let commands = [
        "ls", "put", "get", "cat", "cp", "mv", "rm", "stat", "du", "sync", "fsck", "init", "serve",
    ]

    @Test func theHelpNamesEveryCommand() async throws {
        for option in ["--help", "-h", "help"] {
            let help = try await shell.succeed("blob \(option)")
            for command in Self.commands { #expect(help.contains("\n  \(command) ")) }
            #expect(help.contains("BLOB_STORE"))
        }
    }

    @Test("each command has a help that fits a terminal", arguments: commands)
    func help(_ command: String) async throws {
        let help = try await shell.succeed("blob \(command) --help")
        #expect(help.hasPrefix("Usage: blob \(command) "))
        for line in help.split(separator: "\n") { #expect(line.count <= 100, "\(line)") }
        #expect(!help.contains(" \n"))
        #expect(try await shell.succeed("blob \(command) -h anything") == help)
        #expect(try await shell.succeed("blob help \(command)") == help)
    }

    @Test func theVersionIsThreeNumbers() async throws {
        let version = try await shell.succeed("blob --version")
        #expect(version.wholeMatch(of: /blob \d+\.\d+\.\d+\n/) != nil)
    }

    @Test(
        "a slip on the command line is status 2 and changes nothing",
        arguments: [
            ("blob", "the command is missing"), ("blob nonsense", "no command \"nonsense\""),
            ("blob lss", "did you mean \"ls\"?"), ("blob help nonsense", "no command"),
            ("BLOB_STORE=files blob ls", "A folder is written file:files"),
            ("blob sync 'a b' file:x", "file:a%20b"),
            ("blob -l ls", "options come behind it"), ("blob ls --lnog", "no option --lnog"),
            ("blob ls --lon", "no option --lon"), ("blob ls -x", "no option -x"),
            ("blob ls a b", "\"b\" is one argument too many"),
            ("blob ls --long=1", "--long takes no value"), ("blob ls --delimiter", "needs a value"),
            ("blob ls -r -d x", "exclude each other"), ("blob ls --delimiter=", "is empty"),
            ("blob ls -l -l", "given twice"), ("blob put", "KEY [FILE] is missing"),
            ("blob put ''", "the key has 0 bytes"), ("blob stat", "KEY is missing"),
            ("blob stat $(printf 'x%.0s' {1..1025})", "the key has 1025 bytes"),
            ("blob put k f --if-absent --if-matches 1", "exclude each other"),
            ("blob put k f --meta novalue", "NAME=VALUE"),
            ("blob put k f --meta a=1 --meta a=2", "twice"),
            ("blob put k f --checksum md5", "crc64nvme"),
            ("blob put k f --checksum crc32c:AAAA", "4 bytes"),
            ("blob cat k --range 1", "is no range"), ("blob cat k --range 5-4", "is no range"),
            ("blob cat k --range -0", "is no range"), ("blob cat k --range +1-2", "is no range"),
            ("blob cat k --range 1-99999999999999999999", "is no range"),
            ("blob get a/..", "give FILE"), ("blob get a/", "give FILE"), ("blob cp a", "missing"),
            ("blob rm", "KEY is missing"), ("blob rm -r", "--all"), ("blob rm -r ''", "--all"),
            ("blob rm -r a --all", "exclude"), ("blob rm --all", "needs --recursive"),
            ("blob rm a b --if-matches 1", "one KEY"), ("blob sync a", "missing"),
            ("blob sync file:a file:b --store x", "no option --store"),
            ("blob sync file:a file:b --compare x", "time, checksum or no"),
            ("BLOB_STORE= blob ls", "the store is missing"),
            ("blob stat $'\\xff'", "argument 2 is not UTF-8"),
            ("blob ls $'--\\e[2J'", "\\u{1b}"),
        ]
    )
    func slips(_ script: String, _ message: String) async throws {
        let result = try await shell.run("blob put kept </dev/null -q; \(script)")
        #expect(result.status == 2)
        #expect(result.text == "")
        #expect(result.errors.hasPrefix("blob: "))
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.errors.contains("--help"))
        #expect(!result.errors.utf8.contains(0x1B))
        #expect(try await shell.succeed("blob ls -r") == "kept\n")
    }

    @Test func aSlipIsJSONIfJSONIsAskedFor() async throws {
        let result = try await shell.run("blob ls --json --nope 2>&1 >/dev/null")
        let error = try #require(result.objects().first?["error"] as? [String: any Sendable])
        #expect(error["kind"] as? String == "usage")
        #expect(result.status == 2)
        let cat = try await shell.run("blob cat k --json")
        #expect(cat.status == 2 && cat.errors.contains("no option --json"))
    }

    @Test func twoDashesEndTheOptions() async throws {
        try await shell.succeed("echo hi | blob put -q -- --json; blob cat -- --json | grep -q hi")
    }

    @Test(
        "a URL that names no store is an error",
        arguments: ["nope:x", "file:", "file:///a?x=1", "memory:x", "file://host/a"]
    )
    func badURLs(_ url: String) async throws {
        let result = try await shell.run("blob ls --store '\(url)'")
        #expect(result.status == 1)
        #expect(result.errors.hasPrefix("blob: open: invalidArgument: "))
    }
}
