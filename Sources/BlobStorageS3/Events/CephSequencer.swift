import BlobStorage
import Foundation

/// Puts the sequencers of radosgw in an order.
///
/// They are the bytes of a time, seconds and nanoseconds of 32 bits each, as they lie in the memory of
/// the server: on all machines of our days with the lowest byte first, so that their order is none at
/// all. Compared as they are, an event of one second would come before or after one of the next by
/// chance.
///
/// - SeeAlso: `rgw_notify.cc` of Ceph, where the event's fields are filled in
enum CephSequencer {
    private static let digitCount = 16

    /// The sequencer with the highest byte of each number first, if it is not so already.
    ///
    /// - Parameters:
    ///   - sequencer: The sequencer of an event.
    ///   - time: The event's time, which tells how the digits are meant.
    /// - Returns: The sequencer to compare.
    static func corrected(_ sequencer: BlobEventSequencer, time: Date) -> BlobEventSequencer {
        guard sequencer.text.utf8.count == digitCount,
            let number = UInt64(sequencer.text, radix: 16)
        else { return sequencer }
        let seconds = UInt32(truncatingIfNeeded: number >> 32).byteSwapped
        let nanoseconds = UInt32(truncatingIfNeeded: number).byteSwapped
        func distance(_ seconds: UInt32) -> Double {
            abs(Double(seconds) - time.timeIntervalSince1970)
        }
        guard distance(seconds) < distance(UInt32(truncatingIfNeeded: number >> 32)) else {
            return sequencer
        }
        return BlobEventSequencer(UInt64(seconds) << 32 | UInt64(nanoseconds))
    }
}
