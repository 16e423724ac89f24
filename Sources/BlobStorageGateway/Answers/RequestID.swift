internal import BlobStorage

/// The id of a request, which its answer carries and a log can name: 16 hexadecimal digits.
struct RequestID: Sendable {
    let text: String

    init() {
        let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16, uppercase: true)
        text = String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }
}
