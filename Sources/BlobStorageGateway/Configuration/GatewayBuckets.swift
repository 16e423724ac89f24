public import BlobStorage
public import Foundation

/// The buckets that a gateway serves: names, and the store behind each.
public protocol GatewayBuckets: Sendable {
    /// Finds a bucket.
    ///
    /// - Parameter name: The bucket's name, as a client sent it: any text without slashes and ASCII's
    ///   control characters, but for `.` and `..`.
    /// - Returns: Its store; `nil` if there is no such bucket.
    /// - Throws: What went wrong when it was looked for; `BlobError` is told as S3 does.
    func store(of name: String) async throws -> (any BlobStore)?

    /// Lists the buckets.
    ///
    /// - Returns: Names and dates, in any order.
    /// - Throws: What went wrong when they were looked for; `BlobError` is told as S3 does.
    func list() async throws -> [GatewayBucket]

    /// Makes a bucket.
    ///
    /// - Parameter name: A valid bucket name, not taken yet when it was last looked at.
    /// - Throws: `BlobError` of kind `unsupported` if buckets can't be made, `alreadyExists` if
    ///   somebody else just did.
    func create(_ name: String) async throws

    /// Deletes a bucket.
    ///
    /// - Parameter name: The name of a bucket that was empty when it was last looked at.
    /// - Throws: `BlobError` of kind `unsupported` if buckets can't be deleted, `conflict` if it is not
    ///   empty any more.
    func delete(_ name: String) async throws

    /// What clients have set for a bucket.
    ///
    /// It is asked with every request, so it should answer from memory.
    ///
    /// - Parameter name: The bucket's name, as a client sent it: any text without slashes and ASCII's
    ///   control characters, but for `.` and `..`.
    /// - Returns: The settings; empty ones if nothing is set, or there is no such bucket.
    /// - Throws: What went wrong when they were looked for; then nothing is allowed by them, and
    ///   ``S3GatewayConfiguration/onFailure`` is told.
    func settings(of name: String) async throws -> GatewayBucketSettings

    /// Changes what clients have set for a bucket; of two changes at once, each sees the other's or is
    /// seen by it.
    ///
    /// - Parameters:
    ///   - name: The name of a bucket that was there when it was last looked at.
    ///   - change: Changes the settings that there are. It may be called again, with others, if somebody
    ///     else has changed them meanwhile.
    /// - Throws: `BlobError` of kind `unsupported` if nothing can be set.
    func changeSettings(
        of name: String,
        _ change: @Sendable (inout GatewayBucketSettings) -> Void
    ) async throws
}

extension GatewayBuckets {
    /// Refuses: buckets stay unless their owner says otherwise.
    ///
    /// - Throws: `BlobError` of kind `unsupported`.
    public func delete(_ name: String) async throws {
        let message = "the buckets of this server can't be deleted"
        throw BlobError(.unsupported, operation: "deleteBucket", message: message)
    }

    /// Has none: what there is to set is in the configuration.
    public func settings(of name: String) async throws -> GatewayBucketSettings {
        GatewayBucketSettings()
    }

    /// Refuses: what there is to set is in the configuration.
    ///
    /// - Throws: `BlobError` of kind `unsupported`.
    public func changeSettings(
        of name: String,
        _ change: @Sendable (inout GatewayBucketSettings) -> Void
    ) async throws {
        let message = "the settings of this server's buckets are in its configuration"
        throw BlobError(.unsupported, operation: "changeSettings", message: message)
    }
}

/// A bucket in a list.
public struct GatewayBucket: Sendable, Hashable {
    /// The name.
    public var name: String
    /// When it was made, or when the gateway began to serve it.
    public var created: Date

    /// Creates a bucket's line.
    ///
    /// - Parameters:
    ///   - name: The name.
    ///   - created: When it was made.
    public init(name: String, created: Date) {
        self.name = name
        self.created = created
    }
}
