import BlobStorage
import BlobStorageDisk

/// Checks a store on disk.
struct FsckCommand: Command {
    static let name = "fsck"
    static let summary = "Check a store on disk; the exit status is 1 if something needs a repair."
    static let operands = ""
    static let options: [OptionSpec] = [
        .flag("repair", nil, "repair what can be repaired without losing a byte"),
        .flag("verify", nil, "read every blob that has a checksum, and compare"),
    ]

    private let repairs: Bool
    private let verifies: Bool

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...0, "no operand")
        repairs = arguments.has("repair")
        verifies = arguments.has("verify")
    }

    private struct FindingRecord: Encodable {
        let kind: String
        let path: String
        let message: String
        let isRepaired: Bool
    }

    private struct ReportRecord: Encodable {
        let blobCount: Int
        let byteCount: Int64
        let uploadCount: Int
        let findingCount: Int
        let repairableCount: Int
        let repairedCount: Int
        var verifiedCount: Int?
        var unverifiedCount: Int?
        let isClean: Bool
    }

    func run(_ context: Context) async throws {
        guard let store = try await context.store() as? LocalDiskStore else {
            throw BlobError(
                .unsupported,
                operation: "fsck",
                message: "only a store on disk can be checked, one of a file: URL"
            )
        }
        let report = try await store.fsck(repair: repairs, verifyingChecksums: verifies)
        for finding in report.findings {
            try await context.console.print(
                DisplayText(message: finding.description).description,
                FindingRecord(
                    kind: finding.kind.rawValue,
                    path: finding.path,
                    message: finding.message,
                    isRepaired: finding.isRepaired
                )
            )
        }
        try await context.console.print(
            text(report),
            ReportRecord(
                blobCount: report.blobCount,
                byteCount: report.byteCount,
                uploadCount: report.uploadCount,
                findingCount: report.findingCount,
                repairableCount: report.repairableCount,
                repairedCount: report.repairedCount,
                verifiedCount: verifies ? report.verifiedCount : nil,
                unverifiedCount: verifies ? report.unverifiedCount : nil,
                isClean: report.isClean
            )
        )
        guard report.isClean else { throw NegativeResult() }
    }

    private func text(_ report: CheckReport) -> String {
        let counts = [
            Self.count(report.blobCount, "blob"), ByteCount(report.byteCount).description,
            Self.count(report.uploadCount, "open upload"),
            Self.count(report.findingCount, "finding"),
        ]
        var text = counts.joined(separator: ", ") + ": " + verdict(report)
        if verifies {
            text +=
                ": \(report.verifiedCount) verified, "
                + "\(report.unverifiedCount) without a checksum"
        }
        return text
    }

    private func verdict(_ report: CheckReport) -> String {
        let verdict = report.isClean ? "clean" : "not clean"
        if repairs {
            guard report.findingCount > 0 else { return verdict }
            return "\(verdict), \(report.repairedCount) repaired"
        }
        guard !report.isClean else { return verdict }
        let count = report.repairableCount
        let advice = count == 0 ? "none can be repaired" : "--repair can repair \(count)"
        return "\(verdict), \(advice)"
    }

    private static func count(_ count: Int, _ noun: String) -> String {
        "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
}

extension CheckReport {
    /// How many of the findings a repair would see to.
    fileprivate var repairableCount: Int {
        let kinds: [Kind] = [.leftover, .orphanedAttributes, .unreadableAttributes, .foreignName]
        return kinds.reduce(0) { $0 + unrepairedCounts[$1, default: 0] }
    }

    fileprivate var repairedCount: Int { repairedCounts.values.reduce(0, +) }
}
