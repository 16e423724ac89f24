/// A store that lies at a place, so that two that are not the same object can be told to overlap.
package protocol PlacedStore {
    /// Where the store's blobs lie; `nil` if that can't be told.
    ///
    /// A place that begins with another one lies inside it, such as a folder's real path with a
    /// slash at the end.
    func place() async throws -> String?
}

extension BlobStore {
    /// Where the blobs of a store, or of the one it wraps, lie.
    fileprivate func anyPlace() async throws -> String? {
        try await (self as? any PlacedStore)?.place()
    }
}

extension PrefixedStore: PlacedStore {
    package func place() async throws -> String? {
        try await base.anyPlace().map { $0 + prefix }
    }
}

extension ReadOnlyStore: PlacedStore {
    package func place() async throws -> String? {
        try await base.anyPlace()
    }
}

extension ObservedStore: PlacedStore {
    package func place() async throws -> String? {
        try await base.anyPlace()
    }
}

extension PresignedStore: PlacedStore {
    package func place() async throws -> String? {
        try await base.anyPlace()
    }
}

extension BlobSync {
    /// Whether what is written to the one end can turn up in the listing of the other.
    func endsOverlap() async throws -> Bool {
        if let common = CommonStore(source, destination) { return common.overlaps }
        guard let from = try await source.anyPlace(), let to = try await destination.anyPlace()
        else { return false }
        return UTF8Order.hasPrefix(from, to) || UTF8Order.hasPrefix(to, from)
    }
}
