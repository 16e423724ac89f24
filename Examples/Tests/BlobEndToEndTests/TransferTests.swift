import Testing

@Suite struct TransferTests {
    private let shell: Shell

    init() async throws {
        shell = try await Shell()
    }

    @Test("bytes come back as they were", arguments: [0, 1, 65_536, 3_000_001])
    func roundTrip(_ count: Int) async throws {
        try await shell.succeed(
            """
            set -e -o pipefail
            head -c \(count) /dev/urandom > in
            blob put -q file in
            blob put -q redirected < in
            cat in | blob put -q piped
            cat in | blob put -q dashed -
            blob put -q substituted <(cat in)
            for key in file redirected piped dashed substituted; do
                blob cat $key | cmp - in
                blob get $key - | cmp - in
                blob get -q $key out && cmp out in
            done
            """
        )
    }

    @Test(
        "cat writes a range",
        arguments: [
            ("0-0", "0"), ("2-4", "234"), ("7-", "789"), ("-2", "89"), ("-99", "0123456789"),
            ("8-99", "89"), ("0-9223372036854775806", "0123456789"),
        ]
    )
    func range(_ range: String, _ expected: String) async throws {
        try await shell.succeed("printf 0123456789 | blob put -q k")
        #expect(try await shell.succeed("blob cat k --range \(range)") == expected)
        #expect(try await shell.succeed("blob cat k k --range=\(range)") == expected + expected)
    }

    @Test func getNamesTheFileAfterTheKey() async throws {
        try await shell.succeed(
            """
            set -e
            echo hi | blob put -q a/b.txt
            blob get -q a/b.txt && cmp b.txt <(echo hi)
            mkdir folder && blob get -q a/b.txt folder && cmp folder/b.txt b.txt
            mkfifo fifo && { cat fifo > copy & } && blob get -q a/b.txt fifo && wait && cmp copy b.txt
            blob get -q a/b.txt /dev/null && test -c /dev/null
            """
        )
    }

    @Test func aGetThatFailsLeavesTheFileAlone() async throws {
        try await shell.succeed("echo new | blob put -q k; echo old > out")
        let result = try await shell.run("blob get k out --if-matches nope; blob get none out")
        #expect(result.status == 1)
        #expect(result.errors.contains("preconditionFailed") && result.errors.contains("notFound"))
        #expect(try await shell.succeed("cat out; ls") == "old\nout\nstore\n")
    }

    @Test func headersMetadataAndChecksumAreKept() async throws {
        let object = try #require(
            try await shell.run(
                """
                printf hello | blob put k --type x/y --encoding gzip --language de \
                    --disposition inline --cache-control no-store --expires 0 -m a=1 --meta=b==2 \
                    --checksum sha256 --json --quiet && blob stat k --json
                """
            ).objects().first
        )
        #expect(object["contentType"] as? String == "x/y")
        #expect(object["contentEncoding"] as? String == "gzip")
        #expect(object["contentLanguage"] as? String == "de")
        #expect(object["contentDisposition"] as? String == "inline")
        #expect(object["cacheControl"] as? String == "no-store")
        #expect(object["expires"] as? String == "0")
        #expect(object["metadata"] as? [String: String] == ["a": "1", "b": "=2"])
        // printf hello | openssl dgst -sha256 -binary | base64
        let checksum = "sha256:LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ="
        #expect(object["checksum"] as? String == checksum)
        let text = try await shell.succeed("blob stat k")
        #expect(text.contains("meta b         =2\n") && text.contains(checksum))
    }

    @Test func bytesThatDoNotHaveTheChecksumAreRefused() async throws {
        let result = try await shell.run("printf x | blob put k --checksum crc32c:AAAAAA==")
        #expect(result.status == 1)
        #expect(result.errors.contains("put \"k\": integrityFailure: "))
        #expect(try await shell.succeed("blob ls") == "")
    }

    @Test func conditionsAreKept() async throws {
        try await shell.succeed("echo 1 | blob put -q k --if-absent")
        let exists = try await shell.run("echo 2 | blob put k --if-absent")
        #expect(exists.status == 1)
        #expect(exists.errors.hasPrefix("blob: put \"k\": alreadyExists: "))
        #expect(exists.errors.contains("Leave out --if-absent"))
        try await shell.succeed(
            """
            etag=$(blob stat k --json | sed 's/.*"etag":"\\\\"\\([^"]*\\)\\\\"".*/\\1/')
            echo 2 | blob put -q k --if-matches "$etag"
            """
        )
        let changed = try await shell.run("echo 3 | blob put k --if-matches old")
        #expect(changed.status == 1)
        #expect(changed.errors.contains("preconditionFailed"))
        #expect(changed.errors.contains("blob stat"))
        #expect(try await shell.succeed("blob cat k") == "2\n")
    }

    @Test func aPutOfWhatCannotBeReadChangesNothing() async throws {
        let result = try await shell.run("blob put k none; blob put k .; blob put k $'a\\nb'")
        #expect(result.status == 1)
        #expect(result.errors.contains("the local file \"none\""))
        let folder = "\".\" is a folder; put takes a file, or - for the standard input"
        #expect(result.errors.contains(folder))
        #expect(!result.errors.contains("      "), "no remedy of the store's: \(result.errors)")
        #expect(result.errors.contains("a\\u{a}b"))
        #expect(try await shell.succeed("blob ls") == "")
    }

    @Test func aFileThatCannotBeMadeIsNoMatterOfTheStore() async throws {
        let result = try await shell.run("echo 1 | blob put -q k; blob get k none/out")
        #expect(result.status == 1)
        #expect(result.errors.contains("\"none/out\"") && !result.errors.contains("blob ls"))
    }

    @Test func aDamagedBlobIsToBeRestored() async throws {
        let result = try await shell.run(
            """
            echo 12345 | blob put -q k --checksum crc32c; echo | blob put -q plain
            blob fsck --verify; touch -r store/k time; printf x | dd of=store/k conv=notrunc 2>&-
            touch -r time store/k; blob get k out; blob fsck --verify --repair
            """
        )
        #expect(result.text.contains("0 findings: clean: 1 verified, 1 without a checksum\n"))
        #expect(result.errors.contains("integrityFailure"))
        #expect(result.errors.contains("restore it from a copy"))
        #expect(result.text.contains("1 finding: not clean, 0 repaired"), "\(result.text)")
    }

    @Test func getOfTheVersionThatIsKnownIsStatus1() async throws {
        let result = try await shell.run(
            """
            echo 1 | blob put -q k
            etag=$(blob stat k | awk '$1 == "etag" { print $2 }')
            blob get k --if-none-matches "$etag"
            """
        )
        #expect(result.status == 1 && result.errors.contains("notModified"))
    }
}
