import BlobStorage

/// When a transfer is late, in milliseconds of the loop's clock.
struct TransferClock {
    /// How often in the idle time the bytes are counted: the limit is kept to that part of it.
    private static let looksPerIdleTime: Int64 = 4

    private var idleTime: Int64 = .max
    private var deadline: Int64 = .max
    private var lastActivity: Int64 = 0
    private var byteCount: Int64 = 0
    /// When to look again.
    private(set) var nextLook: Int64 = .max

    /// What was found to be late.
    enum Limit {
        case idle
        case total
    }

    init() {}

    init(_ exchange: Exchange, now: Int64) {
        idleTime = exchange.request.timeouts.idle.milliseconds
        deadline = exchange.deadline
        lastActivity = now
        scheduleLook(now)
    }

    /// Looks whether a limit is passed.
    ///
    /// - Parameters:
    ///   - now: The time.
    ///   - byteCount: The bytes that went in either direction so far.
    ///   - isServersTurn: Whether it is the server that the transfer waits for.
    /// - Returns: The limit; `nil` if there is time left.
    mutating func look(now: Int64, byteCount: Int64, isServersTurn: Bool) -> Limit? {
        guard now < deadline else { return .total }
        if byteCount != self.byteCount || !isServersTurn {
            self.byteCount = byteCount
            lastActivity = now
        }
        guard now < lastActivity.addingWithinBounds(idleTime) else { return .idle }
        scheduleLook(now)
        return nil
    }

    /// Begins to count the idle time anew.
    mutating func restart(now: Int64) {
        lastActivity = now
    }

    private mutating func scheduleLook(_ now: Int64) {
        let step = max(1, idleTime / Self.looksPerIdleTime)
        let idleEnd = lastActivity.addingWithinBounds(idleTime)
        nextLook = min(deadline, min(idleEnd, now.addingWithinBounds(step)))
    }
}

extension Duration {
    /// Milliseconds, rounded up; at most what fits.
    var milliseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, isOver) = seconds.multipliedReportingOverflow(by: 1_000)
        let rest = (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000
        let (sum, isSumOver) = product.addingReportingOverflow(rest)
        return isOver || isSumOver ? .max : sum
    }
}
