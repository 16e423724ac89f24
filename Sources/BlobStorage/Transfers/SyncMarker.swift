/// Tells up to which key everything is dealt with, while blobs end out of their order.
///
/// It remembers the blobs that are worked on, and the first that failed; not those that are done.
struct SyncMarker: Sendable {
    private struct Place {
        let key: BlobKey
        /// The text that the marker is as long as this blob is not dealt with.
        let before: String?
    }

    private var last: String?
    private var open: [BlobKey: Place] = [:]
    private var firstFailure: Place?

    init(startAfter: String?) {
        last = startAfter
    }

    /// The marker; `nil` if nothing is dealt with.
    var text: String? {
        let places = firstFailure.map { [$0] } ?? []
        let first = (places + open.values).min { $0.key < $1.key }
        guard let first else { return last }
        return first.before
    }

    /// The listing gave a blob, behind all others.
    mutating func found(_ key: BlobKey) {
        open[key] = Place(key: key, before: last)
        last = key.text
    }

    /// A blob is dealt with, or has failed.
    mutating func ended(_ key: BlobKey, isFailure: Bool) {
        guard let place = open.removeValue(forKey: key), isFailure else { return }
        if firstFailure.map({ key < $0.key }) ?? true { firstFailure = place }
    }
}
