import BlobStorage
import Synchronization

/// Hands the events of a store to a processor that is made after it.
///
/// The store needs somebody to give events to, and what handles them needs the store.
final class EventIntake: Sendable {
    private let processor = Mutex<BlobEventProcessor?>(nil)

    func connect(_ processor: BlobEventProcessor) {
        self.processor.withLock { $0 = processor }
    }

    func offer(_ event: BlobEvent) async {
        // Before there is a processor, nothing is answered, and so nothing changes.
        await processor.withLock { $0 }?.offer(event)
    }
}
