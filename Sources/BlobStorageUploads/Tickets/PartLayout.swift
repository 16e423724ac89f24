internal import BlobStorage

/// How a document is cut into parts: all of one size, but for the last.
struct PartLayout: Sendable, Hashable {
    /// Grown parts are whole MiB, so that their sizes are easy on people and disks.
    private static let step: Int64 = 1 << 20

    let byteCount: Int64
    let partByteCount: Int64

    init(byteCount: Int64, partByteCount: Int64) {
        self.byteCount = byteCount
        self.partByteCount = partByteCount
    }

    /// Cuts a document as the policy says, or into larger parts where a store wants that.
    ///
    /// - Returns: The layout; `nil` if the store can't hold so many bytes in parts.
    init?(byteCount: Int64, wanted: Int64, limits: MultipartLimits) {
        let most = Int64(limits.maximumPartCount)
        let least = byteCount / most + (byteCount % most == 0 ? 0 : 1)
        var size = max(wanted, limits.minimumPartByteCount)
        if size < least { size = (least / Self.step + 1) * Self.step }
        size = min(size, limits.maximumPartByteCount)
        guard size >= least else { return nil }
        self.init(byteCount: byteCount, partByteCount: size)
    }

    var partCount: Int {
        Int(byteCount / partByteCount) + (byteCount % partByteCount == 0 ? 0 : 1)
    }

    var numbers: ClosedRange<Int> { 1...max(partCount, 1) }

    /// Where a part begins.
    func offset(of number: Int) -> Int64 { Int64(number - 1) * partByteCount }

    /// How many bytes a part has.
    func byteCount(of number: Int) -> Int64 { min(partByteCount, byteCount - offset(of: number)) }

    /// Those of the parts that are there which are as the layout wants them, by number.
    func matching(_ parts: [UploadedPart]) -> [UploadedPart] {
        parts.filter { numbers.contains($0.number) && $0.byteCount == byteCount(of: $0.number) }
    }
}
