/// Cases of the conformance kit that a server is known to fail by faults of its own.
///
/// No capability tells of them. They run all the same, and the run counts them.
enum ServerFaults {
    static func reason(_ name: String, on server: String) -> String? {
        known[server]?.first { entry in entry.names.contains { matches(name, $0) } }?.reason
    }

    private struct Fault {
        let reason: String
        let names: [String]

        init(_ reason: String, _ names: String...) {
            self.reason = reason
            self.names = names
        }
    }

    /// Whether a name is a pattern, whose last character may be an asterisk.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    private static let known: [String: [Fault]] = [
        "CEPH16": [
            Fault(
                "an underscore in a metadata name becomes a hyphen",
                "metadata.name.punctuation.exact"
            )
        ],
        "SWIFT": [
            Fault(
                "If-None-Match and If-Unmodified-Since are decided before If-Match",
                "get.precedence.*",
                "head.precedence.*"
            ),
            Fault("start-after does not skip a common prefix", "list.delimiter.startAfter.*"),
            Fault("a prefix that no key can have is a 503", "list.prefix.matchesNothing"),
            Fault("completing and aborting at once breaks the blob", "multipart.race.*"),
            Fault(
                "a metadata value has at most 256 bytes",
                "metadata.largest",
                "metadata.value.long.exact"
            ),
            Fault("a completed upload takes parts", "multipart.completedIsGone"),
            Fault(
                "a truncated list of uploads has no marker, and a prefix is ignored",
                "multipart.listUploads.*"
            ),
        ],
        "LOCALSTACK": [
            Fault(
                "without encoding, keys that XML lacks can't be listed",
                "keys.control.*",
                "keys.unicode.noncharacters",
                "keys.length.longest.control",
                "list.pages.insertRightBehind",
                "keys.odd.*",
                "deleteMany.oddKeys"
            ),
            Fault(
                "keys are ordered by code units, prefixes before keys",
                "list.delimiter.order",
                "list.order.*"
            ),
            Fault("start-after does not skip a common prefix", "list.delimiter.startAfter.*"),
            Fault(
                "a condition on a copy's source by date goes before its etag",
                "copy.precedence.*"
            ),
            Fault(
                "completing with If-Match on a newer blob is a conflict",
                "multipart.ifMatches.hit"
            ),
            Fault("a blob whose upload is completed twice at once is empty", "multipart.race.*"),
        ],
        "MOTO": [
            Fault(
                "a key with a line break is routed nowhere",
                "keys.control.lineBreaks",
                "keys.distinct.lineBreaks",
                "keys.odd.*",
                "deleteMany.oddKeys"
            ),
            Fault("metadata names lose punctuation", "metadata.name.punctuation.exact"),
            Fault(
                "a blob that is replaced has its metadata a moment after its bytes",
                "concurrent.headDuringReplace",
                "concurrent.readersDuringReplace"
            ),
            Fault(
                "the list of parts has another root",
                "multipart.listParts.*",
                "multipart.part.*"
            ),
            Fault(
                "uploads are not ordered, and their list has no pages",
                "multipart.listUploads.*"
            ),
            Fault(
                "unknown uploads are errors of its own",
                "multipart.abort",
                "multipart.completedIsGone",
                "multipart.idOfOtherKey",
                "multipart.unknownID",
                "multipart.race.*"
            ),
        ],
    ]
}
