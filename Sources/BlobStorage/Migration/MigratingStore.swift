/// Two stores as one, while an application moves from the old one to the new one.
///
/// Reads look into the new store and then into the old one. Writes go to the new store, or to both.
/// Deletes go to both, the old one first. Listings are merged. A ``Backfill`` meanwhile copies what
/// is only in the old store; when it has nothing left to copy, the new store is all there is.
///
///     let store = MigratingStore(from: old, to: new)
///     let report = try await store.backfill().run()
///
/// Every process that changes blobs must do so through such a store, or none of the promises holds.
///
/// A blob that is moved has another etag, and another time of writing, from then on: each store has
/// its own. A condition on an etag that was got before then fails with `preconditionFailed`, as after
/// any other change. To decide a condition on a blob that is only in the old store, the blob is moved
/// first; the same goes for tags that are set.
public struct MigratingStore<Old: BlobStore, New: BlobStore>: BlobStore {
    /// The store that is left.
    public let old: Old
    /// The store that is moved to.
    public let new: New
    /// Where blobs are written.
    public let writes: MigrationWrites
    let relocation: Relocation
    let mirror: OldStoreMirror

    /// Makes one store of two.
    ///
    /// - Parameters:
    ///   - old: The store that is left; without `write` there is no deleting.
    ///   - new: The store that is moved to.
    ///   - writes: Where blobs are written.
    public init(from old: Old, to new: New, writes: MigrationWrites = .new) {
        self.old = old
        self.new = new
        self.writes = writes
        relocation = Relocation(from: old, to: new)
        mirror = OldStoreMirror(of: new, in: old)
    }

    /// A backfill from the old store to the new one, of which the deletes of this store know: a blob
    /// whose delete has returned does not come back.
    ///
    /// - Parameter options: What may vary.
    /// - Returns: The backfill, which has done nothing yet.
    public func backfill(options: BackfillOptions = BackfillOptions()) -> Backfill {
        Backfill(relocation, options)
    }

    /// What the new store can do, as far as the old one does not stand in the way.
    ///
    /// Without `putIfAbsent` in the new store there are no conditions on etags, since blobs could
    /// not be moved for them.
    public var capabilities: Capabilities {
        let (old, new) = (old.capabilities, new.capabilities)
        var features = new.features
        for feature in [.write, .nulInKeys, .tags] as [Capabilities.Feature]
        where !old.features.contains(feature) {
            features.remove(feature)
        }
        if !new.features.contains(.putIfAbsent) {
            features.subtract([.putIfMatches, .deleteIfMatches, .conditionalCopy])
        }
        // What is copied from the old store is put into the new one.
        if !new.features.contains(.putIfMatches) { features.remove(.conditionalCopy) }
        var limits = [new.maximumBlobByteCount]
        if writes.isBoth { limits.append(old.maximumBlobByteCount) }
        return Capabilities(
            features: features,
            checksums: new.checksums,
            multipartChecksums: new.multipartChecksums,
            maximumBlobByteCount: limits.compactMap(\.self).min(),
            maximumKeyByteCount: min(old.maximumKeyByteCount, new.maximumKeyByteCount)
        )
    }

    /// Makes the buckets or folders that there are not, the new one first.
    public func prepare() async throws {
        try await new.prepare()
        try await old.prepare()
    }

    /// Writes a blob, replacing the one that is there.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "put", key: key)
        var decided = options
        decided.condition = try await decide(options.condition, key, "put")
        return try await mirroring(
            key,
            written: { attributes in
                guard body.isReplayable else { return nil }
                return OldStoreMirror.Written(etag: attributes.etag, body: body, options: options)
            },
            { try await new.put(key, body, options: decided) }
        )
    }

    /// Reads a blob, or a range of it.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try await reading(key) { store in
            try await store.get(key, range: range, options: options)
        }
    }

    /// Reads a blob's attributes.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await reading(key) { store in try await store.head(key, options: options) }
    }

    /// Deletes a blob in both stores; without a condition it is no error if there is none.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        guard case .ifMatches(let etag) = try await decide(options.condition, key, "delete") else {
            return try await delete(key, ifNewMatches: nil)
        }
        // Most conditions that fail do so here, before anything is deleted.
        let current = try await newAttributes(key)?.etag
        try WriteCondition.ifMatches(etag).check(current: current, operation: "delete", key: key)
        do {
            try await delete(key, ifNewMatches: etag)
        } catch {
            await mirror(key)
            throw error
        }
    }

    /// Deletes many blobs in both stores.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        var failures: [DeleteFailure] = []
        try await relocation.delete(keys) {
            failures = try await old.delete(keys)
            let failed = Set(failures.map(\.key))
            return keys.filter { !failed.contains($0) }
        } fromNew: { rest in
            failures += try await new.delete(rest)
        }
        return failures
    }

    /// Lists one page of the keys of both stores, in byte order.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await MergedListing(old: old, new: new, options).page()
    }

    /// Copies a blob inside the new store, or from the old one into it.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try options.validate(operation: "copy", key: destination)
        if case .ifMatches = options.condition {
            // A copy that fails must not move what it would have replaced.
            _ = try await head(source, options: HeadOptions(conditions: options.sourceConditions))
        }
        var decided = options
        decided.condition = try await decide(options.condition, destination, "copy")
        if source == destination, case .ifMatches(let etag) = decided.condition,
            options.condition == options.sourceConditions.ifMatches.map({ .ifMatches($0) })
        {
            // The blob may just have been moved.
            decided.sourceConditions.ifMatches = etag
        }
        return try await mirroring(destination) {
            do {
                return try await new.copy(source, to: destination, options: decided)
            } catch let error as BlobError where error.kind == .notFound {
                return try await relocation.copy(source, to: destination, options: decided)
            }
        }
    }
}

extension MigratingStore {
    /// Deletes a blob from the old store and then, perhaps as one version only, from the new one.
    private func delete(_ key: BlobKey, ifNewMatches etag: ETag?) async throws {
        try await relocation.delete([key]) {
            try await old.delete(key, options: DeleteOptions())
            return [key]
        } fromNew: { _ in
            try await new.delete(key, options: DeleteOptions(ifMatches: etag))
        }
    }

    /// Reads from whichever store has the blob.
    func reading<Result>(
        _ key: BlobKey,
        _ read: (any BlobStore) async throws -> Result
    ) async throws -> Result {
        for store in [new, old] as [any BlobStore] {
            do {
                return try await read(store)
            } catch let error as BlobError where error.kind == .notFound {
                continue
            }
        }
        // It may have been moved, and replaced or deleted in the old store, since the first look.
        return try await read(new)
    }

    /// What is in the new store; `nil` for nothing.
    func newAttributes(_ key: BlobKey) async throws -> BlobAttributes? {
        do {
            return try await new.head(key, options: HeadOptions())
        } catch let error as BlobError where error.kind == .notFound {
            return nil
        }
    }

    /// Makes a condition on both stores one that the new store can decide at once.
    ///
    /// That there is no blob, the old store decides only as long as there is none: nobody but a
    /// mirror, which writes to the new store first, puts one there.
    func decide(
        _ condition: WriteCondition,
        _ key: BlobKey,
        _ operation: String
    ) async throws -> WriteCondition {
        switch condition {
        case .none:
            return .none
        case .ifAbsent:
            do {
                let found = try await old.head(key, options: HeadOptions())
                try condition.check(current: found.etag, operation: operation, key: key)
            } catch let error as BlobError where error.kind == .notFound {}
            return .ifAbsent
        case .ifMatches(let etag):
            guard try await newAttributes(key) == nil else { return condition }
            do {
                let conditions = ReadConditions(ifMatches: etag)
                switch try await relocation.move(key, conditions: conditions) {
                case .moved(let moved): return .ifMatches(moved.copy.etag)
                case .isThere: return condition
                case .isGone:
                    try condition.check(current: nil, operation: operation, key: key)
                    return condition
                }
            } catch let error as BlobError where error.kind == .preconditionFailed {
                throw BlobError(
                    .preconditionFailed,
                    operation: operation,
                    key: key,
                    message: error.message,
                    underlying: error
                )
            }
        }
    }

    /// Runs a change of the new store, and brings the old one up to date: also if nobody knows whether
    /// the change was made.
    func mirroring(
        _ key: BlobKey,
        written: (BlobAttributes) -> OldStoreMirror.Written? = { _ in nil },
        _ change: () async throws -> BlobAttributes
    ) async throws -> BlobAttributes {
        do {
            let attributes = try await change()
            await mirror(key, written(attributes))
            return attributes
        } catch let error as BlobError where error.kind == .outcomeUnknown {
            await mirror(key)
            throw error
        }
    }

    /// Brings the old store up to date, if it is written to.
    func mirror(_ key: BlobKey, _ written: OldStoreMirror.Written? = nil) async {
        guard case .both(let onFailure) = writes else { return }
        do {
            try await mirror.update(key, written: written)
        } catch {
            onFailure(key, error)
        }
    }

    func missing(_ key: BlobKey, _ operation: String) -> BlobError {
        BlobError(.notFound, operation: operation, key: key, message: "there is no such blob")
    }
}

extension BlobStore {
    /// This store and another one as one, while an application moves from this one to that one.
    ///
    /// - Parameters:
    ///   - new: The store that is moved to.
    ///   - writes: Where blobs are written.
    /// - Returns: A ``MigratingStore``.
    public func migrating<New: BlobStore>(
        to new: New,
        writes: MigrationWrites = .new
    ) -> MigratingStore<Self, New> {
        MigratingStore(from: self, to: new, writes: writes)
    }
}
