internal import BlobStorage
internal import Dispatch

/// A value that is set once, by any thread, and that tasks wait for.
package final class Latch<Value: Sendable>: Sendable {
    private let state = Locked<(value: Value?, waiting: [CheckedContinuation<Void, Never>])>(
        (nil, [])
    )

    package init() {}

    package func set(_ value: Value) {
        let waiting = state.withLock { state in
            if state.value == nil { state.value = value }
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    package var value: Value {
        get async {
            while true {
                if let value = state.withLock({ $0.value }) { return value }
                await withCheckedContinuation { continuation in
                    let isSet = state.withLock { state in
                        if state.value == nil { state.waiting.append(continuation) }
                        return state.value != nil
                    }
                    if isSet { continuation.resume() }
                }
            }
        }
    }
}

extension Latch where Value == Void {
    package func set() {
        set(())
    }
}

/// Steps that a thread takes only when they were allowed.
package final class Gate: Sendable {
    private let steps: [DispatchSemaphore]

    package init(count: Int) {
        steps = (0..<count).map { _ in DispatchSemaphore(value: 0) }
    }

    package func open(_ index: Int) {
        steps[index].signal()
    }

    /// Waits, for a minute at most.
    package func pass(_ index: Int) {
        _ = steps[index].wait(timeout: .now() + 60)
    }
}
