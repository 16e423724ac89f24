import BlobStorage
import Glibc

/// Ends the process before or after a certain call to one of its stores, as `kill -9` does.
final class Fate: Sendable {
    private let callsLeft: Locked<Int?>

    /// - Parameter callCount: Before or after which call the end comes; `nil` for never.
    init(callCount: Int?) {
        callsLeft = Locked(callCount)
    }

    /// Comes before and after every call.
    func pass() {
        let isTheEnd = callsLeft.withLock { left in
            guard let count = left else { return false }
            left = count - 1
            return count <= 0
        }
        if isTheEnd { kill(getpid(), SIGKILL) }
    }

    /// Tells of the calls to a blob store.
    var observer: BlobObserver {
        BlobObserver(followsBodies: false) { _ in
            self.pass()
            return { _ in self.pass() }
        }
    }
}
