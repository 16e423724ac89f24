extension BlobBody {
    /// The same body, whose first reading ends an observation.
    ///
    /// One chunk at a time passes through, when it is asked for; nothing is kept.
    func observed(by observation: Observation) -> BlobBody {
        guard bytesInMemory == nil else {
            observation.end(.succeeded, byteCount: byteCount)
            return self
        }
        let base = self
        let reading = ObservedReading(observation)
        let stream = ChunkStream(isReplayable: isReplayable) {
            ObservedChunkIterator(base.makeAsyncIterator(), reading)
        }
        return BlobBody(stream, byteCount: byteCount, isReplayable: isReplayable)
    }
}

/// What is known of the readings of one body.
///
/// The first reading that comes to an end, of any kind, is the one that is told of; if nobody ever
/// reads, it is told when the last one who could has gone.
private final class ObservedReading: Sendable {
    private let observation: Locked<Observation?>

    init(_ observation: Observation) {
        self.observation = Locked(observation)
    }

    deinit {
        end(.left, byteCount: 0)
    }

    func end(_ outcome: BlobOperationEnd.Outcome, byteCount: Int64) {
        let observation = observation.withLock { observation in
            defer { observation = nil }
            return observation
        }
        observation?.end(outcome, byteCount: byteCount)
    }
}

/// Hands on chunks, counts their bytes and tells of the end.
private final class ObservedChunkIterator: ChunkIterator {
    private var base: BlobBody.AsyncIterator
    private let reading: ObservedReading
    private var byteCount: Int64 = 0

    init(_ base: BlobBody.AsyncIterator, _ reading: ObservedReading) {
        self.base = base
        self.reading = reading
    }

    deinit {
        reading.end(.left, byteCount: byteCount)
    }

    override func next(isolation actor: isolated (any Actor)?) async throws -> [UInt8]? {
        do {
            guard let chunk = try await base.next(isolation: actor) else {
                reading.end(.succeeded, byteCount: byteCount)
                return nil
            }
            byteCount += Int64(chunk.count)
            return chunk
        } catch {
            reading.end(.failed(error), byteCount: byteCount)
            throw error
        }
    }
}
