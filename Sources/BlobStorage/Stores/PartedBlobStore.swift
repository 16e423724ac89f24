/// The parts that a blob was uploaded in.
package struct BlobParts: Sendable, Hashable {
    /// The size of each part, in their order.
    package var byteCounts: [Int64]
    /// The checksum over the checksums of the parts, if the upload was begun with one.
    package var checksum: Checksum?

    package init(byteCounts: [Int64], checksum: Checksum? = nil) {
        self.byteCounts = byteCounts
        self.checksum = checksum
    }

    /// Where a part lies in the blob.
    ///
    /// - Parameter number: The part's place among those that the blob was made of, from 1; its number
    ///   in the upload may have been a higher one.
    /// - Returns: The part's bytes; `nil` if there are not so many parts.
    package func range(ofPart number: Int) -> Range<Int64>? {
        guard number >= 1, number <= byteCounts.count else { return nil }
        let start = byteCounts.prefix(number - 1).reduce(0, +)
        return start..<(start + byteCounts[number - 1])
    }
}

/// A store that remembers of which parts a blob was made.
///
/// Whoever speaks S3 to others needs it: S3 lets clients read a blob part by part, and makes the
/// checksums of most multipart uploads over those of the parts.
package protocol PartedBlobStore: BlobStore {
    /// Reads a blob's attributes, and of which parts that version was made.
    ///
    /// - Parameters:
    ///   - key: The blob to look at.
    ///   - options: Conditions on the read.
    /// - Returns: The attributes, and the parts; `nil` for a blob that was not uploaded in parts, or
    ///   of whose parts nothing is known.
    /// - Throws: As `head` does.
    func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?)
}

extension Checksum {
    /// The checksum over the checksums of parts, as S3 makes it.
    ///
    /// - Parameters:
    ///   - parts: The checksums of the parts, in their order.
    ///   - algorithm: How each was computed, and the one of them all is.
    /// - Returns: The checksum of their bytes, one behind the other.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    package static func composite(
        of parts: [Checksum],
        _ algorithm: ChecksumAlgorithm
    ) -> Checksum {
        var hasher = ChecksumHasher(algorithm)
        for part in parts { hasher.update(part.bytes) }
        return hasher.checksum()
    }
}

extension PrefixedStore: PartedBlobStore where Base: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        let name = try keyPrefix.adding(to: key, operation: "head")
        do {
            let found = try await base.headParts(name, options: options)
            return (found.attributes.renaming(key), found.parts)
        } catch {
            throw keyPrefix.translating(error, name)
        }
    }
}

extension ReadOnlyStore: PartedBlobStore where Base: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await base.headParts(key, options: options)
    }
}

extension ObservedStore: PartedBlobStore where Base: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await observing(.head(key)) { try await base.headParts(key, options: options) }
    }
}

extension PresignedStore: PartedBlobStore where Base: PartedBlobStore {
    package func headParts(
        _ key: BlobKey,
        options: HeadOptions
    ) async throws -> (attributes: BlobAttributes, parts: BlobParts?) {
        try await base.headParts(key, options: options)
    }
}
