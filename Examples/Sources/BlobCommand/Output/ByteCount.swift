/// A count of bytes as people read it: `0 B`, `1.5 KiB`, `12 GiB`.
struct ByteCount: CustomStringConvertible {
    let description: String

    init(_ count: Int64) {
        let units = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"]
        var value = Double(count)
        var unit = 0
        // What would round to 1024 is shown in the next unit.
        while value.magnitude >= 1_023.5, unit < units.count - 1 {
            value /= 1_024
            unit += 1
        }
        let isShort = unit > 0 && value < 9.95
        let tenths = Int64((value * 10).rounded())
        let number = isShort ? "\(tenths / 10).\(tenths % 10)" : "\(Int64(value.rounded()))"
        description = "\(number) \(units[unit])"
    }
}
