import BlobStorage
import BlobStorageHandler
import BlobStorageTestKit

/// A handler some of whose calls go wrong, between it and the server.
final class FaultyHandler: HTTPHandler {
    private struct Broken: Error {}

    private enum Effect: CaseIterable {
        /// Nothing is done, and the server says that it is busy.
        case refuse
        /// All is done, and the connection breaks before the answer.
        case dropAnswer
        /// All is done, and the server says that it failed.
        case failAfter
        /// The answer's body breaks off.
        case cutAnswer
        /// The request's body breaks off.
        case cutRequest
    }

    private struct State {
        var random: SplitMix64
        var faultCount = 0
    }

    private let base: any HTTPHandler
    private let probability: Double
    private let state: Locked<State>

    init(_ base: any HTTPHandler, seed: UInt64, probability: Double) {
        self.base = base
        self.probability = probability
        state = Locked(State(random: SplitMix64(seed)))
    }

    var faultCount: Int { state.withLock(\.faultCount) }

    func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        let (effect, place) = state.withLock { state -> (Effect?, Int64) in
            let place = Int64.random(in: 0..<100_000, using: &state.random)
            guard Double.random(in: 0..<1, using: &state.random) < probability else {
                return (nil, place)
            }
            state.faultCount += 1
            return (Effect.allCases.randomElement(using: &state.random), place)
        }
        switch effect {
        case nil: return await base.respond(to: request)
        case .refuse: return HTTPServerResponse(status: 503)
        case .failAfter:
            let answer = await base.respond(to: request)
            return answer.status < 300 ? HTTPServerResponse(status: 500) : answer
        case .dropAnswer:
            var answer = await base.respond(to: request)
            // Where there is no body, a byte is promised that never comes.
            let byteCount = answer.body.byteCount.map { max($0, 1) }
            answer.body = BlobBody(CutChunks(base: answer.body, byteCount: 0), byteCount: byteCount)
            return answer
        case .cutAnswer:
            var answer = await base.respond(to: request)
            answer.body = Self.cut(answer.body, after: place)
            return answer
        case .cutRequest:
            var cut = request
            cut.body = Self.cut(request.body, after: place)
            return await base.respond(to: cut)
        }
    }

    /// A body that throws at a place, or at its end if that comes before.
    private static func cut(_ body: BlobBody, after byteCount: Int64) -> BlobBody {
        BlobBody(CutChunks(base: body, byteCount: byteCount), byteCount: body.byteCount)
    }

    private struct CutChunks: AsyncSequence, Sendable {
        typealias Element = [UInt8]

        let base: BlobBody
        let byteCount: Int64

        struct Iterator: AsyncIteratorProtocol {
            var base: BlobBody.AsyncIterator
            var rest: Int64

            mutating func next() async throws -> [UInt8]? {
                guard rest > 0, let chunk = try await base.next() else { throw Broken() }
                defer { rest -= Int64(chunk.count) }
                return chunk.count <= rest ? chunk : Array(chunk.prefix(Int(rest)))
            }
        }

        func makeAsyncIterator() -> Iterator {
            Iterator(base: base.makeAsyncIterator(), rest: byteCount)
        }
    }
}
