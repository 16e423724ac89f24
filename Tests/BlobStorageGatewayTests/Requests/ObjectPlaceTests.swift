import BlobStorage
import BlobStorageAWS
import BlobStorageHandler
import Testing

@testable import BlobStorageGateway

/// Where a request goes.
@Suite struct ObjectPlaceTests {
    private static let configuration: S3GatewayConfiguration = {
        var configuration = S3GatewayConfiguration(buckets: FixedBuckets([:]), accessKeys: [])
        configuration.virtualHosts = ["s3.example.com"]
        configuration.basePath = "/files/"
        return configuration
    }()

    @Test(
        "finds bucket and key",
        arguments: [
            ("/files", "localhost", nil, nil), ("/files/", "localhost:9000", nil, nil),
            ("/files/b", "localhost", "b", nil), ("/files/b/", "localhost", "b", nil),
            ("/files/b/k", "s3.example.com", "b", "k"), ("/files/b//k", "", "b", "/k"),
            ("/files/b/a%2Fb/../c+%20", "", "b", "a/b/../c+ "),
            ("/files/k/l", "B.s3.Example.com:80", "b", "k/l"),
            ("/files/", "a.b.s3.example.com", "a.b", nil),
        ] as [(String, String, String?, String?)]
    )
    func finds(_ path: String, _ host: String, _ bucket: String?, _ key: String?) throws {
        let place = try ObjectPlace(path: path, host: host, Self.configuration)
        #expect(place.bucket == bucket)
        #expect(place.key?.text == key)
    }

    @Test(
        "knows hosts that stand below each other",
        arguments: [
            ("example.com", nil), ("s3.example.com", nil), ("b.example.com", "b"),
            ("b.s3.example.com", "b"), ("c.b.s3.example.com", "c.b"), (".example.com", nil),
            ("xexample.com", nil),
        ] as [(String, String?)]
    )
    func hosts(_ host: String, _ bucket: String?) throws {
        var configuration = Self.configuration
        for hosts in [["example.com", "s3.example.com"], ["s3.example.com", "example.com"]] {
            configuration.virtualHosts = hosts
            let place = try ObjectPlace(path: "/files/p/k", host: host, configuration)
            #expect(place.bucket == bucket ?? "p")
            #expect(place.key?.text == (bucket == nil ? "k" : "p/k"))
        }
    }

    @Test(
        "refuses what is no place",
        arguments: [
            ("/file", "NoSuchBucket"), ("/filesx/b", "NoSuchBucket"),
            ("/files/b/%C3", "InvalidURI"), ("/files//k", "InvalidURI"),
            ("/files/a%2Fb/c", "InvalidBucketName"), ("/files/a%2fb", "InvalidBucketName"),
            ("/files/..%2F..%2Fetc/x", "InvalidBucketName"), ("/files/%2F", "InvalidBucketName"),
            ("/files/../x", "InvalidBucketName"), ("/files/%2E/x", "InvalidBucketName"),
            ("/files/a%00/x", "InvalidBucketName"), ("/files/a%0Ab", "InvalidBucketName"),
            ("/files/a%7F", "InvalidBucketName"),
        ]
    )
    func refuses(_ path: String, _ code: String) throws {
        let error = try #require(throws: GatewayError.self) {
            try ObjectPlace(path: path, host: nil, Self.configuration)
        }
        #expect(error.code == code)
    }

    @Test(
        "refuses a host in front of which no bucket can be",
        arguments: ["..s3.example.com", "...s3.example.com", "a/b.s3.example.com"]
    )
    func noHosts(_ host: String) throws {
        let error = try #require(throws: GatewayError.self) {
            try ObjectPlace(path: "/files/k", host: host, Self.configuration)
        }
        #expect(error.code == "InvalidBucketName")
    }

    @Test(
        "refuses a copy of what no bucket can have",
        arguments: ["/a%2Fb/k", "../k", "%2E%2E/k", "/a%00/k"]
    )
    func noSources(_ source: String) throws {
        let error = try #require(throws: GatewayError.self) {
            try ObjectPlace(copySource: source)
        }
        #expect(error.code == "InvalidBucketName")
    }

    /// Remembers the names that it was asked for.
    private struct AskedBuckets: GatewayBuckets {
        let names = Locked<[String]>([])

        func store(of name: String) async throws -> (any BlobStore)? {
            names.withLock { $0.append(name) }
            return nil
        }

        func list() async throws -> [GatewayBucket] { [] }

        func create(_ name: String) async throws {}

        func settings(of name: String) async throws -> GatewayBucketSettings {
            names.withLock { $0.append(name) }
            return GatewayBucketSettings()
        }
    }

    @Test func noBucketsAreAskedForWhatIsNoName() async throws {
        let buckets = AskedBuckets()
        let client = RawClient(buckets: buckets)
        for target in ["/..%2F..%2Fetc/x", "/a%2Fb/c", "/a%00/x", "/..", "/%2E%2E?cors"] {
            for method in ["GET", "PUT", "POST", "DELETE", "OPTIONS"] {
                let answer = try await client.send(method, target, ["Origin": "https://a.example"])
                #expect(answer.status == 400)
                #expect(answer.code == "InvalidBucketName", "\(method) \(target)")
            }
        }
        #expect(buckets.names.withLock { $0 } == [])
    }

    @Test(
        "cuts a target",
        arguments: [
            ("/a?b", "/a", "b"), ("/a", "/a", nil), ("/a?", "/a", ""), ("/a?b?c", "/a", "b?c"),
            ("http://host:1/a%2Fb?x", "/a%2Fb", "x"),
        ] as [(String, String, String?)]
    )
    func targets(_ target: String, _ path: String, _ query: String?) throws {
        let cut = try RequestTarget(target)
        #expect(cut.path == path)
        #expect(cut.query == query)
    }

    @Test("refuses a target without a path", arguments: ["*", "", "a", "http://host"])
    func noTarget(_ target: String) {
        #expect(throws: GatewayError.self) { try RequestTarget(target) }
    }
}
