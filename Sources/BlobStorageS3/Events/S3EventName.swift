import BlobStorage

/// The name of an event, and what kind of event it names.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html
/// - SeeAlso: https://docs.ceph.com/en/latest/radosgw/s3-notification-compatibility/
struct S3EventName {
    /// The name without `s3:`, which some put before it.
    let text: String

    init(_ text: String) {
        let hasPrefix = UTF8Order.hasPrefix(text, "s3:")
        self.text = hasPrefix ? String(decoding: text.utf8.dropFirst(3), as: UTF8.self) : text
    }

    var kind: BlobEvent.Kind {
        Self.kinds.first { UTF8Order.hasPrefix(text, $0.prefix) }?.kind ?? .other
    }

    /// The first that fits counts.
    private static let kinds: [(prefix: String, kind: BlobEvent.Kind)] = [
        // MinIO's names for changes to a blob that stays as it is.
        ("ObjectCreated:PutTagging", .tagsChanged), ("ObjectCreated:DeleteTagging", .tagsChanged),
        ("ObjectCreated:PutRetention", .other), ("ObjectCreated:PutLegalHold", .other),
        ("ObjectCreated:", .created),
        ("ObjectRemoved:", .deleted),
        ("ObjectTagging:", .tagsChanged),
        ("LifecycleExpiration:", .deleted),
        // radosgw's names for what a rule deletes, and for what comes from another zone.
        ("ObjectLifecycle:Expiration:Current", .deleted),
        ("ObjectLifecycle:Expiration:Non", .deleted),
        ("ObjectSynced:Create", .created), ("ObjectSynced:Delet", .deleted),
    ]
}
