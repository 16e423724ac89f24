/// Moves single blobs from the old store of a migration into the new one, while others read, write
/// and delete them.
///
/// A copy is put with `.ifAbsent`, so it never replaces what was written to the new store. Deletes
/// go to the old store first: a copy that was put after its original was deleted finds that out by a
/// second look, and is taken back, unless somebody has replaced it. Deletes of this process also end
/// the move, wait for it, and only then go to the new store.
final class Relocation: Sendable {
    /// What came of a move.
    enum Outcome: Sendable {
        /// The blob is in the new store.
        case moved(BlobTransfer.Copied)
        /// A blob of that key was there already.
        case isThere
        /// The old store has no such blob, or none any more.
        case isGone
    }

    /// What the second look found.
    private enum Original {
        case unchanged
        case replaced
        case deleted
    }

    /// How often a blob that is replaced in the old store while it is copied is copied again.
    private static let maximumAttempts = 5

    let old: any BlobStore
    let new: any BlobStore
    private let transfer: BlobTransfer
    private let keysInMotion: KeysInMotion

    init(
        from old: any BlobStore,
        to new: any BlobStore,
        checksum: ChecksumAlgorithm = .crc64NVME,
        keysInMotion: KeysInMotion = KeysInMotion()
    ) {
        self.old = old
        self.new = new
        self.keysInMotion = keysInMotion
        transfer = BlobTransfer(
            from: old,
            into: new,
            checksum: checksum,
            keepsTags: true,
            readsBack: true
        )
    }

    /// Throws unless the new store can be filled without a risk to what is written there.
    func validate(operation: String) throws {
        guard new.capabilities.features.contains(.putIfAbsent) else {
            let message =
                "the new store does not claim putIfAbsent, without which a copy could replace "
                + "what was written there meanwhile"
            throw BlobError(.unsupported, operation: operation, message: message)
        }
    }

    /// Copies a blob into the new store, if it is not there.
    ///
    /// - Parameters:
    ///   - key: The blob.
    ///   - conditions: What must be true of it in the old store.
    ///   - didRead: Told of bytes that pass, as they pass.
    /// - Returns: What came of it.
    /// - Throws: ``BlobError``; of kind `conflict` if the blob was deleted meanwhile and the new store
    ///   can't take the copy back safely.
    func move(
        _ key: BlobKey,
        conditions: ReadConditions = ReadConditions(),
        didRead: @escaping @Sendable (Int64) -> Void = { _ in }
    ) async throws -> Outcome {
        try validate(operation: "move")
        for _ in 0..<Self.maximumAttempts {
            if let outcome = try await attempt(key, conditions, didRead) { return outcome }
        }
        throw BlobError(
            .conflict,
            operation: "move",
            key: key,
            message: "the old store's blob was replaced each time it was copied"
        )
    }

    /// Deletes blobs from both stores, so that no move brings them back.
    ///
    /// - Parameters:
    ///   - keys: The blobs.
    ///   - fromOld: Deletes them from the old store; gives those that are to be deleted from the new.
    ///   - fromNew: Deletes blobs from the new store.
    func delete(
        _ keys: [BlobKey],
        fromOld: () async throws -> [BlobKey],
        fromNew: ([BlobKey]) async throws -> Void
    ) async throws {
        try await keysInMotion.deleting(keys) {
            let rest = try await fromOld()
            await keysInMotion.waitForMoves(of: rest)
            try await fromNew(rest)
        }
    }

    /// - Returns: `nil` if the blob was replaced meanwhile, or is being deleted.
    private func attempt(
        _ key: BlobKey,
        _ conditions: ReadConditions,
        _ didRead: @escaping @Sendable (Int64) -> Void
    ) async throws -> Outcome? {
        try await keysInMotion.moving(key) {
            let copied: BlobTransfer.Copied
            do {
                copied = try await transfer.copyVersion(
                    key,
                    sourceConditions: conditions,
                    condition: .ifAbsent
                ) { byteCount in
                    try self.keysInMotion.check(key)
                    didRead(byteCount)
                }
            } catch is KeysInMotion.Stopped {
                return nil
            } catch let error as BlobError where error.kind == .notFound {
                return .isGone
            } catch let error as BlobError where error.kind == .alreadyExists {
                return .isThere
            }
            // The copy is there; even a task that is cancelled now must look whether it may stay.
            let look = Task { try await self.lookAgain(at: copied) }
            return switch try await look.value {
            case .unchanged: .moved(copied)
            case .deleted: .isGone
            case .replaced: nil
            }
        }
    }

    private func lookAgain(at copied: BlobTransfer.Copied) async throws -> Original {
        let original: Original
        do {
            let now = try await old.head(copied.original.key)
            original = now.etag == copied.original.etag ? .unchanged : .replaced
        } catch let error as BlobError where error.kind == .notFound {
            original = .deleted
        } catch {
            try await takeBack(copied.copy)
            throw error
        }
        if original != .unchanged { try await takeBack(copied.copy) }
        return original
    }

    /// Deletes a copy, if it is still the one that was put.
    private func takeBack(_ copy: BlobAttributes) async throws {
        // Whoever deletes it here will delete the copy too, after this move.
        if keysInMotion.isBeingDeleted(copy.key) { return }
        guard new.capabilities.features.contains(.deleteIfMatches) else {
            // To look and then to delete could delete what somebody wrote in between.
            throw BlobError(
                .conflict,
                operation: "move",
                key: copy.key,
                message: "the blob was deleted or replaced while it was copied, and the new store "
                    + "does not claim deleteIfMatches to take the copy back; compare it by hand"
            )
        }
        do {
            try await new.delete(copy.key, options: DeleteOptions(ifMatches: copy.etag))
        } catch let error as BlobError where [.preconditionFailed, .notFound].contains(error.kind) {
            // Somebody else has written or deleted the blob; what is there is theirs.
        }
    }
}
