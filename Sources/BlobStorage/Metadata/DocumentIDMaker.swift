public import Foundation

/// Makes ids that sort by the time they were made: UUIDs of version 7.
///
/// Of two ids of one maker the later one is greater, also within one millisecond and when the clock
/// is set back. 62 bits of each are random, so that makers on many machines need not know of each
/// other, and nobody guesses an id.
///
/// - SeeAlso: RFC 9562, sections 5.7 and 6.2 (method 1, a counter of 12 bits)
public final class DocumentIDMaker: Sendable {
    private struct State {
        var milliseconds: UInt64 = 0
        var counter: UInt64 = 0
    }

    /// The most that a counter begins with: half of what it can count to is left.
    private static let counterSeedMask: UInt64 = 0x7FF
    private static let counterLimit: UInt64 = 0xFFF
    private static let timeMask: UInt64 = 0xFFFF_FFFF_FFFF
    private static let randomMask: UInt64 = 0x3FFF_FFFF_FFFF_FFFF

    private let state = Locked(State())
    private let now: @Sendable () -> Date
    private let random: @Sendable () -> UInt64

    /// Creates a maker.
    ///
    /// - Parameters:
    ///   - now: Tells the time.
    ///   - random: Gives 64 random bits, of a generator that nobody can predict.
    public init(
        now: @escaping @Sendable () -> Date = { Date() },
        random: @escaping @Sendable () -> UInt64 = {
            var generator = SystemRandomNumberGenerator()
            return generator.next()
        }
    ) {
        self.now = now
        self.random = random
    }

    /// A new id, greater than all before it.
    public func next() -> DocumentID {
        let time = UInt64(clamping: DocumentTime.milliseconds(of: now())) & Self.timeMask
        let seed = random() & Self.counterSeedMask
        let tail = random() & Self.randomMask
        let (milliseconds, counter) = state.withLock { state in
            if time > state.milliseconds {
                state = State(milliseconds: time, counter: seed)
            } else if state.counter < Self.counterLimit {
                state.counter += 1
            } else {
                // More ids than a millisecond holds: the time runs ahead of the clock a little.
                state = State(milliseconds: state.milliseconds + 1, counter: seed)
            }
            return (state.milliseconds, state.counter)
        }
        let high = (milliseconds << 16) | 0x7000 | counter
        return DocumentID(unchecked: Self.text(high, 1 << 63 | tail))
    }

    /// The canonical text of a UUID, in lower case.
    private static func text(_ high: UInt64, _ low: UInt64) -> String {
        let digits = Array("0123456789abcdef".utf8)
        var text: [UInt8] = []
        text.reserveCapacity(36)
        for (index, half) in [high, low].enumerated() {
            for place in 0..<16 {
                let number = index * 16 + place
                if [8, 12, 16, 20].contains(number) { text.append(UInt8(ascii: "-")) }
                text.append(digits[Int(truncatingIfNeeded: half >> UInt64(60 - place * 4)) & 15])
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
