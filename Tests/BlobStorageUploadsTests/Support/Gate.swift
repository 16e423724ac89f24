import BlobStorage

/// Stands before and after each call that a service makes, so that a test can let others go first, or
/// let the process die there.
final class Gate: Sendable {
    enum Side: Sendable {
        case before
        case after
    }

    struct Step: Sendable {
        /// Which call it is, counted from 1.
        let number: Int
        let name: String
        let side: Side
    }

    typealias Action = @Sendable (Step) async throws -> Void

    private struct State {
        var count = 0
        var action: Action?
    }

    private let state = Locked(State())

    /// How many calls there were since the last ``reset(_:)``.
    var count: Int { state.withLock { $0.count } }

    /// Counts from the beginning again, with another action.
    func reset(_ action: Action? = nil) {
        state.withLock { $0 = State(count: 0, action: action) }
    }

    func pass<Value>(_ name: String, _ work: () async throws -> Value) async throws -> Value {
        let (number, action) = state.withLock { state in
            state.count += 1
            return (state.count, state.action)
        }
        try await action?(Step(number: number, name: name, side: .before))
        let value = try await work()
        try await action?(Step(number: number, name: name, side: .after))
        return value
    }

    /// From one side of one call on, the process is dead: no call of its own happens any more.
    func dieAt(_ number: Int, _ side: Side) {
        reset { step in
            let isLater = step.number > number
            guard isLater || step.number == number && step.side == side else { return }
            throw Killed()
        }
    }

    /// Does something else, whole, before one call.
    func interrupt(_ number: Int, _ work: @escaping @Sendable () async throws -> Void) {
        reset { step in
            guard step.number == number, step.side == .before else { return }
            try await work()
        }
    }
}

/// The process is dead.
struct Killed: Error {}
