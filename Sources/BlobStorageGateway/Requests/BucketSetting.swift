/// A setting of a bucket that can be asked for; few can be changed.
///
/// The answers are those of a real bucket that nobody has set anything on.
enum BucketSetting: String, Sendable {
    case location
    case versioning
    case acl
    case cors
    case tagging
    case policy
    case policyStatus
    case lifecycle
    case encryption
    case website
    case replication
    case publicAccessBlock
    case ownershipControls
    case notification
    case logging
    case accelerate
    case requestPayment
    case objectLock = "object-lock"

    /// The error that tells that there is none; `nil` where S3 answers a document without anything.
    var absence: GatewayError? {
        switch self {
        case .location, .versioning, .acl, .notification, .logging, .accelerate, .requestPayment:
            nil
        case .cors:
            GatewayError(
                404,
                "NoSuchCORSConfiguration",
                "The CORS configuration does not exist"
            )
        case .tagging: GatewayError(404, "NoSuchTagSet", "The TagSet does not exist")
        case .policy, .policyStatus:
            GatewayError(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
        case .lifecycle:
            GatewayError(
                404,
                "NoSuchLifecycleConfiguration",
                "The lifecycle configuration does not exist"
            )
        case .encryption:
            GatewayError(
                404,
                "ServerSideEncryptionConfigurationNotFoundError",
                "The server side encryption configuration was not found"
            )
        case .website:
            GatewayError(
                404,
                "NoSuchWebsiteConfiguration",
                "The specified bucket does not have a website configuration"
            )
        case .replication:
            GatewayError(
                404,
                "ReplicationConfigurationNotFoundError",
                "The replication configuration was not found"
            )
        case .publicAccessBlock:
            GatewayError(
                404,
                "NoSuchPublicAccessBlockConfiguration",
                "The public access block configuration was not found"
            )
        case .ownershipControls:
            GatewayError(
                404,
                "OwnershipControlsNotFoundError",
                "The bucket ownership controls were not found"
            )
        case .objectLock:
            GatewayError(
                404,
                "ObjectLockConfigurationNotFoundError",
                "Object Lock configuration does not exist for this bucket"
            )
        }
    }
}
