/// What ``LocalDiskStore/fsck(repair:verifyingChecksums:)`` found.
public struct CheckReport: Sendable {
    /// Something that is not as it should be.
    public struct Finding: Sendable, CustomStringConvertible {
        /// What it is.
        public let kind: Kind
        /// Where it lies, from the root; what is no text in it is shown as `\xNN`.
        public let path: String
        /// What was found, and what a repair does.
        public let message: String
        /// Whether it was repaired.
        public let isRepaired: Bool

        /// Kind, path, message and whether it was repaired, in one line.
        public var description: String {
            "\(kind.rawValue): \"\(path)\": \(message)\(isRepaired ? " (repaired)" : "")"
        }
    }

    /// The kinds of finding.
    @nonexhaustive
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What a writer that is gone has left in the private folder; a repair removes it.
        case leftover
        /// Attributes of a blob that is gone, or was changed by another program; a repair removes
        /// them.
        case orphanedAttributes
        /// Attributes that can't be read, so that the blob can't either; a repair drops them and
        /// keeps the bytes.
        case unreadableAttributes
        /// Bytes that don't have the checksum that they should have; nothing repairs them.
        case checksumMismatch
        /// A name that stands for no key; a repair gives the file the name that its key has, if
        /// that is free.
        case foreignName
        /// A symbolic link, FIFO, socket or device; it is left alone.
        case specialFile
        /// A folder without a blob in it; harmless, and left alone.
        case emptyFolder
        /// Something that the system does not let us read; it is left alone.
        case unreadable
    }

    /// How many blobs there are.
    public internal(set) var blobCount = 0
    /// How many bytes they have together; `Int64.max` if there are more.
    public internal(set) var byteCount: Int64 = 0
    /// How many blobs were compared with their checksums, where that was asked for.
    public internal(set) var verifiedCount = 0
    /// How many blobs could not be compared, since they have no checksum, where that was asked for.
    public internal(set) var unverifiedCount = 0
    /// How many multipart uploads were begun and neither completed nor aborted.
    public internal(set) var uploadCount = 0
    /// What is not as it should be, as found; at most ``maximumFindingCount``.
    ///
    /// Where there is no room for all, what was repaired and what is harmless makes room for the
    /// rest.
    public internal(set) var findings: [Finding] = []
    /// How many findings of each kind were repaired, also those that ``findings`` has no room for.
    public internal(set) var repairedCounts: [Kind: Int] = [:]
    /// How many findings of each kind were not, also those that ``findings`` has no room for.
    public internal(set) var unrepairedCounts: [Kind: Int] = [:]

    /// The most findings that are kept.
    public static let maximumFindingCount = 10_000

    /// How many findings there were, also those that ``findings`` has no room for.
    public var findingCount: Int {
        repairedCounts.values.reduce(0, +) + unrepairedCounts.values.reduce(0, +)
    }

    /// Whether there is nothing left that would need a repair; empty folders don't count.
    public var isClean: Bool { problemCount == 0 }

    private var problemCount: Int {
        unrepairedCounts.reduce(0) { $0 + ($1.key.isHarmless ? 0 : $1.value) }
    }

    mutating func add(_ kind: Kind, _ path: String, _ message: String, isRepaired: Bool = false) {
        if isRepaired {
            repairedCounts[kind, default: 0] += 1
        } else {
            unrepairedCounts[kind, default: 0] += 1
        }
        let finding = Finding(kind: kind, path: path, message: message, isRepaired: isRepaired)
        if findings.count == Self.maximumFindingCount {
            // As long as the problems are no more than the places, something else has one of them.
            guard finding.isProblem, problemCount <= Self.maximumFindingCount,
                let place = findings.lastIndex(where: { !$0.isProblem })
            else { return }
            findings.remove(at: place)
        }
        findings.append(finding)
    }
}

extension CheckReport.Kind {
    /// Whether a store that has it is clean.
    fileprivate var isHarmless: Bool { self == .emptyFolder }
}

extension CheckReport.Finding {
    /// Whether it is why a store is not clean.
    fileprivate var isProblem: Bool { !isRepaired && !kind.isHarmless }
}
