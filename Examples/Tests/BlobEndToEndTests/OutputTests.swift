import Foundation
import Testing

@Suite struct OutputTests {
    private let shell: Shell

    init() async throws {
        shell = try await Shell()
    }

    @Test func everyCommandThatPrintsSpeaksJSON() async throws {
        let result = try await shell.run(
            """
            set -e
            echo 1 | blob put --json a/b
            blob ls --json; blob ls --json -r; blob stat --json a/b; blob cp --json a/b c
            blob mv --json c d; blob get --json d out; blob du --json; blob fsck --json
            blob sync --json file:store file:copy; blob rm --json d; blob rm --json -r a/ -n
            """
        )
        #expect(result.status == 0 && result.errors == "")
        let objects = try result.objects()
        #expect(objects.count == 15)
        #expect(objects.first?["key"] as? String == "a/b")
        #expect(objects[1]["commonPrefix"] as? String == "a/")
    }

    @Test func aKeyCannotSteerATerminal() async throws {
        let key = "a\u{1b}[31m\n\u{9b}2J\u{202e}\\\"b"
        let quoted = #"$'a\e[31m\n\u009b2J\u202e\\"b'"#
        let put = try await shell.succeed("echo hi | blob put \(quoted) -m x=$'\\u202e'")
        let shown = #"a\u{1b}[31m\u{a}\u{9b}2J\u{202e}\\"b"#
        #expect(put.hasPrefix("\(shown)  3 B"))
        #expect(try await shell.succeed("blob ls -r") == "\(shown)\n")
        for command in ["ls -l", "stat \(quoted)", "du", "rm -n \(quoted)", "ls --json"] {
            let text = try await shell.succeed("blob \(command)")
            let harmful = text.unicodeScalars.filter {
                $0.value != 0x0A && ($0.value < 0x20 || [0x9B, 0x202E].contains($0.value))
            }
            #expect(harmful.isEmpty, "\(command)")
        }
        let object = try await shell.run("blob ls --json -r").objects().first
        let found = try #require(object?["key"] as? String)
        #expect(Array(found.utf8) == Array(key.utf8))
        let missing = try await shell.run("blob stat $'\\e[2Jnone'")
        #expect(missing.errors.contains(#""\u{1b}[2Jnone": notFound"#))
    }

    @Test func unicodeTwinsStayApartInJSON() async throws {
        try await shell.succeed(#"echo 1 | blob put -q $'\u00e9'; echo 2 | blob put -q $'e\u0301'"#)
        let keys = try await shell.run("blob ls --json").objects().map {
            $0["key"] as? String ?? ""
        }
        #expect(keys.map { Array($0.utf8) } == [[0x65, 0xCC, 0x81], [0xC3, 0xA9]])
    }

    @Test func aBrokenPipeEndsQuietly() async throws {
        let result = try await shell.run(
            """
            head -c 5000000 /dev/zero | blob put -q big
            blob cat big | head -c 1 > /dev/null; echo ${PIPESTATUS[0]}
            for i in {1..40}; do echo | blob put -q k$i; done
            blob ls -r | true; echo ${PIPESTATUS[0]}
            """
        )
        #expect(result.errors == "")
        // 128 + SIGPIPE, as from any other tool; a listing that fits the pipe may get through.
        let statuses = result.text.split(separator: "\n")
        #expect(statuses.first == "141")
        #expect(["0", "141"].contains(statuses.last))
    }

    @Test func anOutputThatIsFullIsAnError() async throws {
        let result = try await shell.run("echo 1 | blob put -q k; blob cat k > /dev/full")
        #expect(result.status == 1)
        #expect(result.errors.contains("outOfSpace"))
        #expect(result.errors.hasSuffix("No space left on device\n"))
    }

    @Test("a stream that is closed is an error, and no other file takes its place")
    func closedStreams() async throws {
        for command in ["ls", "put k in", "cat k", "--help"] {
            let result = try await shell.run(
                "echo 1 > in; blob put -q k in; timeout 20 blob \(command) >&-"
            )
            #expect(result.status == 1, "\(command)")
            #expect(result.errors.contains("write: Bad file descriptor"), "\(result.errors)")
        }
        let input = try await shell.run("timeout 20 blob put x <&-")
        #expect(input.status == 1 && input.errors.contains("the standard input is closed"))
        #expect(try await shell.run("timeout 20 blob stat none 2>&-").status == 1)
        #expect(try await shell.succeed("blob ls") == "k\n")
    }

    @Test("an interrupt leaves nothing behind", arguments: ["INT", "TERM"])
    func interrupt(_ signal: String) async throws {
        let result = try await shell.run(
            """
            echo old | blob put -q k
            find store -type f | sort > before
            mkfifo fifo
            blob put k fifo 2> errors & tool=$!
            exec 3> fifo
            # A pipe holds 64 KiB, so the tool has most of it when this is written.
            head -c 1000000 /dev/zero >&3
            kill -\(signal) $tool; wait $tool; echo $?
            cat errors; blob cat k; find store -type f | sort | diff before - && blob fsck
            """
        )
        let number = signal == "INT" ? 130 : 143
        #expect(result.text.hasPrefix("\(number)\nold\n"), "\(result.text) \(result.errors)")
        #expect(result.text.hasSuffix("clean\n"))
    }

    @Test("whoever waits at a FIFO can be ended", arguments: ["put", "get"])
    func waitAtFIFO(_ command: String) async throws {
        // 124 is of a command that the first signal has ended, 137 of one that it has not.
        let result = try await shell.run(
            """
            echo old | blob put -q k && mkfifo fifo
            timeout --kill-after 20 1 blob \(command) k fifo; echo $?
            blob cat k
            """
        )
        #expect(result.text == "124\nold\n", "\(result.errors)")
        #expect(result.errors == "")
    }

    @Test func theOtherEndOfAFIFOMayComeLater() async throws {
        let text = try await shell.succeed(
            """
            mkfifo in out
            { sleep 0.3; echo late > in; } & blob put -q k in && wait
            { sleep 0.3; cat out > copy; } & blob get -q k out && wait
            cat copy
            """
        )
        #expect(text == "late\n")
    }

    @Test func aBarIsDrawnOnATerminalOnly() async throws {
        let script = """
            echo 'for i in {1..9}; do head -c 600000 /dev/zero; sleep 0.1; done' > slow
            script -qec "bash slow | blob put big" /dev/null > terminal
            bash slow | blob put big2 > plain 2>&1
            tr '\\r' '\\n' < terminal | grep -c 'put big  .*MiB'; cat plain
            """
        let result = try await shell.run(script)
        let lines = result.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first.flatMap { Int($0) } ?? 0 >= 2, "\(result.text)")
        #expect(lines.last?.hasPrefix("big2  5.1 MiB") == true)
    }
}
