import BlobStorage
import BlobStorageS3
import BlobStorageTransportTestSupport
import Testing

/// A server that is down is not kept down by those who wait for it, and nobody waits forever.
@Suite struct RetryBudgetTests {
    enum Call: String, CaseIterable {
        case put
        case putParts
        case get
        case head
        case delete
        case copy
        case list

        func run(_ store: S3Store, _ number: Int) async throws {
            let key = try BlobKey("key-\(number)")
            switch self {
            case .put: _ = try await store.put(key, "text")
            case .putParts: _ = try await store.put(key, [UInt8](repeating: 1, count: 3_000))
            case .get: _ = try await store.get(key)
            case .head: _ = try await store.head(key)
            case .delete: try await store.delete(key)
            case .copy: _ = try await store.copy(key, to: "other")
            case .list: _ = try await store.list(ListOptions())
            }
        }
    }

    private static let callerCount = 100

    static let faults: [Fault] = [
        .refuse, .resetAfter(.nothing), .stall(.nothing),
        .status(500, "InternalError", retryAfter: nil, .nothing),
        .status(503, "ServiceUnavailable", retryAfter: 3, .nothing),
    ]

    @Test("sends at most 1.5 requests a call", arguments: faults, Call.allCases)
    func budget(_ fault: Fault, _ call: Call) async throws {
        let fixture = try FaultFixture({ _ in }, faults: { _ in fault })
        let store = fixture.store
        let failures = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<Self.callerCount {
                group.addTask {
                    do {
                        try await call.run(store, number)
                        return false
                    } catch { return error is BlobError }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(failures == Self.callerCount)
        let requestCount = fixture.transport.events.count
        #expect(requestCount > Self.callerCount)
        #expect(requestCount <= Self.callerCount * 3 / 2)
    }

    @Test(
        "ends within the operation's time limit",
        arguments: [
            .stall(.nothing), .stall(.all), .trickle,
            .status(503, "SlowDown", retryAfter: 9, .nothing), .refuse,
        ] as [Fault],
        Call.allCases.filter { $0 != .putParts }
    )
    func deadline(_ fault: Fault, _ call: Call) async throws {
        let fixture = try FaultFixture(timeout: .seconds(10), { _ in }, faults: { _ in fault })
        fixture.server.put("key-1", "text")
        let error = try await #require(throws: BlobError.self) {
            try await call.run(fixture.store, 1)
        }
        #expect(fixture.time.uptime <= .seconds(10))
        let kinds: Set<BlobError.Kind> = [.timedOut, .outcomeUnknown, .unavailable]
        #expect(kinds.contains(error.kind))
        if fault != .refuse { #expect(error.kind != .unavailable) }
    }
}
