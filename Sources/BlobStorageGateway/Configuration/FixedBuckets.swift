public import BlobStorage
internal import Foundation

/// Buckets that are named when the program starts.
public struct FixedBuckets: GatewayBuckets {
    private let stores: [String: any BlobStore]
    private let created = Date()

    /// Creates buckets.
    ///
    /// - Parameter stores: The store behind each bucket's name.
    public init(_ stores: [String: any BlobStore]) {
        self.stores = stores
    }

    /// Finds a bucket.
    public func store(of name: String) -> (any BlobStore)? { stores[name] }

    /// Lists the buckets, with the time when this value was made.
    public func list() -> [GatewayBucket] {
        stores.keys.map { GatewayBucket(name: $0, created: created) }
    }

    /// Refuses.
    ///
    /// - Throws: `BlobError` of kind `unsupported`.
    public func create(_ name: String) throws {
        let message = "the buckets of this server are fixed; \"\(EscapedText(name))\" is not one"
        throw BlobError(.unsupported, operation: "createBucket", message: message)
    }
}
