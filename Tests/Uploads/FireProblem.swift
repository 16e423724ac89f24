/// Something that must not be.
struct FireProblem: CustomStringConvertible {
    /// Which rule is broken.
    enum Rule: String {
        /// A store took what a ticket does not allow.
        case accepted
        /// A confirmed record has not the blob that it tells of.
        case audit
        /// A confirmed blob has not the bytes that were sent first.
        case bytes
        /// There was more than one confirmation, or it gave different things.
        case confirmed
        /// A dry run changed something, or told something else than what the sweep did.
        case dryRun = "dry-run"
        /// A call failed in a way that it should not.
        case error
        /// After all has expired and one sweep there is something else than confirmed documents.
        case left
        /// Another owner's document could be reached.
        case owner
        /// The policy was not kept.
        case policy
        /// A record went from one state to another that does not follow on it.
        case transition
        /// A confirmed document is gone that nobody deleted.
        case vanished
        /// A worker ended by itself.
        case worker
    }

    let rule: Rule
    /// The document that it is about, or `-`.
    let id: String
    let message: String

    init(_ rule: Rule, _ id: String, _ message: String) {
        self.rule = rule
        self.id = id
        self.message = message
    }

    var description: String { "\(rule.rawValue) \(id): \(message)" }
}
