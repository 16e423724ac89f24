import BlobStorage
import BlobStorageS3
import BlobStorageTestKit
import Testing

/// Every server that is there keeps every promise of the capabilities that its profile claims.
@Suite struct S3ConformanceTests {
    /// One bucket a server, made when the first case wants it.
    private static let buckets = Buckets()

    @Test("conforms", arguments: TestServer.all, BlobStoreConformance.cases)
    func conforms(_ server: TestServer, _ promise: ConformanceCase) async throws {
        let store = try await Self.buckets.store(on: server)
        guard promise.requirements.areMet(by: store) else { return }
        guard let fault = ServerFaults.reason(promise.name, on: server.name) else {
            try await promise.run(on: ConformanceSubject(store))
            return
        }
        await withKnownIssue("\(server.name): \(fault)", isIntermittent: true) {
            try await promise.run(on: ConformanceSubject(store))
        }
    }

    @Test("leaves nothing out on a gateway", arguments: TestServer.gateways)
    func gatewayIsWhole(_ server: TestServer) async throws {
        let store = try await Self.buckets.store(on: server)
        #expect(store.capabilities.features == Set(Capabilities.Feature.allCases))
        #expect(store.capabilities.checksums == Set(ChecksumAlgorithm.allCases))
        #expect(store.capabilities.multipartChecksums == Set(ChecksumAlgorithm.allCases))
        // Those tell how a store refuses that can't do what this one can.
        let names = BlobStoreConformance.namesLeftOut(by: store)
            .filter { !$0.hasPrefix("readOnly.") && !$0.hasPrefix("unsupported.") }
        #expect(names == [])
        let count = BlobStoreConformance.cases(for: store).count
        #expect(count > 300, "\(count) cases")
        let faults = BlobStoreConformance.cases.filter {
            ServerFaults.reason($0.name, on: server.name) != nil
        }
        #expect(faults.isEmpty)
    }

    @Test func saysWhatIsLeftOut() async throws {
        for server in TestServer.all {
            let store = try await Self.buckets.store(on: server)
            let names = BlobStoreConformance.namesLeftOut(by: store)
                .filter { !$0.hasPrefix("readOnly.") }
            print(
                "conformance on \(server.testDescription): \(names.count) of "
                    + "\(BlobStoreConformance.cases.count) cases are for what it lacks: "
                    + names.joined(separator: ", ")
            )
            let faults = BlobStoreConformance.cases(for: store).map(\.name).filter {
                ServerFaults.reason($0, on: server.name) != nil
            }
            print(
                "conformance on \(server.testDescription): \(faults.count) cases are known to fail: "
                    + faults.joined(separator: ", ")
            )
        }
        for name in TestServer.missing {
            print(
                "SKIPPED: no server \(name), so \(BlobStoreConformance.cases.count) conformance "
                    + "cases did not run; see Tests/Servers"
            )
        }
    }
}

/// A store a server, each made once however many cases ask at once.
actor Buckets {
    private var stores: [String: Task<S3Store, any Error>] = [:]

    func store(on server: TestServer) async throws -> S3Store {
        let name = server.testDescription
        if let task = stores[name] { return try await task.value }
        let task = Task { try await server.newStore() }
        stores[name] = task
        return try await task.value
    }
}
