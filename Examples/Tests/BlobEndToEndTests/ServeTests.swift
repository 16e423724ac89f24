import Foundation
import Testing

@Suite struct ServeTests {
    private let shell: Shell

    init() async throws {
        shell = try await Shell()
    }

    /// Serves in the background, waits for the address in `$URL`, runs a script, and interrupts.
    private func serving(_ arguments: String, _ script: String) async throws -> Shell.Result {
        try await shell.run(
            """
            export BLOB_SECRET_KEY=a-long-secret
            blob serve --port 0 \(arguments) >out 2>err & pid=$!
            for i in $(seq 200); do grep -q '^try' out && break; sleep 0.05; done
            URL=$(grep -o 'http://[^ ]*' out | head -n 1)
            \(script)
            kill -INT $pid; wait $pid; echo "status $?"; cat out; cat err >&2
            """
        )
    }

    @Test(
        "a server that nobody could use, or that makes no sense, does not start",
        arguments: [
            ("blob serve", "no access key"), ("blob serve --access-key AK", "no secret"),
            ("BLOB_SECRET_KEY=longenough blob serve", "no access key"),
            ("BLOB_SECRET_KEY=short blob serve --access-key AK", "fewer than 8"),
            ("BLOB_SECRET_KEY=longenough blob serve --access-key a/b", "signatures"),
            ("blob serve --access-key AK --secret-key-file nowhere", "can't be read"),
            ("blob serve --keys-file nowhere", "can't be read"),
            ("echo AK short >keys; blob serve --keys-file keys", "line 1 has a secret of fewer"),
            ("echo >keys; blob serve --keys-file keys", "has no key"),
            ("blob serve --anonymous-read --port 65536", "is not 0 to 65535"),
            ("blob serve --anonymous-read --port +1", "is not 0 to 65535"),
            ("blob serve --anonymous-read --bucket A", "no name for a bucket"),
            ("blob serve --anonymous-read --bucket abc --buckets", "exclude each other"),
            ("blob serve --anonymous-read --buckets memory:", "needs a file: URL"),
            ("blob serve --anonymous-read file:a --store file:b", "given twice"),
            ("blob serve --anonymous-read --secret-key x", "no option --secret-key"),
            ("blob serve --anonymous-read --virtual-host http://a", "no name of a host"),
            ("blob serve --anonymous-read --virtual-host a:9000", "no name of a host"),
            ("blob serve --anonymous-read --virtual-host a..b", "no name of a host"),
        ]
    )
    func refusals(_ script: String, _ message: String) async throws {
        let result = try await shell.run(script)
        #expect(result.status == 2)
        #expect(result.errors.contains(message), "\(result.errors)")
        #expect(result.text == "")
    }

    @Test func theAddressTheBucketAndALineToTryAreTold() async throws {
        let result = try await serving("--access-key AK file:My_Files", "")
        #expect(result.text.hasPrefix("status 0\nserving file:My_Files at http://127.0.0.1:"))
        #expect(result.text.contains("as the bucket my-files\n"))
        #expect(result.text.contains("aws --endpoint-url http://127.0.0.1:"))
        #expect(result.text.contains("s3://my-files/"))
        #expect(!result.text.contains("a-long-secret"))
    }

    @Test func requestsAreLoggedWithoutSignatures() async throws {
        let result = try await serving(
            "--access-key AK --bucket abc",
            "curl -s -o body -w '%{http_code}' \"$URL/abc/k?X-Amz-Signature=secret&x=1\" >code; test -s code"
        )
        #expect(result.text.hasPrefix("status 0\n"))
        #expect(result.errors.contains("GET /abc/k?X-Amz-Signature=-&x=1 "))
        #expect(!result.errors.contains("secret"))
    }

    @Test func whatIsWrongWithTheFolderIsLoggedWithTheRequest() async throws {
        try await shell.succeed(
            """
            mkdir -p served/photos/.blob-storage
            echo '{' >served/photos/.blob-storage/bucket-settings.json
            """
        )
        let result = try await serving(
            "--anonymous-read --access-key AK --read-only --buckets file:served",
            """
            curl -s -o body -D head -w '%{http_code}\\n' "${URL%,}/photos?cors"
            grep -c settings body
            ID=$(grep -i '^x-amz-request-id:' head | tr -d '\\r' | cut -d ' ' -f 2)
            grep -q "^request $ID: settings: corrupted: .*mend or remove" err && echo told
            """
        )
        #expect(result.text.hasPrefix("500\n0\ntold\nstatus 0\n"), "\(result.text)")
    }

    @Test func aPortThatIsTakenIsSaid() async throws {
        let result = try await serving(
            "--access-key AK memory:",
            """
            blob serve --access-key AK --port ${URL##*:} memory: 2>second; echo "second $?"
            cat second
            """
        )
        #expect(result.text.hasPrefix("second 1\n"))
        #expect(result.text.contains("choose another port"))
    }

    @Test func aServerListensOnThisMachineAlone() async throws {
        let result = try await serving(
            "--access-key AK memory:",
            "grep -c '^serving memory: at http://127.0.0.1:' out"
        )
        #expect(result.text.hasPrefix("1\nstatus 0\n"))
    }

    @Test(
        "what is due by a bucket's rules is removed, unless nobody may write",
        arguments: ["", "--read-only"]
    )
    func lifecycle(_ option: String) async throws {
        let rule = #"{"prefix":"tmp/","expirationDays":1}"#
        try await shell.succeed(
            """
            mkdir -p served/photos/tmp; echo old >served/photos/tmp/a; echo new >served/photos/tmp/b
            echo old >served/photos/kept; touch -d 2020-01-01 served/photos/tmp/a served/photos/kept
            mkdir served/photos/.blob-storage
            echo '{"lifecycleRules":[\(rule)]}' >served/photos/.blob-storage/bucket-settings.json
            """
        )
        let result = try await serving(
            "--access-key AK --buckets \(option) file:served",
            """
            for i in $(seq \(option.isEmpty ? 200 : 10)); do grep -q lifecycle err && break; sleep 0.05; done
            (cd served/photos; find . -name '.?*' -prune -o -type f -print | sort)
            """
        )
        if option.isEmpty {
            #expect(result.text.hasPrefix("./kept\n./tmp/b\nstatus 0\n"), "\(result.text)")
            #expect(result.errors == "lifecycle: removed 1 blob (4 B) from \"photos\"\n")
        } else {
            #expect(result.text.hasPrefix("./kept\n./tmp/a\n./tmp/b\nstatus 0\n"), "\(result.text)")
            #expect(result.errors == "")
        }
    }

    @Test func aTerminationEndsItInGoodOrder() async throws {
        let result = try await shell.run(
            """
            blob serve --port 0 --anonymous-read memory: >out & pid=$!
            for i in $(seq 200); do grep -q '^try' out && break; sleep 0.05; done
            kill -TERM $pid; wait $pid; echo "status $?"
            """
        )
        #expect(result.text == "status 0\n")
    }
}
