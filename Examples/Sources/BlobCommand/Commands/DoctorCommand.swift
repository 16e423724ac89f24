import BlobStorage
import BlobStorageS3

/// Finds out what an S3 endpoint can do.
struct DoctorCommand: Command {
    static let name = "doctor"
    static let summary = "Try out what an S3 endpoint can really do."
    static let operands = ""
    static let details = """
        Writes a few small blobs beneath .blob-storage-doctor/ in the bucket, and deletes them.
        The exit status is 1 if conditions on writes do not hold when requests race.
        """

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...0, "no operand")
    }

    private struct FindingRecord: Encodable {
        let probe: String
        let outcome: String
        let detail: String
    }

    private struct SummaryRecord: Encodable {
        let features: [String]
        let checksums: [String]
    }

    func run(_ context: Context) async throws {
        let url = try StoreURL(context.storeURL())
        guard url.scheme == StoreScheme.s3.name else {
            throw BlobError(
                .unsupported,
                operation: "doctor",
                message: "only an s3: URL has an endpoint to try out"
            )
        }
        let diagnosis = try await S3Store.open(S3Configuration(url)).doctor()
        for finding in diagnosis.findings {
            let detail = finding.detail.isEmpty ? "" : ": \(DisplayText(message: finding.detail))"
            try await context.console.print(
                "\(finding.outcome.rawValue)  \(finding.name)\(detail)",
                FindingRecord(
                    probe: finding.name,
                    outcome: finding.outcome.rawValue,
                    detail: finding.detail
                )
            )
        }
        let capabilities = diagnosis.capabilities
        let features = capabilities.features.map(\.rawValue).sorted()
        let checksums = capabilities.checksums.map(\.rawValue).sorted()
        try await context.console.print(
            "can: \((features + checksums).joined(separator: ", "))",
            SummaryRecord(features: features, checksums: checksums)
        )
        if diagnosis.findings.contains(where: { $0.outcome == .doubtful }) {
            throw NegativeResult()
        }
    }
}
