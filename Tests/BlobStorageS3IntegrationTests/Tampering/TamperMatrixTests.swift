import BlobStorage
import BlobStorageS3
import Foundation
import Testing

/// Nothing that a signature covers can be changed, on the wire, to a real server; and radosgw says the
/// same.
@Suite struct TamperMatrixTests {
    /// What came of all cases on one server.
    private struct Findings {
        var changeCount = 0
        var sameCount = 0
        var wrong: [String] = []
        var known: [String: [String]] = [:]
    }

    @Test(
        "refuses whatever was changed",
        arguments: TestServer.gateways.filter { $0.access == .path }
    )
    func gateway(_ server: TestServer) async throws {
        let findings = try await run(on: server, looksEachTime: true)
        #expect(findings.changeCount >= 300)
        #expect(findings.wrong == [])
    }

    @Test func radosgwSaysTheSame() async throws {
        guard let server = TestServer.ceph else {
            print("SKIPPED: no server CEPH, so nobody else judged what was changed")
            return
        }
        let findings = try await run(on: server, looksEachTime: false)
        #expect(findings.wrong == [])
        for (reason, names) in findings.known.sorted(by: { $0.key < $1.key }) {
            print("tampering on \(server.name): \(names.count) differ: \(reason)")
        }
    }

    private func run(on server: TestServer, looksEachTime: Bool) async throws -> Findings {
        let matrix = try await TamperMatrix(on: server)
        let wire = WireServer(port: matrix.place.port)
        var findings = Findings()
        for make in TamperMatrix.makers {
            let (family, hasBlob) = try await make(matrix.asOfNow)
            try await prepare(matrix.store, hasBlob)
            var before = try await contents(of: matrix.store)
            for tampered in family.cases {
                let status = try await Self.blocking { try wire.send(tampered.message) }
                let isAccepted = (200..<300).contains(status)
                findings.changeCount += tampered.isSame ? 0 : 1
                findings.sameCount += tampered.isSame ? 1 : 0
                if isAccepted != tampered.isSame {
                    let line = "\(tampered.name): \(status)"
                    if let reason = TamperDifferences.reason(tampered.name, on: server.name) {
                        findings.known[reason, default: []].append(line)
                    } else {
                        findings.wrong.append(line)
                    }
                }
                if isAccepted {
                    try await prepare(matrix.store, hasBlob)
                    before = try await contents(of: matrix.store)
                } else if looksEachTime, try await contents(of: matrix.store) != before {
                    findings.wrong.append("\(tampered.name): refused, and the bucket has changed")
                    before = try await contents(of: matrix.store)
                }
            }
            #expect(try await uploadCount(of: matrix.store) == 0)
        }
        print(
            "tampering on \(server.testDescription): \(findings.changeCount) changes, "
                + "\(findings.sameCount) spellings of the same, \(findings.wrong.count) wrong, "
                + "\(findings.known.values.map(\.count).reduce(0, +)) known to differ"
        )
        return findings
    }

    /// Makes the bucket as the requests want to find it.
    private func prepare(_ store: S3Store, _ hasBlob: Bool) async throws {
        _ = try await store.deleteAll(prefix: "")
        if hasBlob { try await store.put(TamperMatrix.key, "what is there") }
    }

    private func contents(of store: S3Store) async throws -> [String] {
        try await store.list(ListOptions()).blobs.map { "\($0.key) \($0.etag.text)" }
    }

    private func uploadCount(of store: S3Store) async throws -> Int {
        try await store.listMultipartUploads(prefix: "", continuationToken: nil, limit: 10)
            .uploads.count
    }

    /// Runs something that blocks, on a thread of its own.
    private static func blocking<Value: Sendable>(
        _ body: @escaping @Sendable () throws -> Value
    ) async throws -> Value {
        let outcome = Locked<Result<Value, any Error>?>(nil)
        await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
            Thread.detachNewThread {
                let result = Result { try body() }
                outcome.withLock { $0 = result }
                continuation.resume()
            }
        }
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}
