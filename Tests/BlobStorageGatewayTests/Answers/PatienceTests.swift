import BlobStorage
import BlobStorageHandler
import BlobStorageXML
import Testing

@testable import BlobStorageGateway

/// Answers of work that takes longer than clients wait for a byte.
@Suite struct PatienceTests {
    private struct Failure: Error {}

    private let patience = Patience(interval: .milliseconds(1)) { error in
        .document("Error") { $0.element("Code", "\(type(of: error))") }
    }
    private let mayEnd = Locked(false)

    /// Work that goes on until the test lets it end.
    private func answer(
        endsWithClient: Bool = true,
        _ result: @escaping @Sendable () throws -> HTTPServerResponse
    ) async throws -> HTTPServerResponse {
        let mayEnd = mayEnd
        return try await patience.answer(endsWithClient: endsWithClient) {
            while !mayEnd.withLock({ $0 }) { try await Task.sleep(for: .milliseconds(1)) }
            return try result()
        }
    }

    /// Reads some blanks, lets the work end, and reads the rest.
    private func document(_ response: HTTPServerResponse) async throws -> [UInt8] {
        #expect(response.status == 200)
        #expect(response.headers["Content-Type"] == "application/xml")
        #expect(response.body.byteCount == nil)
        var iterator = response.body.makeAsyncIterator()
        let first = try await iterator.next()
        #expect(first == HTTPServerResponse.xmlDeclaration)
        for _ in 0..<3 { #expect(try await iterator.next() == [UInt8(ascii: " ")]) }
        mayEnd.withLock { $0 = true }
        var bytes = first ?? []
        while let chunk = try await iterator.next() { bytes += chunk }
        return bytes
    }

    @Test func blanksComeBeforeTheResult() async throws {
        let response = try await answer { .document("Result") { $0.element("A", "1") } }
        let root = try XMLNode.parse(try await document(response))
        #expect(root.isNamed("Result"))
        #expect(root.child("A")?.text == "1")
    }

    @Test func blanksComeBeforeAFailure() async throws {
        let response = try await answer { throw Failure() }
        let root = try XMLNode.parse(try await document(response))
        #expect(root.isNamed("Error"))
        #expect(root.child("Code")?.text == "Failure")
    }

    @Test func whatIsSoonIsAnsweredAsItIs() async throws {
        let patience = Patience(interval: .seconds(600), failure: patience.failure)
        let response = try await patience.answer(endsWithClient: true) { .empty(204) }
        #expect(response.status == 204)
        await #expect(throws: Failure.self) {
            try await patience.answer(endsWithClient: true) { throw Failure() }
        }
    }

    @Test("work ends with its client, or goes on", arguments: [true, false])
    func cancellation(_ endsWithClient: Bool) async throws {
        let isCancelled = Locked<Bool?>(nil)
        let (isBegun, mayEnd) = (Locked(false), mayEnd)
        let patience = Patience(interval: .seconds(600), failure: patience.failure)
        let task = Task {
            try await patience.answer(endsWithClient: endsWithClient) {
                isBegun.withLock { $0 = true }
                while !mayEnd.withLock({ $0 }), !Task.isCancelled { await Task.yield() }
                isCancelled.withLock { $0 = Task.isCancelled }
                return .empty(204)
            }
        }
        while !isBegun.withLock({ $0 }) { await Task.yield() }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        mayEnd.withLock { $0 = !endsWithClient }
        while isCancelled.withLock({ $0 }) == nil { await Task.yield() }
        #expect(isCancelled.withLock { $0 } == endsWithClient)
    }

    @Test func aReaderThatLeavesEndsTheWork() async throws {
        let isCancelled = Locked(false)
        let response = try await patience.answer(endsWithClient: true) {
            while !Task.isCancelled { try? await Task.sleep(for: .milliseconds(1)) }
            isCancelled.withLock { $0 = true }
            return .empty(204)
        }
        let task = Task {
            for try await _ in response.body {}
        }
        try await Task.sleep(for: .milliseconds(20))
        task.cancel()
        _ = try? await task.value
        while !isCancelled.withLock({ $0 }) { await Task.yield() }
    }
}
