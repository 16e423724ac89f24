internal import BlobStorage
internal import BlobStorageAWS
internal import Foundation

/// From when until when a signature is good, in whole seconds.
struct SigningTime {
    /// The second in which it is signed.
    let date: Date
    let secondCount: Int64

    var end: Date { date.addingTimeInterval(Double(secondCount)) }

    private static let lifetimes: ClosedRange<Duration> =
        .seconds(SigV4Signer.expirySeconds.lowerBound)
        ... .seconds(SigV4Signer.expirySeconds.upperBound)

    /// Throws unless a lifetime can be signed.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    static func check(_ lifetime: Duration, _ key: BlobKey) throws {
        guard !lifetimes.contains(lifetime) else { return }
        let range = SigV4Signer.expirySeconds
        throw PresignOptions.invalid(
            "the lifetime is \(lifetime); a signature is good for \(range.lowerBound) to "
                + "\(range.upperBound) seconds",
            key
        )
    }

    /// The time of a signature that is made now.
    ///
    /// - Parameters:
    ///   - now: The time of day, of the store if it differs.
    ///   - lifetime: How long the signature is to be good; part of a second does not count.
    ///   - credentials: Who signs: it is good no longer than they are.
    ///   - key: The key to name in an error.
    /// - Throws: `BlobError` of kind `unauthenticated` if the credentials expired.
    init(
        _ now: Date,
        _ lifetime: Duration,
        _ credentials: AWSCredentials,
        _ key: BlobKey
    ) throws {
        let second = now.timeIntervalSince1970.rounded(.down)
        date = Date(timeIntervalSince1970: second)
        var seconds = lifetime.components.seconds
        if let expiration = credentials.expiration {
            let left = (expiration.timeIntervalSince1970 - second).rounded(.down)
            // What is left may be more than a number of seconds holds, or no number at all.
            if !(left >= Double(seconds)) { seconds = left >= 1 ? Int64(left) : 0 }
        }
        guard seconds >= 1 else {
            throw BlobError(
                .unauthenticated,
                operation: PresignOptions.operation,
                key: key,
                message: "the credentials expired, or do within a second; nothing that they sign "
                    + "would be good"
            )
        }
        secondCount = seconds
    }
}
