import BlobStorageServer
import Foundation
import Testing

@testable import DocumentService

/// The program itself, as somebody starts it in a shell.
@Suite struct ProgramTests {
    private let folder: TestFolder

    init() throws {
        folder = try TestFolder()
    }

    private func variables(_ kind: StoreKind = .folder) throws -> [String: String] {
        try kind.variables(folder: folder.path)
    }

    @Test("a browser's way, from the page to the download", arguments: StoreKind.available)
    func story(_ kind: StoreKind) async throws {
        let program = try await RunningProgram(variables(kind))
        #expect(try await program.call("GET", "/health", owner: nil).status == 200)
        let page = try await program.call("GET", "/", owner: nil)
        #expect(page.status == 200)
        #expect(page.headers["Content-Security-Policy"] != nil)
        let ticket = try await program.reserve("a.txt")
        #expect(try await program.put(ticket).status == 200)
        let id = try #require(ticket["id"])
        let confirmed = try await program.call("POST", "/api/uploads/\(id)/confirm")
        #expect(confirmed.status == 200, "\(confirmed.text)")
        let address = try await program.call("GET", "/api/documents/\(id)/url").object()
        let url = try #require(address["url"])
        let fetched = try await Curl.send("GET", url)
        #expect(fetched.text == "hello")
        if kind == .folder {
            let files = try FileManager.default.contentsOfDirectory(
                atPath: "\(folder.path)/files/uploads/ada"
            )
            #expect(files == ["\(id).txt"])
        } else if kind == .s3 {
            #expect(!program.log.contains("/files/"), "no byte went through the program")
        }
        program.signal(SIGTERM)
        #expect(await program.status() == 0)
        if kind == .folder {
            let files = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(files.sorted() == ["documents.sqlite", "files", "files.key"])
        }
        let signature = try #require(url.firstMatch(of: #/X-Amz-Signature=([0-9a-f]{64})/#)).1
        #expect(!program.log.contains(signature))
        #expect(program.lines("request").count >= 5)
        #expect(program.log.split(separator: "\n").allSatisfy { $0.first == "{" && $0.last == "}" })
    }

    @Test("it stops in good order", arguments: [SIGTERM, SIGINT])
    func stop(_ number: Int32) async throws {
        let program = try await RunningProgram(variables())
        // A connection that nobody uses, and one with an upload that never ends.
        let ticket = try await program.reserve("a.txt")
        let port = try #require(program.address.split(separator: ":").last)
        let request = try ticket.object("request")
        let url = try #require(request["url"])
        var head = "PUT \(url.dropFirst(program.address.count)) HTTP/1.1\r\n"
        head += "Host: 127.0.0.1:\(port)\r\nContent-Length: 5\r\n"
        for (name, value) in try request.texts("headers") where name != "content-length" {
            head += "\(name): \(value)\r\n"
        }
        let silent = try connection(to: String(port), sending: "")
        let slow = try connection(to: String(port), sending: head + "\r\nhe")
        // The tests' process ignores SIGTERM, as its children do then.
        defer { for client in [silent, slow] { kill(client.processIdentifier, SIGKILL) } }
        // The byte count of a request that runs is in no log, so this is a guess; either way it holds.
        try await Task.sleep(for: .milliseconds(500))
        let start = ContinuousClock.now
        program.signal(number)
        #expect(await program.status() == 0)
        #expect(ContinuousClock.now - start < .seconds(60))
        #expect(program.lines("stopped").count == 1)
    }

    /// A client that sends some bytes, and then nothing any more.
    private func connection(to port: String, sending bytes: String) throws -> Process {
        let path = "\(folder.path)/\(UUID().uuidString)"
        try Data(bytes.utf8).write(to: URL(filePath: path))
        let client = Process()
        client.executableURL = URL(filePath: "/bin/bash")
        client.arguments = [
            "-c", "exec 3<>/dev/tcp/127.0.0.1/\(port); cat \(path) >&3; exec sleep 600",
        ]
        try client.run()
        return client
    }

    @Test func whatWasHandedOutIsGoodAfterARestart() async throws {
        var variables = try variables()
        let first = try await Self.onPortOfItsOwn(&variables)
        let ticket = try await first.reserve("a.txt")
        // As if the power had failed.
        first.signal(SIGKILL)
        #expect(await first.status() == 128 + SIGKILL)
        let second = try await RunningProgram(variables)
        #expect(try await second.put(ticket).status == 200)
        let id = try #require(ticket["id"])
        #expect(try await second.call("POST", "/api/uploads/\(id)/confirm").status == 200)
        let mode = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/files.key")
        #expect(mode[.posixPermissions] as? Int == 0o600)
    }

    /// Starts a program on a port that can be had again: one that the system gives to no client.
    private static func onPortOfItsOwn(
        _ variables: inout [String: String]
    ) async throws -> RunningProgram {
        for _ in 0..<20 {
            variables["LISTEN"] = "127.0.0.1:\(Int.random(in: 20_000..<32_000))"
            do {
                return try await RunningProgram(variables)
            } catch let error as RunningProgram.NotStarted {
                // Somebody else has it.
                try #require(error.errors.contains("is taken"), "\(error.errors)")
            }
        }
        throw RunningProgram.NotStarted(errors: "twenty ports are taken")
    }

    @Test func twoProgramsShareAFolder() async throws {
        var variables = try variables()
        variables["SWEEP_SECONDS"] = "1"
        async let starting = RunningProgram(variables)
        let (one, two) = (try await RunningProgram(variables), try await starting)
        var ids: Set<String> = []
        for number in 0..<20 {
            let (a, b) = number.isMultiple(of: 2) ? (one, two) : (two, one)
            let ticket = try await a.reserve("\(number).txt")
            #expect(try await a.put(ticket).status == 200)
            let id = try #require(ticket["id"])
            async let first = b.call("POST", "/api/uploads/\(id)/confirm")
            async let second = a.call("POST", "/api/uploads/\(id)/confirm")
            #expect(try await first.status == 200)
            #expect(try await second.status == 200)
            ids.insert(id)
        }
        for program in [one, two] {
            let list = try await program.call("GET", "/api/documents").object()
            #expect(Set(try list.objects("documents").compactMap { $0["id"] }) == ids)
        }
        for program in [one, two] { program.signal(SIGTERM) }
        #expect(await one.status() == 0)
        #expect(await two.status() == 0)
    }

    @Test func aDeletedFileIsSweptByItself() async throws {
        var variables = try variables()
        variables["SWEEP_SECONDS"] = "1"
        variables["UNDO_SECONDS"] = "1"
        let program = try await RunningProgram(variables)
        let ticket = try await program.reserve("a.txt")
        #expect(try await program.put(ticket).status == 200)
        let id = try #require(ticket["id"])
        #expect(try await program.call("POST", "/api/uploads/\(id)/confirm").status == 200)
        #expect(try await program.call("DELETE", "/api/documents/\(id)").status == 200)
        let path = "\(folder.path)/files/uploads/ada/\(id).txt"
        let end = ContinuousClock.now + .seconds(120)
        while FileManager.default.fileExists(atPath: path) {
            try #require(ContinuousClock.now < end)
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    @Test func helpNamesEveryVariable() async throws {
        let result = try await Command.run(RunningProgram.path(), ["--help"])
        #expect(result.status == 0)
        for variable in ServiceVariable.allCases {
            #expect(result.output.contains("  \(variable.rawValue) "))
        }
        #expect(result.errors == "")
    }

    @Test(
        "settings that make no sense are told by their names, and never by their values",
        arguments: [
            ("STORAGE_URL", "hush"), ("STORAGE_URL", "ftp://hush"), ("STORAGE_URL", "file:"),
            ("STORAGE_URL", "s3://hush:hush@bucket"), ("METADATA_URL", "postgres://hush"),
            ("METADATA_URL", "sqlite:"), ("METADATA_URL", "sqlite:a?hush=1"),
            ("METADATA_URL", "dynamodb:"), ("LISTEN", "hush"), ("LISTEN", "127.0.0.1:65536"),
            ("LISTEN", "::1:80"), ("LISTEN", "hush host.invalid:80"), ("LISTEN", "192.0.2.1:0"),
            ("PUBLIC_URL", "hush"), ("PUBLIC_URL", "http://a/hush"),
            ("CORS_ORIGINS", "https://a.example, hush"), ("UPLOAD_TYPES", "image/*,hush"),
            ("UPLOAD_TYPES", "IMAGE/hush"), ("UPLOAD_TYPES", "Image/*"),
            ("UPLOAD_EXTENSIONS", ".hush"), ("UPLOAD_MAX_BYTES", "hush"),
            ("UPLOAD_MAX_BYTES", "0"), ("UPLOAD_MAX_BYTES", "99999999999G"),
            ("REQUEST_SECONDS", "0"), ("REQUEST_SECONDS", "700000"), ("SWEEP_SECONDS", "-1"),
            ("EVENTS_TOKEN", "hush"), ("CDN_URL", "ftp://hush"), ("CDN_KEY_PAIR_ID", "hush"),
            ("EVENTS_QUEUE_URL", "hush"), ("THUMBNAILER", "/nowhere/hush"),
            ("EVENTS_TOPICS", "arn:aws:sns:eu-central-1:123456789012:hush"),
        ]
    )
    func badSettings(_ name: String, _ value: String) async throws {
        // These are nothing by themselves.
        let missing = ["CDN_KEY_PAIR_ID": "CDN_URL", "EVENTS_TOPICS": "EVENTS_TOKEN"]
        try await expectRefusal(of: [name: value], naming: missing[name] ?? name)
    }

    @Test(
        "of settings that belong together the wrong one is told",
        arguments: [
            ("CDN_URL", "ftp://hush"), ("CDN_KEY_PAIR_ID", "hush/hush"),
            ("CDN_PRIVATE_KEY_FILE", "/nowhere/hush"), ("CDN_PRIVATE_KEY_FILE", "/dev/null"),
        ]
    )
    func badSettingsOfANetwork(_ name: String, _ value: String) async throws {
        var network = [
            "CDN_URL": "https://cdn.example", "CDN_KEY_PAIR_ID": "K2JCJMDEHXQW5F",
            "CDN_PRIVATE_KEY_FILE": "/nowhere/key.pem",
        ]
        network[name] = value
        try await expectRefusal(of: network, naming: name)
    }

    /// Starts the program, which must end with the status 2 and a variable's name, but without a value.
    private func expectRefusal(of settings: [String: String], naming name: String) async throws {
        var environment = try variables(.memory)
        environment["PATH"] = "/usr/bin:/bin"
        environment["LISTEN"] = "127.0.0.1:0"
        environment.merge(settings) { $1 }
        let result = try await Command.run(RunningProgram.path(), [], environment: environment)
        #expect(result.status == 2)
        let last = result.errors.split(separator: "\n").filter { !$0.hasPrefix("{") }
        #expect(last.first?.hasPrefix("document-service: \(name): ") == true, "\(result.errors)")
        #expect(!result.errors.contains("hush"), "\(result.errors)")
    }

    @Test func whatCannotBeServedIsSaid() async throws {
        let program = try await RunningProgram(variables())
        var environment = try variables()
        environment["LISTEN"] = String(program.address.dropFirst("http://".count))
        let taken = try await Command.run(RunningProgram.path(), [], environment: environment)
        #expect(taken.status == 1)
        #expect(taken.errors.contains("choose another port"))

        let arguments = try await Command.run(RunningProgram.path(), ["--port", "80"])
        #expect(arguments.status == 2)
        #expect(arguments.errors.contains("settings are variables"))

        environment["LISTEN"] = ":8080"
        let everywhere = try await Command.run(RunningProgram.path(), [], environment: environment)
        #expect(everywhere.status == 2)
        #expect(everywhere.errors.contains("PUBLIC_URL: it must be set"))

        try Data("short\n".utf8).write(to: URL(filePath: "\(folder.path)/key"))
        environment["LISTEN"] = "127.0.0.1:0"
        environment["SIGNING_KEY_FILE"] = "\(folder.path)/key"
        let key = try await Command.run(RunningProgram.path(), [], environment: environment)
        #expect(key.status == 2)
        #expect(key.errors.contains("SIGNING_KEY_FILE: the file's first line is no secret"))
    }
}
