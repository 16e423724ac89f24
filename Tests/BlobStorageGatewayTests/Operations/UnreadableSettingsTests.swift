import BlobStorage
import BlobStorageAWS
import BlobStorageGateway
import BlobStorageHandler
import Testing

/// Buckets whose settings can't be read: nothing is allowed by them, and the program's log is told.
@Suite struct UnreadableSettingsTests {
    private struct BrokenBuckets: GatewayBuckets {
        let base = InMemoryStore()

        func store(of name: String) async throws -> (any BlobStore)? { base }

        func list() async throws -> [GatewayBucket] { [] }

        func create(_ name: String) async throws {}

        func settings(of name: String) async throws -> GatewayBucketSettings {
            throw BlobError(
                .corrupted,
                operation: "settings",
                message: "the settings at /srv/files can't be read"
            )
        }
    }

    /// The ids of the requests that were told of.
    private let ids = Locked<[String]>([])

    private func client(
        _ adjust: (inout S3GatewayConfiguration) -> Void = { _ in }
    ) -> RawClient {
        let ids = ids
        return RawClient(buckets: BrokenBuckets()) { configuration in
            configuration.onFailure = { id, error in
                #expect("\(error)".contains("/srv/files"))
                ids.withLock { $0.append(id) }
            }
            adjust(&configuration)
        }
    }

    @Test(
        "what is not known is not said to be nothing",
        arguments: ["cors", "policy", "policyStatus", "lifecycle"]
    )
    func told(_ setting: String) async throws {
        let answer = try await client().send("GET", "/bucket?\(setting)")
        #expect(answer.status == 500)
        #expect(answer.code == "InternalError")
        #expect(!answer.text.contains("/srv/files"))
        let id = try #require(answer.headers["x-amz-request-id"])
        // Once for the settings, and once for the answer.
        #expect(ids.withLock { $0 } == [id, id])
    }

    @Test func strangersGetNothing() async throws {
        let client = client { $0.anonymousRights = [] }
        let answer = try await client.send("GET", "/bucket/a")
        #expect(answer.code == "AccessDenied")
        let id = try #require(answer.headers["x-amz-request-id"])
        #expect(ids.withLock { $0 } == [id])
    }

    @Test func whoHasARightKeepsIt() async throws {
        let answer = try await client().send("PUT", "/bucket/a", ["Origin": "https://a"], "x")
        #expect(answer.status == 200)
        #expect(answer.headers["Access-Control-Allow-Origin"] == nil)
        let id = try #require(answer.headers["x-amz-request-id"])
        #expect(ids.withLock { $0 } == [id])
    }

    @Test func pagesMayDoWhatTheConfigurationSaysAndNoMore() async throws {
        let client = client { configuration in
            configuration.cors = ["bucket": [CORSRule(origins: ["https://a"], methods: ["GET"])]]
        }
        for (origin, status) in [("https://a", 200), ("https://b", 403)] {
            let answer = try await client.send(
                "OPTIONS",
                "/bucket/a",
                ["Origin": origin, "Access-Control-Request-Method": "GET"]
            )
            #expect(answer.status == status)
            #expect(ids.withLock { $0.popLast() } == answer.headers["x-amz-request-id"])
        }
        #expect(ids.withLock { $0.isEmpty })
    }
}
