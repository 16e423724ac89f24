extension Int64 {
    /// The sum, or the bound that it would pass: sizes come from listings, and sparse files can have
    /// nearly 2^63 bytes each.
    package func addingWithinBounds(_ other: Int64) -> Int64 {
        let (sum, overflows) = addingReportingOverflow(other)
        guard overflows else { return sum }
        return other < 0 ? .min : .max
    }

    /// The difference, or the bound that it would pass: files may have times of any century.
    package func subtractingWithinBounds(_ other: Int64) -> Int64 {
        let (difference, overflows) = subtractingReportingOverflow(other)
        guard overflows else { return difference }
        return other < 0 ? .max : .min
    }
}
