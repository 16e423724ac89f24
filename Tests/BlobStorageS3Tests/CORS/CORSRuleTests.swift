import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

/// What a bucket would not take is told before it is sent, by the number of the rule.
@Suite struct CORSRuleTests {
    private static let good = CORSRule(origins: ["https://*.a"], methods: ["GET"])

    private static func rule(_ change: (inout CORSRule) -> Void) -> CORSRule {
        var rule = good
        change(&rule)
        return rule
    }

    private static let refused: [(CORSRule, String)] = [
        (rule { $0.origins = [] }, "rule 2 has no origin or no method"),
        (rule { $0.methods = [] }, "rule 2 has no origin or no method"),
        (rule { $0.methods = ["PATCH"] }, "rule 2 has a method other than"),
        (rule { $0.origins = ["https://*.*"] }, "more than one *"),
        (rule { $0.allowedHeaders = ["*-*"] }, "more than one *"),
        (rule { $0.exposedHeaders = ["x-amz-*"] }, "an exposed header with a *"),
        (rule { $0.origins = ["https://ä"] }, "no printable ASCII"),
        (rule { $0.allowedHeaders = [""] }, "is empty"),
    ]

    @Test("refuses a rule that S3 would refuse", arguments: refused)
    func refuses(_ rule: CORSRule, _ message: String) async throws {
        let transport = ScriptedTransport(then: .answer(200), time: VirtualTime())
        let store = try store(on: transport)
        let error = try await #require(throws: BlobError.self) {
            try await store.setCORSRules([Self.good, rule])
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains(message))
        #expect(transport.requestCount == 0)
        try await store.setCORSRules([Self.good])
        #expect(transport.requestCount == 1)
    }

    @Test func refusesMoreRulesThanABucketHas() async throws {
        let store = try store(on: ScriptedTransport(then: .answer(200), time: VirtualTime()))
        try await store.setCORSRules(Array(repeating: Self.good, count: 100))
        let error = try await #require(throws: BlobError.self) {
            try await store.setCORSRules(Array(repeating: Self.good, count: 101))
        }
        #expect(error.message == "there are 101 rules; a bucket takes 100")
    }

    private func store(on transport: ScriptedTransport) throws -> S3Store {
        try S3Store(
            FaultFixture.configuration,
            credentials: StaticCredentials(
                AWSCredentials(accessKeyID: "AKID", secretAccessKey: "secret")
            ),
            transport: transport
        )
    }
}
