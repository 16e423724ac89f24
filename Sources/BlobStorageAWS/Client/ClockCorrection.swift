internal import BlobStorage
internal import Foundation

/// The difference between the server's clock and ours, learnt when the server refuses a signature
/// for its time.
final class ClockCorrection: Sendable {
    /// A smaller difference is not why a signature was refused.
    ///
    /// S3 allows 15 minutes, the strictest services 5. The SDKs of AWS use 4 as well.
    static let threshold: TimeInterval = 4 * 60
    /// A larger difference is not believed.
    ///
    /// A wrong time zone makes up to 14 hours, a wrong day 24;
    /// beyond that a broken proxy is likelier, and signatures for a far future must not leave us.
    static let limit: TimeInterval = 26 * 3_600

    private let offset = Locked<TimeInterval>(0)

    /// What to add to our clock.
    var current: TimeInterval { offset.withLock { $0 } }

    /// Takes over the server's clock if that is why a signature was refused.
    ///
    /// - Parameters:
    ///   - serverDate: The `Date` header of the answer.
    ///   - now: Our own clock, uncorrected.
    ///   - used: The correction that the signature was made with.
    /// - Returns: Whether a signature with the new correction may be accepted.
    func learn(serverDate: Date, now: Date, used: TimeInterval) -> Bool {
        let difference = serverDate.timeIntervalSince(now)
        guard abs(difference) <= Self.limit, abs(difference - used) > Self.threshold else {
            return false
        }
        offset.withLock { $0 = difference }
        return true
    }

    /// Whether an answer can mean that the signature's time was refused.
    static func mayBeMeant(by answer: AWSFailure.Answer) -> Bool {
        // The answer to HEAD has no code.
        guard let code = answer.code else { return answer.status == 403 || answer.status == 400 }
        return codes.contains(code)
    }

    private static let codes: Set<String> = [
        "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "AccessDenied",
        "SignatureDoesNotMatch", "InvalidSignatureException", "AuthFailure",
    ]
}
