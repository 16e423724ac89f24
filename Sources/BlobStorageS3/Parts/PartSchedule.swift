package import BlobStorage

/// The sizes of the parts of a blob whose size nobody knows, one after the other.
///
/// A part has the preferred size, or a thousandth of what came before it if that is more (in whole
/// MiB, at most the vendor's largest part). So memory stays at the preferred size while a stream is
/// small, grows to a thousandth of the stream, and 10,000 parts hold much more than 10,000 times
/// the first. From parts of 8 MiB, with S3's limits, they hold 16.9 TiB; from 64 MiB 27.3 TiB; all
/// of the 48.8 TiB only from 5 GiB, since 10,000 parts can't hold more unless each is the largest.
/// A body that knows its size has no such limit (``PartPlanner/plan(byteCount:operation:key:)``).
///
/// Where a vendor wants equal parts, all have the preferred size.
package struct PartSchedule: Sendable {
    private let planner: PartPlanner
    /// How many parts were given out.
    package private(set) var partCount = 0
    /// How many bytes the parts given out have together.
    package private(set) var byteCount: Int64 = 0

    /// What part of the bytes before it a part has.
    static let growthDivisor: Int64 = 1_000

    init(_ planner: PartPlanner) {
        self.planner = planner
    }

    /// The size of the next part: it must be full unless the body ends in it.
    ///
    /// Asked for only when there is another byte.
    ///
    /// - Throws: `BlobError` of kind `tooLarge` if no part is left; it says how much there may be.
    package mutating func next(operation: String, key: BlobKey) throws -> Int64 {
        let room = planner.maximumByteCount - byteCount
        guard partCount < planner.limits.maximumPartCount, room > 0 else {
            throw BlobError(
                .tooLarge,
                operation: operation,
                key: key,
                message: "the body has more than \(byteCount) bytes, which is the most for a body "
                    + "of unknown length in parts that begin at \(planner.partByteCount); "
                    + "give its byte count, or set larger parts"
            )
        }
        let size = min(nextByteCount, room)
        partCount += 1
        byteCount += size
        return size
    }

    /// The size that the next part would have, if there is one.
    private var nextByteCount: Int64 {
        guard !planner.wantsEqualParts else { return planner.partByteCount }
        let share = byteCount / Self.growthDivisor
        let grown = share - share % PartPlanner.granularity
        return min(max(planner.partByteCount, grown), planner.limits.maximumPartByteCount)
    }
}
