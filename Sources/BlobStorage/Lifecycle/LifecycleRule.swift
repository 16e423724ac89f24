public import Foundation

/// Which blobs of a store are removed when their time is up, and which multipart uploads that nobody
/// has completed.
///
/// A rule by itself does nothing: ``BlobStore/apply(_:now:)`` removes what is due.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html
public struct LifecycleRule: Sendable, Hashable {
    /// The most days of a rule: the largest number that S3's documents have.
    public static let maximumDayCount = Int(Int32.max)

    /// When the time of a blob is up.
    @nonexhaustive
    public enum Expiration: Sendable, Hashable {
        /// So many days after it was written, and then at the next midnight UTC.
        ///
        /// One that is written on January 15 at 10:30 is due on January 19 at 0:00, if there are 3 days.
        case after(days: Int)
        /// On a date, whenever it was written; one that is written later is due at once.
        case on(date: Date)
    }

    /// The rule's name, for people.
    public var id: String
    /// Whether the rule counts.
    public var isEnabled: Bool
    /// What the keys begin with, compared by bytes; all do with an empty one.
    public var prefix: String
    /// The blob has more bytes than these; `nil` sets no bound.
    public var largerThan: Int64?
    /// The blob has fewer bytes than these; `nil` sets no bound.
    public var smallerThan: Int64?
    /// The tags that the blob has, each by its name, and maybe others too.
    ///
    /// Where a store keeps no tags, no blob has any.
    public var tags: [String: String]
    /// When blobs are removed; `nil` never.
    public var expiration: Expiration?
    /// How many days after it was begun a multipart upload is aborted, and then at the next midnight
    /// UTC; `nil` never.
    ///
    /// An upload has a key, but neither size nor tags: a rule that asks for them can't have this.
    public var abortUploadsAfterDays: Int?

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - id: The rule's name, for people.
    ///   - isEnabled: Whether the rule counts.
    ///   - prefix: What the keys begin with.
    ///   - largerThan: The bytes that the blob has more of.
    ///   - smallerThan: The bytes that the blob has fewer of.
    ///   - tags: The tags that the blob has.
    ///   - expiration: When blobs are removed.
    ///   - abortUploadsAfterDays: After how many days multipart uploads are aborted.
    public init(
        id: String = "",
        isEnabled: Bool = true,
        prefix: String = "",
        largerThan: Int64? = nil,
        smallerThan: Int64? = nil,
        tags: [String: String] = [:],
        expiration: Expiration? = nil,
        abortUploadsAfterDays: Int? = nil
    ) {
        self.id = id
        self.isEnabled = isEnabled
        self.prefix = prefix
        self.largerThan = largerThan
        self.smallerThan = smallerThan
        self.tags = tags
        self.expiration = expiration
        self.abortUploadsAfterDays = abortUploadsAfterDays
    }

    /// Throws unless the rule makes sense.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument` if it does nothing, a count of days is not 1 to
    ///   ``maximumDayCount``, no blob can have such a size, or uploads should have sizes or tags.
    public func validate() throws {
        if let problem {
            let message = "the lifecycle rule \"\(EscapedText(id))\" \(problem)"
            throw BlobError(.invalidArgument, operation: "apply", message: message)
        }
    }

    private var problem: String? {
        if expiration == nil, abortUploadsAfterDays == nil {
            return "has neither an expiration nor abortUploadsAfterDays: it would do nothing"
        }
        if case .after(let days) = expiration, !Self.isDayCount(days) {
            return "has an expiration after \(days) days; it is 1 to \(Self.maximumDayCount)"
        }
        if let days = abortUploadsAfterDays {
            guard Self.isDayCount(days) else {
                return "aborts uploads after \(days) days; it is 1 to \(Self.maximumDayCount)"
            }
            guard largerThan == nil, smallerThan == nil, tags.isEmpty else {
                return "aborts uploads by size or tags, which they have not"
            }
        }
        if let smallerThan, smallerThan <= max(largerThan ?? 0, 0) {
            let bound = largerThan.map { " and more than \($0)" } ?? ""
            return "is for blobs of fewer than \(smallerThan) bytes\(bound): there are none"
        }
        return nil
    }

    private static func isDayCount(_ days: Int) -> Bool { (1...maximumDayCount).contains(days) }
}

extension LifecycleRule {
    private static let daySecondCount = 86_400.0

    /// When days after a time are over: at the first midnight UTC after them, as on S3.
    ///
    /// - SeeAlso: "Lifecycle rules: Based on an object's age" in
    ///   https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    static func midnight(after days: Int, since time: Date) -> Date {
        let day = (time.timeIntervalSince1970 / daySecondCount).rounded(.down)
        return Date(timeIntervalSince1970: (day + Double(days) + 1) * daySecondCount)
    }

    /// Whether a blob is due, as far as its listing tells, which is all but its tags.
    func isDue(_ blob: ListedBlob, at now: Date) -> Bool {
        guard UTF8Order.hasPrefix(blob.key.text, prefix),
            largerThan.map({ blob.byteCount > $0 }) ?? true,
            smallerThan.map({ blob.byteCount < $0 }) ?? true
        else { return false }
        return switch expiration {
        case .after(let days): Self.midnight(after: days, since: blob.lastModified) <= now
        case .on(let date): date <= now
        case nil: false
        }
    }

    /// Whether a multipart upload is due.
    func isDue(_ upload: ListedMultipartUpload, at now: Date) -> Bool {
        guard let days = abortUploadsAfterDays,
            UTF8Order.hasPrefix(upload.upload.key.text, prefix)
        else { return false }
        return Self.midnight(after: days, since: upload.created) <= now
    }

    /// Whether a blob has the rule's tags.
    func holds(for found: BlobTags) -> Bool {
        tags.allSatisfy { name, value in
            found[name].map { UTF8Order.equal($0, value) } ?? false
        }
    }
}
