/// The store behind two ends of a transfer, where both are parts of the same one.
///
/// Only ``PrefixedStore`` is looked through: any other wrapper may be there to see, or to refuse,
/// the calls. Only an object can be known to be the same.
struct CommonStore: Sendable {
    private let base: any BlobStore
    private let source: KeyPrefix
    private let destination: KeyPrefix

    /// - Returns: `nil` unless both stores are the same object, or parts of it.
    init?(_ source: any BlobStore, _ destination: any BlobStore) {
        let (sourceBase, sourcePrefix) = Self.unwrapped(source)
        let (destinationBase, destinationPrefix) = Self.unwrapped(destination)
        guard type(of: sourceBase) is AnyClass, type(of: destinationBase) is AnyClass,
            sourceBase as AnyObject === destinationBase as AnyObject
        else { return nil }
        base = sourceBase
        self.source = KeyPrefix(sourcePrefix)
        self.destination = KeyPrefix(destinationPrefix)
    }

    /// Whether what is written to the one end can turn up in the listing of the other.
    var overlaps: Bool {
        UTF8Order.hasPrefix(source.text, destination.text)
            || UTF8Order.hasPrefix(destination.text, source.text)
    }

    /// Copies a blob inside the store; one that would be copied onto itself is left as it is.
    func copy(
        _ key: BlobKey,
        to destinationKey: BlobKey,
        condition: WriteCondition,
        sourceConditions: ReadConditions = ReadConditions()
    ) async throws -> BlobAttributes {
        let from = try source.adding(to: key, operation: "copy")
        let to = try destination.adding(to: destinationKey, operation: "copy")
        do {
            guard from != to || condition != .none else {
                return try await base.head(from).renaming(destinationKey)
            }
            let options = CopyOptions(condition: condition, sourceConditions: sourceConditions)
            return try await base.copy(from, to: to, options: options).renaming(destinationKey)
        } catch {
            throw destination.translating(source.translating(error, from), to)
        }
    }

    private static func unwrapped(_ store: any BlobStore) -> (any BlobStore, String) {
        guard let part = store as? any PartOfStore else { return (store, "") }
        let (base, prefix) = unwrapped(part.whole)
        return (base, prefix + part.prefix)
    }
}

/// A ``PrefixedStore``, whatever its base.
private protocol PartOfStore {
    var whole: any BlobStore { get }
    var prefix: String { get }
}

extension PrefixedStore: PartOfStore {
    fileprivate var whole: any BlobStore { base }
}
