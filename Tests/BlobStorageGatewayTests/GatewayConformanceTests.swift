import BlobStorage
import BlobStorageS3
import BlobStorageTestKit
import Foundation
import Testing

/// The client of S3 keeps every promise on a gateway, and so the gateway does.
@Suite struct GatewayConformanceTests {
    /// A store behind the gateway.
    enum Backing: String, CaseIterable, Sendable {
        case memory
        case disk
    }

    private static let memory = Result { try ServedGateway(InMemoryStore()).store() }
    private static let folder = Result { try ScratchFolder() }
    private static let disk = Task {
        try ServedGateway(try await folder.get().store()).store()
    }

    private static func store(_ backing: Backing) async throws -> S3Store {
        switch backing {
        case .memory: try memory.get()
        case .disk: try await disk.value
        }
    }

    @Test("conforms", arguments: Backing.allCases, BlobStoreConformance.cases)
    func conforms(_ backing: Backing, _ promise: ConformanceCase) async throws {
        let store = try await Self.store(backing)
        guard promise.requirements.areMet(by: store) else { return }
        try await promise.run(on: ConformanceSubject(store))
    }

    @Test func noCaseIsLeftOut() async throws {
        let names = BlobStoreConformance.namesLeftOut(by: try await Self.store(.memory))
            .filter { !$0.hasPrefix("readOnly.") && !$0.hasPrefix("unsupported.") }
        #expect(names == [])
    }
}

/// A client of a gateway does what the store in memory does, whatever the order of operations.
@Suite struct GatewayModelTests {
    static let operationCount = 100

    @Test("agrees with the model", arguments: GatewayConformanceTests.Backing.allCases)
    func agreesWithTheModel(_ backing: GatewayConformanceTests.Backing) async throws {
        let folder = try ScratchFolder()
        for seed: UInt64 in 0..<20 {
            try await StoreModel.check(seed: seed, operations: Self.operationCount) {
                switch backing {
                case .memory: try ServedGateway(InMemoryStore()).store()
                case .disk: try ServedGateway(try await folder.store(UUID().uuidString)).store()
                }
            }
        }
    }
}
