import BlobStorage
import Testing

@testable import BlobStorageAWS

/// The format in https://docs.aws.amazon.com/sdkref/latest/guide/file-format.html; where that is
/// silent, what botocore 1.44.5 does.
@Suite struct ConfigFileTests {
    private func settings(
        _ text: String,
        _ style: ConfigFile.Style = .config,
        profile: String = "default"
    ) throws -> [String: String]? {
        try ConfigFile(Array(text.utf8), style: style, path: "p")
            .sections[.init(kind: .profile, name: profile)]
    }

    @Test(
        "reads settings",
        arguments: [
            ("[default]\na=b", "b"), ("[default]\na = b ", "b"), ("[default]\r\na=b\r\n", "b"),
            ("\u{FEFF}[default]\na=b", "b"), ("# c\n; c\n\n[default]\n#x\na=b\n;y", "b"),
            ("[default]\na=b # c", "b"), ("[default]\na=b ; c", "b"), ("[default]\na=b#c", "b#c"),
            ("[default]\na=b;c", "b;c"), ("[default]\na=b=c", "b=c"), ("[default]\nA=b", "b"),
            ("[default]\na=", ""), ("[default]\na= # c", ""), ("[default]\na=b\na=c", "c"),
            ("[default]\na=b\n[other]\na=c", "b"), ("[ default ] # c\na=b", "b"),
            ("[default]\na=x\n[profile q]\na=y\n[default]\na=z", "z"),
            ("[default]\na=b\n  c", "b\nc"), ("[default]\na=\"b\"", "\"b\""),
            ("[profile default]\na=b", "b"), ("[profile default]\na=b\n[default]\na=c", "b"),
            ("[default]\na=c\n[profile default]\na=b", "b"), ("[default]\n\ta=b\na=c", "c"),
            ("[default]\na=é # é", "é"), ("[default]\na\t=\tb", "b"),
        ]
    )
    func settings(_ text: String, _ value: String) throws {
        let found = try #require(try settings(text)?["a"])
        #expect(found == value)
    }

    @Test(
        "finds profiles",
        arguments: [
            ("[profile x]\na=b", ConfigFile.Style.config, true),
            ("[profile  \"x\"]\na=b", .config, true), ("[profile 'x']\na=b", .config, true),
            ("[profile\tx]\na=b", .config, true), ("[x]\na=b", .config, false),
            ("[profilex]\na=b", .config, false), ("[x]\na=b", .credentials, true),
            ("[profile x]\na=b", .credentials, false),
        ]
    )
    func profiles(_ text: String, _ style: ConfigFile.Style, _ isThere: Bool) throws {
        let found = try settings(text, style, profile: "x")
        #expect((found != nil) == isThere)
    }

    @Test func readsOtherSectionsAndWhatIsNested() throws {
        let text = """
            [sso-session my]
            sso_region = us-east-1
            [services local]
            s3 =
              endpoint_url = http://localhost:9000
              other = 1
            dynamodb =
              endpoint_url = http://localhost:8000
            [profile x]
            s3 =
                max_concurrent_requests = 20
            region = eu-west-1
            [plugins]
            cli = y
            """
        let file = try ConfigFile(Array(text.utf8), style: .config, path: "p")
        #expect(file.sections[.init(kind: .ssoSession, name: "my")] == ["sso_region": "us-east-1"])
        let services = try #require(file.sections[.init(kind: .services, name: "local")])
        #expect(services["s3.endpoint_url"] == "http://localhost:9000")
        #expect(services["dynamodb.endpoint_url"] == "http://localhost:8000")
        let profile = try #require(file.sections[.init(kind: .profile, name: "x")])
        #expect(profile["region"] == "eu-west-1")
        #expect(profile["max_concurrent_requests"] == nil)
        #expect(file.profiles == ["x"])
    }

    @Test(
        "refuses what is malformed, and names the line alone",
        arguments: [
            ("[default]\n5ec7e7", 2), ("a=5ec7e7", 1), ("[default\na=5ec7e7", 1),
            ("[default]x\na=b", 1), ("[default]\na=b\n=5ec7e7", 3),
        ]
    )
    func malformed(_ text: String, _ line: Int) throws {
        let error = try #require(throws: BlobError.self) { try settings(text) }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains("line \(line),"))
        #expect(!"\(error)".contains("5ec7e7"))
    }

    @Test func bytesThatAreNoTextDoNoHarm() throws {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<500 {
            let alphabet = Array("[]=#; \t\r\n\"'a\u{e9}".utf8) + [0, 0xFF]
            let bytes = (0..<60).map { _ in alphabet.randomElement(using: &random) ?? 0 }
            _ = try? ConfigFile(bytes, style: .config, path: "p")
        }
        #expect(try settings("")?.isEmpty ?? true)
    }
}
