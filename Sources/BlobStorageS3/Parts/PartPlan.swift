package import BlobStorage

/// How a blob of a known size is cut into parts: all of one size but the last.
package struct PartPlan: Sendable, Hashable {
    /// The size of the blob.
    package let byteCount: Int64
    /// The size of every part but the last.
    package let partByteCount: Int64
    /// How many parts there are; at least one.
    package let partCount: Int

    /// The bytes of a part.
    ///
    /// - Parameter number: The part's number, from 1 to ``partCount``.
    /// - Returns: Offsets of the blob.
    package func range(ofPart number: Int) -> Range<Int64> {
        precondition((1...partCount).contains(number), "there is no part \(number)")
        let lower = Int64(number - 1) * partByteCount
        return lower..<(number == partCount ? byteCount : lower + partByteCount)
    }
}

/// Decides how large parts are.
package struct PartPlanner: Sendable, Hashable {
    package let limits: MultipartLimits
    package let maximumByteCount: Int64
    /// The least size of a part; the vendor's limits were applied to what was preferred.
    package let partByteCount: Int64
    package let wantsEqualParts: Bool

    /// Creates a planner.
    ///
    /// - Parameters:
    ///   - limits: The vendor's limits on parts.
    ///   - maximumByteCount: The largest object.
    ///   - preferredPartByteCount: The size that parts have while they fit.
    ///   - wantsEqualParts: Whether parts of one upload must have one size.
    package init(
        limits: MultipartLimits,
        maximumByteCount: Int64,
        preferredPartByteCount: Int64 = S3Configuration.defaultPartByteCount,
        wantsEqualParts: Bool = false
    ) {
        precondition(limits.maximumPartCount > 0, "there must be at least one part")
        self.limits = limits
        self.maximumByteCount = maximumByteCount
        self.wantsEqualParts = wantsEqualParts
        partByteCount = max(
            1,
            min(
                max(preferredPartByteCount, limits.minimumPartByteCount),
                limits.maximumPartByteCount
            )
        )
    }

    /// Creates the planner of a vendor.
    package init(_ vendor: S3Vendor, preferredPartByteCount: Int64) {
        self.init(
            limits: vendor.multipartLimits,
            maximumByteCount: vendor.maximumObjectByteCount,
            preferredPartByteCount: preferredPartByteCount,
            wantsEqualParts: vendor.wantsEqualParts
        )
    }

    /// What a grown part's size is a multiple of: 1 MiB.
    static let granularity: Int64 = 1 << 20

    /// Cuts a blob of a known size.
    ///
    /// Parts have the preferred size; where the vendor's count of parts would not do, they have
    /// the least size that does, in whole MiB. An empty blob is one empty part.
    ///
    /// - Throws: `BlobError` of kind `tooLarge`.
    package func plan(byteCount: Int64, operation: String, key: BlobKey) throws -> PartPlan {
        precondition(byteCount >= 0, "a size is not negative")
        try check(byteCount, operation: operation, key: key)
        let count = Int64(limits.maximumPartCount)
        var size = partByteCount
        let needed = Self.dividedUp(byteCount, by: count)
        if needed > size {
            let grown = Self.dividedUp(needed, by: Self.granularity)
                .multipliedReportingOverflow(by: Self.granularity)
            size =
                grown.overflow
                ? limits.maximumPartByteCount
                : min(grown.partialValue, limits.maximumPartByteCount)
        }
        return PartPlan(
            byteCount: byteCount,
            partByteCount: size,
            partCount: Int(max(1, Self.dividedUp(byteCount, by: size)))
        )
    }

    /// Throws if a blob has more bytes than any plan can hold.
    package func check(_ byteCount: Int64, operation: String, key: BlobKey) throws {
        guard byteCount > limit else { return }
        throw BlobError(
            .tooLarge,
            operation: operation,
            key: key,
            message: "the blob has \(byteCount) bytes; the store takes \(limit) at most"
        )
    }

    /// The most bytes that a blob of a known size may have.
    package var limit: Int64 {
        min(maximumByteCount, Self.capped(limits.maximumPartByteCount, limits.maximumPartCount))
    }

    /// The sizes of parts of a blob whose size nobody knows.
    package func schedule() -> PartSchedule { PartSchedule(self) }

    /// How many parts of a size may be in memory at once, so that they take no more than
    /// `concurrency` parts of the first size; one at least.
    package func concurrency(ofParts size: Int64, atMost concurrency: Int) -> Int {
        let budget = Self.capped(partByteCount, concurrency)
        return max(1, min(concurrency, Int(clamping: budget / max(1, size))))
    }

    static func capped(_ size: Int64, _ count: Int) -> Int64 {
        let (product, overflow) = size.multipliedReportingOverflow(by: Int64(count))
        return overflow ? .max : product
    }

    private static func dividedUp(_ number: Int64, by divisor: Int64) -> Int64 {
        number == 0 ? 0 : (number - 1) / divisor + 1
    }
}
