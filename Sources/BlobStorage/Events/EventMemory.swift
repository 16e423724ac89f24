/// Remembers for a bounded count of keys which of their events was the last one done.
///
/// Two generations: when the young one is full it becomes the old one, and what was not asked for or
/// renewed in the meantime is forgotten. So no order of use has to be kept.
struct EventMemory {
    private let generationLimit: Int
    private var young: [EventLaneID: EventProgress] = [:]
    private var old: [EventLaneID: EventProgress] = [:]

    /// - Parameter keyLimit: How many keys are remembered at most; at least half of them are.
    init(keyLimit: Int) {
        generationLimit = max(1, keyLimit / 2)
    }

    var count: Int { young.count + old.count }

    /// Whether an event of a lane is of the past, as far as that is still known.
    func isPast(_ event: BlobEvent, in lane: EventLaneID) -> Bool {
        (young[lane] ?? old[lane])?.isPast(event) ?? false
    }

    mutating func note(_ event: BlobEvent, in lane: EventLaneID) {
        guard event.sequencer != nil else { return }
        var progress = young[lane] ?? old[lane] ?? EventProgress()
        progress.note(event)
        old[lane] = nil
        young[lane] = progress
        guard young.count >= generationLimit else { return }
        old = young
        young = [:]
    }
}

/// How far the events of one key are done.
struct EventProgress {
    /// The last one of each kind, unless one of another kind says all that it said.
    private var last: [BlobEvent.Kind: BlobEventSequencer] = [:]

    /// Whether what an event says was said by a later one, or by the same.
    func isPast(_ event: BlobEvent) -> Bool {
        guard let sequencer = event.sequencer else { return false }
        return last.contains { $0.key.supersedes(event.kind) && sequencer <= $0.value }
    }

    mutating func note(_ event: BlobEvent) {
        guard let sequencer = event.sequencer else { return }
        last = last.filter { !(event.kind.supersedes($0.key) && $0.value <= sequencer) }
        last[event.kind] = max(last[event.kind] ?? sequencer, sequencer)
    }
}

extension BlobEvent.Kind {
    /// Whether an event of this kind says all that an earlier one of another kind did.
    ///
    /// Whatever a blob was and had is gone when it is written anew or deleted. Tags and rights that
    /// changed say nothing of its bytes.
    func supersedes(_ other: Self) -> Bool {
        switch self {
        case .created, .deleted: true
        case .tagsChanged, .other: self == other
        }
    }
}

/// The events that have an order among them: those of one key in one store.
struct EventLaneID: Hashable {
    let source: String
    let key: BlobKey

    init(_ event: BlobEvent) {
        source = event.source
        key = event.key
    }

    static func == (a: Self, b: Self) -> Bool {
        a.key == b.key && UTF8Order.equal(a.source, b.source)
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(key)
    }
}
