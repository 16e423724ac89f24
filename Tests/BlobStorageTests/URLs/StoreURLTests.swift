import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@Suite struct StoreURLTests {
    static let file = StoreScheme("file", parameters: ["durability", "create"]) { url in
        guard try url.parameter("durability", oneOf: ["full": 1, "relaxed": 2]) == 2 else {
            throw url.invalid("the durability is not relaxed")
        }
        return InMemoryStore()
    }

    @Test(
        "reads the parts",
        arguments: [
            ("memory:", "memory", nil, nil, "", [:]),
            ("MEMORY:", "memory", nil, nil, "", [:]),
            ("file:///var/files", "file", "", nil, "/var/files", [:]),
            ("file:/a%20b/%C3%A9", "file", nil, nil, "/a b/é", [:]),
            ("file:relative", "file", nil, nil, "relative", [:]),
            ("file:///a?durability=relaxed", "file", "", nil, "/a", ["durability": "relaxed"]),
            ("s3://bucket", "s3", "bucket", nil, "", [:]),
            (
                "s3://my.bucket:9000/p/?region=eu-1&empty=&e=http://h:1/?x=y%26z", "s3",
                "my.bucket",
                9_000, "/p/", ["region": "eu-1", "empty": "", "e": "http://h:1/?x=y&z"]
            ),
            ("x-y.z+1:a+b:c", "x-y.z+1", nil, nil, "a+b:c", [:]),
            ("file:/a/b@c", "file", nil, nil, "/a/b@c", [:]),
            ("file:///../%2e%2E/%252F", "file", "", nil, "/../../%2F", [:]),
        ] as [(String, String, String?, Int?, String, [String: String])]
    )
    func parts(
        _ text: String,
        _ scheme: String,
        _ host: String?,
        _ port: Int?,
        _ path: String,
        _ parameters: [String: String]
    ) throws {
        let url = try StoreURL(text)
        #expect(url.scheme == scheme)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(Array(url.path.utf8) == Array(path.utf8))
        #expect(url.parameters == parameters)
    }

    @Test(
        "refuses what is not strict",
        arguments: [
            ("", "scheme"), (":", "scheme"), ("/var/files", "scheme"), ("1s:", "scheme"),
            ("a b:", "byte 2"), ("é:", "byte 1"), ("file:///a b", "byte 10"),
            ("file:///a\u{0}", "byte 10"), ("file:///a\n", "byte 10"), ("file:///\\", "byte 9"),
            ("file://[::1]/", "byte 8"), ("file:///a#b", "fragment"), ("file:///a#", "fragment"),
            ("s3://key:secret@bucket", "user information"), ("s3://key@bucket", "user information"),
            ("memory:key:secret@bucket", "user information"),
            ("s3://a%41/", "host"), ("s3://a:b/", "port"), ("s3://a:/", "port"),
            ("s3://a:0/", "port"), ("s3://a:01/", "port"), ("s3://a:65536/", "port"),
            ("s3://a:99999999999999999999/", "port"), ("s3://:80/", "port"),
            ("s3://a:1:2/", "port"),
            ("file:///%", "hexadecimal"), ("file:///%4", "hexadecimal"),
            ("file:///%zz", "hexadecimal"),
            ("file:///%00", "control"), ("file:///%0a", "control"), ("file:///%7F", "control"),
            ("file:///a%2fb", "encoded slash"), ("file:///%ff", "UTF-8"),
            ("file:///%C0%80", "UTF-8"),
            ("file:///%ED%A0%80", "UTF-8"), ("file:///?", "no name"), ("file:///?a=1&", "no name"),
            ("file:///?&a=1", "no name"), ("file:///?=1", "no name"), ("file:///?a", "no value"),
            ("file:///?%61=1", "no name"), ("file:///?a=1&a=1", "twice"),
            ("file:///?a=%GG", "hexadecimal"),
            ("file:/" + String(repeating: "a", count: 4_096), "4096"),
        ]
    )
    func refusals(_ text: String, _ word: String) throws {
        let error = try #require(throws: BlobError.self) { try StoreURL(text) }
        #expect(error.kind == .invalidArgument)
        #expect(error.operation == "open")
        #expect(error.message.contains(word), "\(error)")
    }

    @Test func opensMemory() async throws {
        let first = try await StoreURL("memory:").open(with: [.memory])
        let second = try await StoreURL("memory:").open(with: [.memory])
        try await first.put("a", "1")
        #expect(try await !second.exists("a"))
        #expect(first is any MultipartBlobStore)
        for text in ["memory:a", "memory:/", "memory://", "memory://h"] {
            await #expect(throws: BlobError.self) {
                try await StoreURL(text).open(with: [.memory])
            }
        }
    }

    @Test(
        "says which names are known",
        arguments: [
            ("sftp://h", "open: invalidArgument: the scheme is \"sftp\"; known are: file, memory"),
            (
                "memory:?a=1",
                "open: invalidArgument: memory: there is no parameter \"a\"; it takes none"
            ),
            (
                "file:///a?sync=1",
                "open: invalidArgument: file: there is no parameter \"sync\"; known are: create, "
                    + "durability"
            ),
            (
                "file:///a?durability=no",
                "open: invalidArgument: file: durability is not one of: full, relaxed"
            ),
            (
                "file:///a?durability=full",
                "open: invalidArgument: file: the durability is not relaxed"
            ),
        ]
    )
    func knownNames(_ text: String, _ message: String) async throws {
        let error = await #expect(throws: BlobError.self) {
            try await StoreURL(text).open(with: [.memory, Self.file])
        }
        #expect(error?.description == message)
    }

    @Test func handsOnWhatTheSchemeNeeds() async throws {
        _ = try await StoreURL("file:///a?durability=relaxed").open(with: [Self.file])
    }

    @Test(
        "does not repeat a secret",
        arguments: [
            "s3://AKIA:hunter22@bucket/", "s3://hunter22@bucket", "hunter22secretkey:x",
            "file:///a?hunter22", "file:///a?a=hunter22&a=hunter22", "file:///a?a=hunter22%",
            "file:///hunter22%", "file:///a#hunter22", "s3://h:hunter22/", "hunter22@bucket",
            "hunter22", "file:///a?durability=hunter22",
        ]
    )
    func secrets(_ text: String) async throws {
        let error = await #expect(throws: BlobError.self) {
            try await StoreURL(text).open(with: [.memory, Self.file])
        }
        #expect(error?.description.contains("hunter22") == false, "\(String(describing: error))")
    }

    @Test("agrees with Foundation on what it takes", arguments: [1, 2, 3, 4] as [UInt64])
    func oddAddresses(seed: UInt64) throws {
        var random = SplitMix64(seed)
        let pieces = [
            "file:", "s3:", "memory:", "//", "/", "a", "B", "..", ".", ":", "80", "@", "?", "&",
            "=", "#", "%", "%41", "%2F", "%c3%a9", "%ff", "%00", "+", " ", "é", "e\u{301}", "\\",
            "[", "]", "a=1", "b=2", "~", "-", "\u{0}", "\r\n", "😀", "host", ";", ",",
        ]
        var takenCount = 0
        for _ in 0..<20_000 {
            var text = ["", "file:", "s3://h", "file:///"].randomElement(using: &random) ?? ""
            for _ in 0..<Int.random(in: 0...7, using: &random) {
                text += pieces.randomElement(using: &random) ?? ""
            }
            do {
                let url = try StoreURL(text)
                takenCount += 1
                let other = try #require(URLComponents(string: text), "\(text) seed \(seed)")
                #expect(other.scheme?.lowercased() == url.scheme, "\(text)")
                #expect((other.host ?? "") == (url.host ?? ""), "\(text)")
                #expect(other.port == url.port, "\(text)")
                #expect(other.path == url.path, "\(text)")
                #expect(other.user == nil && other.fragment == nil)
                let items = (other.queryItems ?? []).map { ($0.name, $0.value ?? "") }
                #expect(Dictionary(items) { $1 } == url.parameters, "\(text)")
            } catch let error as BlobError {
                #expect(error.kind == .invalidArgument)
            }
        }
        #expect(takenCount > 1_000, "seed \(seed)")
    }
}
