internal import BlobStorage
internal import BlobStorageAWS
internal import Foundation

/// The text of the `Date` header, written once a second however many answers there are.
final class DateHeader: Sendable {
    private let last = Locked<(second: Int64, text: String)>((.min, ""))

    func text(_ date: Date) -> String {
        let second = Int64(date.timeIntervalSince1970.rounded(.down))
        return last.withLock { last in
            if last.second != second { last = (second, HTTPDate.text(date)) }
            return last.text
        }
    }
}
