/// Remembers for a bounded count of keys which of their events was the last one done.
///
/// Two generations: when the young one is full it becomes the old one, and what was not asked for or
/// renewed in the meantime is forgotten. So no order of use has to be kept.
struct EventMemory {
    private let generationLimit: Int
    private var young: [EventLaneID: BlobEventSequencer] = [:]
    private var old: [EventLaneID: BlobEventSequencer] = [:]

    /// - Parameter keyLimit: How many keys are remembered at most; at least half of them are.
    init(keyLimit: Int) {
        generationLimit = max(1, keyLimit / 2)
    }

    var count: Int { young.count + old.count }

    /// The last sequencer of a lane, where it is still known.
    func last(of lane: EventLaneID) -> BlobEventSequencer? {
        young[lane] ?? old[lane]
    }

    mutating func note(_ sequencer: BlobEventSequencer, of lane: EventLaneID) {
        old[lane] = nil
        young[lane] = sequencer
        guard young.count >= generationLimit else { return }
        old = young
        young = [:]
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
