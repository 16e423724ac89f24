import BlobStorage
import Foundation
import Testing

@testable import BlobStorageAWS

/// Real processes, by the protocol in
/// https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html.
@Suite(.timeLimit(.minutes(10))) struct ProcessCredentialsTests {
    private func load(
        _ command: String,
        _ variables: [String: String] = [:],
        timeLimit: Duration = .seconds(60)
    ) async throws -> AWSCredentials {
        let source = ProcessCredentials(command: command, profile: "p", timeLimit: timeLimit)
        return try await source.load(
            AWSEnvironment(variables.merging(["PATH": "/bin:/usr/bin"]) { $1 })
        )
    }

    private static let document =
        #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"5ec7e7","#
        + #""SessionToken":"T","Expiration":"2025-06-15T15:06:40Z"}"#

    @Test func takesWhatTheProgramWrites() async throws {
        let credentials = try await load("echo '\(Self.document)'")
        #expect(credentials.accessKeyID == "A" && credentials.sessionToken == "T")
        #expect(credentials.expiration?.timeIntervalSince1970 == 1_750_000_000)
    }

    @Test func givesTheProgramItsEnvironmentAndNothingToRead() async throws {
        let script =
            #"cat; printf '{"Version":1,"AccessKeyId":"%s","SecretAccessKey":"s"}' "$GIVEN""#
        let home = try TemporaryHome()
        let path = try home.write("script", script)
        let credentials = try await load("sh \(path)", ["GIVEN": "fromEnv"])
        #expect(credentials.accessKeyID == "fromEnv")
        #expect(credentials.sessionToken == nil && credentials.expiration == nil)
    }

    @Test func startsNoShell() async throws {
        let home = try TemporaryHome()
        let error = await #expect(throws: BlobError.self) {
            try await load(
                "echo '{}' ; touch \(home.path)/touched && $(touch \(home.path)/touched)"
            )
        }
        #expect(error != nil)
        #expect(!FileManager.default.fileExists(atPath: "\(home.path)/touched"))
    }

    @Test(
        "tells how a program failed, and nothing of what it wrote",
        arguments: [
            ("sh -c 'echo 5ec7e7; echo 5ec7e7 >&2; exit 3'", "status 3"),
            ("sh -c 'kill -9 $$'", "signal 9"), ("/nonexistent/program 5ec7e7", "not be started"),
            ("echo '5ec7e7'", "no JSON object"), ("true", "no JSON object"),
            (#"echo '{"Version":2,"AccessKeyId":"5ec7e7"}'"#, "Version"),
            (#"echo '{"Version":1,"AccessKeyId":"5ec7e7"}'"#, "SecretAccessKey"),
            ("sh -c 'head -c 70000 /dev/zero'", "more than 65536 bytes"),
            ("sh -c 'yes 5ec7e7'", "more than 65536 bytes"), ("'5ec7e7", "quote"),
            (" ", "no words"),
        ]
    )
    func failure(_ command: String, _ reason: String) async throws {
        let error = await #expect(throws: BlobError.self) { try await load(command) }
        #expect(error?.message.contains(reason) == true, "\(String(describing: error))")
        #expect(!"\(String(describing: error))".contains("5ec7e7"))
    }

    @Test func stopsAProgramThatHangsWithWhatItStarted() async throws {
        let home = try TemporaryHome()
        let path = try home.write("script", "sleep 1000 & echo $! > \(home.path)/pid; sleep 1000")
        var pid = ""
        // On a busy machine the first limit may be over before the script has begun.
        for limit in [Duration.milliseconds(300), .seconds(3), .seconds(30)] where pid.isEmpty {
            let error = await #expect(throws: BlobError.self) {
                try await load("sh \(path)", timeLimit: limit)
            }
            #expect(error?.kind == .timedOut)
            pid = (try? String(contentsOfFile: "\(home.path)/pid", encoding: .utf8)) ?? ""
        }
        let number = try #require(Int32(pid.trimmingCharacters(in: .whitespacesAndNewlines)))
        // A zombie still counts as a process until its parent looks.
        func isRunning() -> Bool {
            let status = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
            return status.map { !$0.contains(") Z ") } ?? false
        }
        while isRunning() { await Task.yield() }
        #expect(!isRunning())
    }

    @Test func doesNotWaitForWhatGoesOnInTheBackground() async throws {
        let home = try TemporaryHome()
        let path = try home.write("script", "sleep 50 & echo '\(Self.document)'")
        let start = ContinuousClock.now
        #expect(try await load("sh \(path)").accessKeyID == "A")
        #expect(ContinuousClock.now - start < .seconds(50))
    }

    @Test func readsAllThatWasWritten() async throws {
        let padding = String(repeating: " ", count: 60_000)
        let home = try TemporaryHome()
        let path = try home.write("document", padding + Self.document)
        for _ in 0..<20 { #expect(try await load("cat \(path)").accessKeyID == "A") }
    }

    /// `python3 -c 'import shlex; print(shlex.split(…))'`, Python 3.11.
    @Test(
        "splits words as a shell does",
        arguments: [
            ("a b", ["a", "b"]), ("  a\t b\n", ["a", "b"]), ("'a b' c", ["a b", "c"]),
            (#""a b"c"#, ["a bc"]), (#"a\ b"#, ["a b"]), (#""a\"b""#, [#"a"b"#]),
            (#""a\b""#, [#"a\b"#]), (#"'a\b'"#, [#"a\b"#]), ("''", [""]),
            (#"a "" b"#, ["a", "", "b"]),
            (#"a'b'"c""#, ["abc"]), ("", []), ("é ü", ["é", "ü"]), (#""a\\b""#, [#"a\b"#]),
            ("$A `b` *", ["$A", "`b`", "*"]), (#"a\'b"#, ["a'b"]),
        ] as [(String, [String])]
    )
    func words(_ command: String, _ words: [String]) {
        #expect(ShellWords.split(command) == words)
    }

    @Test("refuses open quotes", arguments: ["'a", "\"a", "a\\", "\"a\\"])
    func openQuote(_ command: String) {
        #expect(ShellWords.split(command) == nil)
    }
}
