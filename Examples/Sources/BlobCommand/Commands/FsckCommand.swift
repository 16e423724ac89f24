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
            Self.text(report),
            ReportRecord(
                blobCount: report.blobCount,
                byteCount: report.byteCount,
                uploadCount: report.uploadCount,
                findingCount: report.findingCount,
                isClean: report.isClean
            )
        )
        guard report.isClean else { throw NegativeResult() }
    }

    private static func text(_ report: CheckReport) -> String {
        let verdict = report.isClean ? "clean" : "not clean; --repair does what can be done"
        return "\(report.blobCount) blobs, \(ByteCount(report.byteCount)), "
            + "\(report.uploadCount) open uploads, \(report.findingCount) findings: \(verdict)"
    }
}
