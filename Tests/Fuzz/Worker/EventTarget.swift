import BlobStorage
import BlobStorageS3

/// A document of events is decoded to what the rest can work with, or refused.
enum EventTarget {
    static let run: @Sendable ([UInt8]) -> Void = { bytes in
        guard case .events(let events)? = try? S3EventDecoder().decode(bytes) else { return }
        for event in events {
            precondition((1...BlobKey.maximumByteCount).contains(event.key.text.utf8.count))
            precondition(event.byteCount ?? 0 >= 0, "a size below zero")
            precondition(!event.source.isEmpty, "a bucket without a name")
            guard let sequencer = event.sequencer else { continue }
            precondition(sequencer == sequencer && !(sequencer < sequencer), "no order")
        }
    }
}
