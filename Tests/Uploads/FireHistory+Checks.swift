import BlobStorage
import BlobStorageUploadFireSupport

extension FireHistory {
    /// A document that is confirmed in the end, and whose bytes it has.
    struct Survivor {
        let record: DocumentRecord
        /// The numbers of the sendings, one for each part.
        let sendings: String
    }

    /// What the history shows that must not be.
    ///
    /// - Parameters:
    ///   - survivors: What is there in the end, by id.
    ///   - isLenient: Whether a store may be busy now and then.
    /// - Returns: What it is, in no order.
    func problems(survivors: [String: Survivor], isLenient: Bool) -> [FireProblem] {
        var problems: [FireProblem] = []
        for line in lines where line.mark == .violation {
            let rule = FireProblem.Rule(rawValue: line.kind) ?? .error
            problems.append(FireProblem(rule, line.id, line.details["message"] ?? ""))
        }
        problems += failures(isLenient: isLenient)
        problems += transitions()
        let byID = Dictionary(grouping: lines) { $0.id }
        for (id, lines) in byID where id != "-" {
            problems += Self.confirmations(id, lines, survivors[id])
            problems += Self.bytes(id, lines, survivors[id])
        }
        return problems
    }

    // MARK: Calls

    /// The kinds of `BlobError` that a busy server may bring about.
    private static let busyKinds: Set<BlobError.Kind> = [
        .throttled, .unavailable, .timedOut, .outcomeUnknown, .conflict,
    ]

    private func failures(isLenient: Bool) -> [FireProblem] {
        lines.compactMap { line in
            guard line.mark == .end, let outcome = line.details["outcome"] else { return nil }
            let isFailure = outcome.hasPrefix("other:") || outcome.hasPrefix("blob:")
            // The other worker can move the time past the end of a reservation that is being made.
            let isRefused = line.kind == "reserve" && !["ok", "expired"].contains(outcome)
            guard isFailure || isRefused else { return nil }
            let kind = BlobError.Kind(rawValue: String(outcome.dropFirst("blob:".count)))
            if isLenient, let kind, Self.busyKinds.contains(kind) { return nil }
            let message = "\(line.kind): \(line.details["error"] ?? outcome)"
            return FireProblem(.error, line.id, message)
        }
    }

    // MARK: Records

    /// A record is pending at first, is confirmed at most once, and never goes while it is confirmed.
    private func transitions() -> [FireProblem] {
        var problems: [FireProblem] = []
        /// What the record of each document told of its blob since it was confirmed.
        var confirmed: [String: String] = [:]
        /// The documents that somebody wanted deleted.
        let deleted = Set(
            lines.filter { $0.mark == .begin && $0.kind.hasSuffix("delete") }.map(\.id)
        )
        for change in changes {
            let known = confirmed[change.id]
            let isRight =
                switch (change.from, change.to) {
                case (nil, .pending), (.pending, .pending), (.pending, .deleting),
                    (.pending, nil):
                    known == nil
                case (.pending, .confirmed): known == nil
                case (.confirmed, .confirmed), (.deleting, .confirmed): known == change.marks
                case (.confirmed, .deleting): known != nil && deleted.contains(change.id)
                case (.deleting, .deleting), (.deleting, nil): true
                default: false
                }
            if !isRight {
                let from = change.from?.rawValue ?? "nothing"
                let message = "from \(from) to \(change.to?.rawValue ?? "nothing"): \(change.marks)"
                problems.append(FireProblem(.transition, change.id, message))
            }
            if change.to == .confirmed { confirmed[change.id] = change.marks }
        }
        return problems
    }

    /// All confirmations give the same, and what they gave is there unless somebody deleted it.
    private static func confirmations(
        _ id: String,
        _ lines: [FireLine],
        _ survivor: Survivor?
    ) -> [FireProblem] {
        let confirmations = lines.filter {
            $0.mark == .end && $0.kind.contains("confirm") && $0.details["outcome"] == "ok"
        }
        let marks = Set(confirmations.map { Self.marks(of: $0) })
        var problems: [FireProblem] = []
        if marks.count > 1 {
            problems.append(FireProblem(.confirmed, id, "confirmed as \(marks.sorted())"))
        }
        let wantsDeletion = lines.contains { $0.mark == .begin && $0.kind.hasSuffix("delete") }
        if survivor == nil, !confirmations.isEmpty, !wantsDeletion {
            problems.append(FireProblem(.vanished, id, "confirmed, not deleted, and not there"))
        }
        if let etag = survivor?.record.etag?.text,
            confirmations.contains(where: { $0.details["etag"] != etag })
        {
            problems.append(FireProblem(.confirmed, id, "the record has another etag now: \(etag)"))
        }
        return problems
    }

    private static func marks(of line: FireLine) -> String {
        ["etag", "bytes", "uploaded"].map { line.details[$0] ?? "-" }.joined(separator: " ")
    }

    // MARK: Bytes

    /// The bytes of a confirmed document are always the same; they were sent before it was confirmed;
    /// and where a blob can be written but once, no other sending was accepted.
    private static func bytes(
        _ id: String,
        _ lines: [FireLine],
        _ survivor: Survivor?
    ) -> [FireProblem] {
        var seen = lines.filter { $0.mark == .end && $0.kind == "audit" }
            .compactMap { line in line.details["sendings"].map { (line.time, $0) } }
        if let survivor { seen.append((.max, survivor.sendings)) }
        guard let (time, sendings) = seen.last else { return [] }
        var problems: [FireProblem] = []
        if Set(seen.map(\.1)).count > 1 {
            problems.append(FireProblem(.bytes, id, "they changed: \(seen.map(\.1))"))
        }
        let confirmed = lines.first {
            $0.mark == .end && $0.kind.contains("confirm") && $0.details["outcome"] == "ok"
        }
        // A part that is not the first has no beginning that could be wrong.
        let sent = lines.filter { $0.kind == "send" || $0.kind == "send-fake" }
        for sending in Set(sendings.split(separator: ",").map(String.init)) {
            let begin = sent.first { $0.mark == .begin && $0.details["sending"] == sending }
            if begin == nil || begin.map({ $0.time > confirmed?.time ?? .max }) == true {
                let message = "sending \(sending) was not sent before the confirmation"
                problems.append(FireProblem(.bytes, id, message))
            }
        }
        let others = sent.filter { line in
            line.mark == .end && line.details["method"] == "put" && line.time < time
                && line.details["outcome"]?.hasPrefix("2") == true
                && line.details["sending"] != sendings
        }
        if let other = others.first?.details["sending"] {
            let message = "the document has sending \(sendings), but \(other) was accepted too"
            problems.append(FireProblem(.bytes, id, message))
        }
        return problems
    }
}
