import Glibc

/// A bar on the standard error that shows how far a transfer is.
///
///     put backup.tar   42 % [========>          ]  420 MiB of 1.0 GiB  210 MiB/s  0:03 left
actor Progress {
    /// What is transferred.
    struct Amount: Sendable {
        var label: String
        var done: Int64 = 0
        /// `nil` if nobody knows.
        var total: Int64?
        /// What to show behind the bytes, such as a count of blobs.
        var note = ""
    }

    /// A transfer that is over sooner needs no bar.
    private static let delay = Duration.milliseconds(300)
    private static let interval = Duration.milliseconds(100)

    private let isShown: Bool
    private let clock = ContinuousClock()
    private let started: ContinuousClock.Instant
    private var nextDrawing: ContinuousClock.Instant
    private var amount = Amount(label: "")
    private var isOnScreen = false

    init(isShown: Bool) {
        self.isShown = isShown
        started = clock.now
        nextDrawing = started + Self.delay
    }

    /// Whether the standard error is a terminal that can draw over a line.
    static var isPossible: Bool {
        let terminal = getenv("TERM").map { String(cString: $0) } ?? "dumb"
        return isatty(STDERR_FILENO) == 1 && terminal != "dumb"
    }

    /// Whether anything is drawn; if not, nothing needs to be counted.
    nonisolated var isActive: Bool { isShown }

    /// Begins to show a transfer.
    func begin(_ label: String, total: Int64?) {
        amount = Amount(label: label, total: total)
    }

    /// Counts bytes that have passed.
    func advance(by count: Int) {
        amount.done += Int64(count)
        drawIfDue()
    }

    /// Shows an amount that somebody else counts.
    func show(_ amount: Amount) {
        self.amount = amount
        drawIfDue()
    }

    /// Takes the bar away.
    func clear() {
        guard isOnScreen else { return }
        StandardStream.log("\r\u{1B}[K")
        isOnScreen = false
        nextDrawing = clock.now
    }

    private func drawIfDue() {
        let now = clock.now
        guard isShown, now >= nextDrawing else { return }
        nextDrawing = now + Self.interval
        isOnScreen = true
        let line = ProgressLine(amount, elapsed: now - started)
        StandardStream.log("\r\(line.text(width: Self.terminalWidth() - 1))\u{1B}[K")
    }

    private static func terminalWidth() -> Int {
        var size = winsize()
        guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
        return Int(size.ws_col)
    }
}
