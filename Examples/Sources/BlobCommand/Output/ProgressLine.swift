/// The text of a progress bar.
struct ProgressLine {
    private static let maximumBarWidth = 24
    private static let maximumLabelWidth = 32

    private let amount: Progress.Amount
    private let seconds: Double

    init(_ amount: Progress.Amount, elapsed: Duration) {
        self.amount = amount
        seconds = elapsed / .seconds(1)
    }

    /// The line, in at most `width` columns: what does not fit is left out, the bar first.
    func text(width: Int) -> String {
        let label = DisplayText.tail(
            of: DisplayText(amount.label).description,
            width: Self.maximumLabelWidth
        )
        let counts = [bytes, amount.note, rate, timeLeft].compactMap { $0 }.filter { !$0.isEmpty }
        var parts = [label, percent].compactMap { $0 }
        let tail = counts.joined(separator: "  ")
        let used =
            DisplayText.width(of: parts.joined(separator: "  ")) + DisplayText.width(of: tail)
        let room = min(Self.maximumBarWidth, width - used - 6)
        if let fraction, room >= 8 { parts.append(Self.bar(fraction, width: room)) }
        parts.append(tail)
        let line = parts.joined(separator: "  ")
        return DisplayText.width(of: line) <= width
            ? line : DisplayText.tail(of: line, width: max(width, 1))
    }

    private var fraction: Double? {
        guard let total = amount.total, total > 0 else { return nil }
        return min(1, Double(amount.done) / Double(total))
    }

    private var percent: String? {
        fraction.map {
            let digits = "\(Int($0 * 100))"
            return String(repeating: " ", count: 3 - digits.utf8.count) + digits + " %"
        }
    }

    private var bytes: String {
        let done = ByteCount(amount.done)
        return amount.total.map { "\(done) of \(ByteCount($0))" } ?? "\(done)"
    }

    private var bytesPerSecond: Double { seconds > 0 ? Double(amount.done) / seconds : 0 }

    private var rate: String? {
        bytesPerSecond >= 1 ? "\(ByteCount(Int64(bytesPerSecond)))/s" : nil
    }

    private var timeLeft: String? {
        guard let total = amount.total, bytesPerSecond >= 1, amount.done < total else { return nil }
        let left = Int(min(Double(total - amount.done) / bytesPerSecond, 359_999).rounded(.up))
        let minutes = (left / 60 % 60).padded(left >= 3_600 ? 2 : 1)
        let hours = left >= 3_600 ? "\(left / 3_600):" : ""
        return "\(hours)\(minutes):\((left % 60).padded(2)) left"
    }

    private static func bar(_ fraction: Double, width: Int) -> String {
        let inner = width - 2
        let filled = Int(Double(inner) * fraction)
        let tip = filled < inner ? ">" : ""
        let rest = String(repeating: " ", count: max(0, inner - filled - tip.count))
        return "[" + String(repeating: "=", count: filled) + tip + rest + "]"
    }
}
