import Foundation
import Testing

@Suite struct StoreCommandTests {
    private let shell: Shell

    init() async throws {
        shell = try await Shell()
    }

    private func fill() async throws {
        try await shell.succeed("for k in a a/b a/c a0 b/c/d; do echo $k | blob put -q $k; done")
    }

    @Test(
        "ls lists in the order of bytes",
        arguments: [
            ("", "a\na/\na0\nb/\n"), ("-r", "a\na/b\na/c\na0\nb/c/d\n"), ("a/", "a/b\na/c\n"),
            ("--prefix a", "a\na/\na0\n"), ("a/ -r", "a/b\na/c\n"), ("none", ""),
            ("-d c", "a\na/b\na/c\na0\nb/c\n"), ("-r --quiet", ""),
        ]
    )
    func list(_ arguments: String, _ expected: String) async throws {
        try await fill()
        #expect(try await shell.succeed("blob ls \(arguments)") == expected)
    }

    @Test func aLongListingTellsSizeTimeAndETag() async throws {
        try await fill()
        let lines = try await shell.succeed("blob ls -l").split(separator: "\n")
        let pattern = /\ +2  \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z  "[^"]+" *  a/
        #expect(lines.first?.wholeMatch(of: pattern) != nil)
        #expect(lines.dropFirst().first?.hasSuffix("  a/") == true)
    }

    @Test func cpAndMvStayInsideTheStore() async throws {
        try await fill()
        try await shell.succeed("blob cp -q a x && blob mv -q x y/z --if-absent")
        #expect(try await shell.succeed("blob cat y/z; blob ls x") == "a\n")
        let result = try await shell.run("blob mv none q; blob cp a a0 --if-absent")
        #expect(result.status == 1)
        #expect(result.errors.contains("\"none\": notFound"))
        #expect(result.errors.contains("\"a0\": alreadyExists"))
    }

    @Test func rmDeletesWhatItIsTold() async throws {
        try await fill()
        #expect(try await shell.succeed("blob rm a0 none") == "deleted a0\ndeleted none\n")
        #expect(
            try await shell.succeed("blob rm -r a/ -n") == "would delete a/b\nwould delete a/c\n"
        )
        #expect(try await shell.succeed("blob rm -rq a/; blob ls -r") == "a\nb/c/d\n")
        #expect(try await shell.run("blob rm a --if-matches old").status == 1)
        #expect(try await shell.succeed("blob rm -q --recursive --all; blob ls -r") == "")
    }

    @Test func duCountsByCommonPrefixAndInAll() async throws {
        try await fill()
        let text = try await shell.succeed("blob du -b")
        let lines = text.split(separator: "\n").map {
            $0.split(separator: " ").joined(separator: " ")
        }
        #expect(lines == ["8 2 blobs a/", "6 1 blob b/", "19 5 blobs total"])
        let objects = try await shell.run("blob du a --json --summarize").objects()
        #expect(objects.count == 1)
        #expect(objects.first?["byteCount"] as? Int == 13)
        #expect(objects.first?["blobCount"] as? Int == 4)
    }

    @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/shm")))
    func duAndFsckCountMoreBytesThanThereAreNumbers() async throws {
        // Few file systems have files of this size; the one in memory does.
        let text = try await shell.succeed(
            """
            set -e
            folder=$(mktemp -d -p /dev/shm); trap 'rm -rf "$folder"' EXIT
            truncate -s 5E "$folder/a" "$folder/b"
            blob du -b -s "file:$folder" && blob fsck -s "file:$folder"
            """
        )
        #expect(text.contains("9223372036854775807       2 blobs  total\n"), "\(text)")
        #expect(text.hasSuffix("2 blobs, 8.0 EiB, 0 open uploads, 0 findings: clean\n"), "\(text)")
    }

    @Test func fsckTellsWhatIsWrong() async throws {
        try await fill()
        #expect(try await shell.succeed("blob fsck").contains("5 blobs"))
        let result = try await shell.run("ln -s /etc/passwd store/link; blob fsck --verify")
        #expect(result.status == 1)
        #expect(result.errors == "")
        #expect(result.text.contains("specialFile: \"link\""))
        let json = try await shell.run("blob fsck --json").objects()
        #expect(json.first?["kind"] as? String == "specialFile")
        #expect(json.last?["isClean"] as? Bool == false)
        let memory = try await shell.run("blob fsck --store memory:")
        #expect(memory.status == 1 && memory.errors.contains("unsupported"))
    }

    @Test func aStoreThatIsNotThereIsAnError() async throws {
        let result = try await shell.run("blob ls -s file:none")
        #expect(result.status == 1)
        #expect(result.errors.contains("storeNotFound") && result.errors.contains("blob init"))
        let made = try await shell.succeed("blob init -s file:none && blob ls -s file:none")
        #expect(made == "file:none is ready\n")
        #expect(try await shell.succeed("blob init -q -s file:none") == "")
    }

    @Test func aSyncWithoutASourceMakesNothing() async throws {
        let result = try await shell.run("blob sync file:nope file:copy; ls")
        #expect(result.text == "store\n")
        #expect(result.errors.contains("blob: source: ") && result.errors.contains("SOURCE_URL"))
        #expect(!result.errors.contains("blob init"))
    }

    @Test func aSyncThatIsCutOffTellsWhatItDid() async throws {
        let result = try await shell.run(
            """
            for i in {1..3}; do head -c 30000000 /dev/zero | blob put -q k$i; done
            blob sync file:store file:copy > lines & tool=$!
            sleep 0.05; kill -INT $tool; wait $tool; echo $?
            tail -n 1 lines; grep -c '^copy ' lines; blob ls -s file:copy | wc -l
            """
        )
        let lines = result.text.split(separator: "\n").map(String.init)
        // A signal that came too late, or too soon, finds nothing to cut off.
        if lines.count == 4, lines[1].hasPrefix("cut off: ") {
            #expect(lines[0] == "130" && lines[2] == lines[3], "\(result.text)")
            #expect(lines[1].hasPrefix("cut off: copied \(lines[2]) "), "\(result.text)")
        }
    }

    @Test func whatIsNeverFollowedNeedsNoCheck() async throws {
        let result = try await shell.run("ln -s /etc/passwd store/link; blob cat link")
        #expect(result.status == 1 && result.errors.contains("never followed"))
        #expect(!result.errors.contains("fsck"))
    }

    @Test func syncMakesTheDestinationLikeTheSource() async throws {
        try await fill()
        let dry = try await shell.succeed("blob sync -n file:store file:copy; ls -d *")
        #expect(dry.contains("would copy a/b  4 B\n") && dry.hasSuffix("failed 0 (0 B)\nstore\n"))
        let first = try await shell.succeed("blob sync file:store file:copy")
        #expect(
            first.hasSuffix("copied 5 (19 B), skipped 0 (0 B), deleted 0 (0 B), failed 0 (0 B)\n")
        )
        let second = try await shell.succeed("blob sync file:store file:copy")
        #expect(second == "copied 0 (0 B), skipped 5 (19 B), deleted 0 (0 B), failed 0 (0 B)\n")
        try await shell.succeed(
            "blob rm -q a; blob sync file:store file:copy; blob cat a -s file:copy"
        )
        let dryDelete = try await shell.succeed("blob sync file:store file:copy --delete --dry-run")
        #expect(dryDelete.hasPrefix("would delete a\ndry run: "))
        #expect(try await shell.succeed("blob cat a -s file:copy") == "a\n")
        let last = try await shell.run("blob sync file:store file:copy --delete --json").objects()
        #expect(last.first?["action"] as? String == "delete")
        #expect(last.last?["isDryRun"] as? Bool == false)
        #expect(try await shell.succeed("blob ls -r -s file:copy") == "a/b\na/c\na0\nb/c/d\n")
    }

    @Test func aDeletionThatFailsHidesNoOther() async throws {
        // Where a file lies instead of the note of a swap, this one blob can't be written to.
        let result = try await shell.run(
            """
            blob init -q -s file:copy
            for k in a b c; do echo $k | blob put -q $k -s file:copy; done
            mkdir copy/.blob-storage/swaps
            echo > copy/.blob-storage/swaps/$(printf b | sha256sum | cut -d ' ' -f 1)
            blob sync file:store file:copy --delete --json
            """
        )
        #expect(result.status == 1)
        #expect(result.errors.contains("\"key\":\"b\""), "\(result.errors)")
        let objects = try result.objects()
        #expect(objects.count == 3)
        #expect(objects.dropLast().map { $0["action"] as? String } == ["delete", "delete"])
        #expect(objects.dropLast().map { $0["key"] as? String } == ["a", "c"])
    }

    @Test func syncOfWhatIsMissingLeavesTheRest() async throws {
        try await fill()
        try await shell.succeed("blob sync -q file:store file:copy")
        let refused = try await shell.run("blob sync file:store file:copy --missing --delete")
        #expect(refused.status == 2 && refused.errors.contains("--missing leaves what is there"))
        try await shell.succeed("echo newer | blob put -q a0; echo mine | blob put -q z")
        let plan = try await shell.succeed("blob sync -n file:store file:copy --missing")
        #expect(plan.hasPrefix("would copy z  5 B\ndry run: copied 1 (5 B), skipped 5 "), "\(plan)")
        let missing = try await shell.succeed("blob sync file:store file:copy --missing")
        #expect(missing.hasPrefix("copy z  5 B\ncopied 1 (5 B), skipped 5 "), "\(missing)")
        #expect(try await shell.succeed("blob cat a0 -s file:copy") != "newer\n")
    }
}
