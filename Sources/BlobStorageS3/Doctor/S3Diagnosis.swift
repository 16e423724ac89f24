public import BlobStorage

/// What ``S3Store/doctor()`` found out about an endpoint.
public struct S3Diagnosis: Sendable {
    /// One thing that was tried.
    public struct Finding: Sendable, Hashable {
        /// What came of it.
        public enum Outcome: String, Sendable, Hashable, CaseIterable {
            /// It works as S3 documents it.
            case works
            /// The endpoint refuses it, or ignores it.
            case missing
            /// It works when nothing else happens, and fails when requests race.
            case doubtful
        }

        /// What was tried, such as `put if absent`.
        public let name: String
        /// What came of it.
        public let outcome: Outcome
        /// What was seen; empty if it works.
        public let detail: String

        /// Creates a finding.
        public init(name: String, outcome: Outcome, detail: String = "") {
            self.name = name
            self.outcome = outcome
            self.detail = detail
        }
    }

    /// What was tried, in order.
    public let findings: [Finding]
    /// The vendor's profile, corrected by what was found; set it in the configuration to claim that.
    public let vendor: S3Vendor

    /// Creates a diagnosis.
    public init(findings: [Finding], vendor: S3Vendor) {
        self.findings = findings
        self.vendor = vendor
    }

    /// What a store with this vendor can do.
    public var capabilities: Capabilities { vendor.capabilities }
}

extension S3Diagnosis: CustomStringConvertible {
    /// A line a finding.
    public var description: String {
        findings.map { finding in
            let detail = finding.detail.isEmpty ? "" : ": \(finding.detail)"
            return "\(finding.name): \(finding.outcome.rawValue)\(detail)"
        }
        .joined(separator: "\n")
    }
}
