import BlobStorage
import BlobStorageUploadFireSupport
import Foundation

/// What all workers of a run wrote down, in the order of time.
struct FireHistory {
    let lines: [FireLine]
    let changes: [FireDatabase.Change]

    init(_ stage: FireStage, workers: [String]) throws {
        var lines: [FireLine] = []
        for worker in workers {
            lines += try Self.lines(of: worker, stage)
        }
        self.lines = lines.sorted { $0.time < $1.time }
        changes = try FireDatabase(path: stage.databasePath).changes()
    }

    /// What one worker wrote.
    static func lines(of worker: String, _ stage: FireStage) throws -> [FireLine] {
        guard let data = FileManager.default.contents(atPath: stage.logPath(of: worker)) else {
            return []
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n")
            .compactMap(FireLine.init)
    }

    /// All that concerns a document, for people.
    func text(of id: String) -> String {
        let start = lines.first?.time ?? 0
        let told = lines.filter { $0.id == id || $0.kind.hasSuffix("sweep") }
        let first = told.first { $0.id == id }?.time ?? 0
        let last = told.last { $0.id == id }?.time ?? 0
        let steps = told.filter { $0.time >= first && $0.time <= last + 1_000_000_000 }.map {
            var line = $0
            line.time = ($0.time - start) / 1_000
            return line.text
        }
        let noted = changes.filter { $0.id == id }.map {
            "record: \($0.from?.rawValue ?? "-") -> \($0.to?.rawValue ?? "-") \($0.marks)"
        }
        return (steps + noted).joined(separator: "\n")
    }

    // MARK: Counts

    /// How many steps there were, and what came of them, by kind.
    var summary: String {
        var counts: [String: [String: Int]] = [:]
        for line in lines where line.mark == .end {
            counts[line.kind, default: [:]][line.details["outcome"] ?? "?", default: 0] += 1
        }
        return counts.sorted { $0.key < $1.key }.map { kind, outcomes in
            let parts = outcomes.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(8)
            let total = outcomes.values.reduce(0, +)
            return "  \(kind) \(total): "
                + parts.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
        }.joined(separator: "\n")
    }

    /// How many steps were begun.
    var stepCount: Int { lines.count { $0.mark == .begin } }

    /// How often two workers acted on one document at the same moment.
    var meetingCount: Int { lines.count { $0.mark == .begin && $0.kind.hasPrefix("visit-") } }
}
