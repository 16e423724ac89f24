import BlobStorage
import Foundation

/// An event for tests: `event("a", 3)` is the third one of the key `a`.
func event(
    _ key: BlobKey,
    _ number: UInt64?,
    kind: BlobEvent.Kind = .created,
    source: String = "files"
) -> BlobEvent {
    BlobEvent(
        kind,
        name: "ObjectCreated:Put",
        source: source,
        key: key,
        time: Date(timeIntervalSince1970: 1_750_000_000),
        sequencer: number.map { BlobEventSequencer($0) }
    )
}

extension BlobEvent {
    /// The short name of an event of ``event(_:_:kind:source:)``, such as `a3`.
    var tag: String {
        key.text + (sequencer.flatMap { UInt64($0.text, radix: 16) }.map { "\($0)" } ?? "")
    }
}

struct Mishap: Error, Equatable {
    var text = "mishap"
}

/// A handler that a test steps through: each call waits until the test lets it end.
final class EventStage: Sendable {
    private struct Call {
        let tag: String
        let signal: CheckedContinuation<Void, Never>
    }

    private struct State {
        var log: [String] = []
        var running: [UInt64: Call] = [:]
        var endings: [UInt64: (any Error)?] = [:]
        var lastID: UInt64 = 0
    }

    private let state = Locked(State())

    /// What began (`+a1`) and ended (`-a1`), in order.
    var log: [String] { state.withLock { $0.log } }

    /// What runs now.
    var running: [String] { state.withLock { $0.running.values.map(\.tag).sorted() } }

    func handle(_ event: BlobEvent) async throws {
        let tag = event.tag
        let id = state.withLock { state in
            state.lastID += 1
            state.log.append("+\(tag)")
            return state.lastID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    guard state.endings[id] == nil else { return false }
                    state.running[id] = Call(tag: tag, signal: continuation)
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            end(id, CancellationError())
        }
        let error = state.withLock { state in
            state.log.append("-\(tag)")
            return state.endings.removeValue(forKey: id) ?? nil
        }
        if let error { throw error }
    }

    private func end(_ id: UInt64, _ error: (any Error)?) {
        let call = state.withLock { state in
            state.endings[id] = .some(error)
            return state.running.removeValue(forKey: id)
        }
        call?.signal.resume()
    }

    /// Waits until an event's handler runs, lets it end, and waits until it has.
    func finish(_ tag: String, _ error: (any Error)? = nil) async {
        var id: UInt64?
        await until {
            id = state.withLock { state in state.running.first { $0.value.tag == tag }?.key }
            return id != nil
        }
        let before = endCount(tag)
        if let id { end(id, error) }
        await until { endCount(tag) > before }
    }

    /// How often an event's handler has ended.
    ///
    /// It is counted under the lock: ThreadSanitizer does not see that a copy of the log, which was read
    /// elsewhere, is given back before the next line is appended.
    private func endCount(_ tag: String) -> Int {
        state.withLock { state in state.log.count { $0 == "-\(tag)" } }
    }

    /// Waits until exactly these run.
    func waitFor(_ tags: String...) async {
        await until { running == tags.sorted() }
    }
}

/// What became of an event, for comparisons.
extension BlobEventOutcome {
    var text: String {
        switch self {
        case .handled: "handled"
        case .skipped: "skipped"
        case .deadLettered(let letter): "deadLettered after \(letter.attemptCount)"
        case .failed(let letter): "failed after \(letter.attemptCount)"
        }
    }
}
