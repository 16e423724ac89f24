import BlobStorage

/// One sequence of operations on a model and a store, and what is known of both meanwhile.
struct ModelRun {
    /// One of the two stores.
    enum Side: CaseIterable {
        case model
        case store
    }

    /// What both stores gave for the same thing.
    struct Pair<Value> {
        var model: Value
        var store: Value

        subscript(side: Side) -> Value { side == .model ? model : store }
    }

    /// An upload that was begun on both, and its parts by number.
    struct Upload {
        var key: BlobKey
        var upload: Pair<MultipartUpload>
        var parts: [Int: Pair<UploadedPart>] = [:]
        var isCompleted = false
    }

    /// What an operation left that later ones may name.
    struct Effect {
        var etag: ETag?
        var upload: MultipartUpload?
        var part: UploadedPart?
    }

    let model: InMemoryStore
    let store: any BlobStore
    let prefix: String
    /// All versions that were written under a key, the current one last.
    var versions: [BlobKey: [Pair<ETag>]] = [:]
    var uploads: [Int: Upload] = [:]

    init(store: any BlobStore, prefix: String) {
        let limits = (store as? any MultipartBlobStore)?.multipartLimits
        model = InMemoryStore(multipartLimits: limits ?? .s3)
        self.store = store
        self.prefix = prefix
    }

    /// Performs operations until the stores disagree.
    mutating func perform(_ operations: [ModelOperation]) async throws -> ModelDifference? {
        for (index, operation) in operations.enumerated() {
            if let difference = try await step(operation, index + 1) { return difference }
        }
        return try await compareAll(operations.count)
    }

    private func agree(
        _ expected: ModelOutcome,
        _ found: ModelOutcome,
        mayFailTwice: Bool,
        mayLeaveOutChecksum: Bool = false
    ) -> Bool {
        let features = store.capabilities.features
        return ModelOutcome.agree(
            model: expected,
            store: found,
            mayFailTwice: mayFailTwice,
            mayLoseChecksum: mayLeaveOutChecksum
                || !features.contains(.checksumOfReplacingCopy)
        )
    }

    private mutating func step(
        _ operation: ModelOperation,
        _ count: Int
    ) async throws -> ModelDifference? {
        let (expected, modelEffect) = try await perform(operation, .model)
        let (found, storeEffect) = try await perform(operation, .store)
        let agrees = agree(
            expected,
            found,
            mayFailTwice: operation.mayFailTwice,
            mayLeaveOutChecksum: operation.mayLeaveOutChecksum
        )
        guard agrees else {
            return ModelDifference(
                operationCount: count,
                step: operation.description,
                expected: expected.description,
                found: found.description
            )
        }
        var changed = operation.changedKeys.map(key)
        if case .completeUpload(let slot, _, _) = operation {
            changed += uploads[slot].map { [$0.key] } ?? []
        }
        record(operation, Pair(model: modelEffect, store: storeEffect))
        for key in changed {
            if let difference = try await compare(key, count) { return difference }
        }
        return nil
    }

    private mutating func record(_ operation: ModelOperation, _ effect: Pair<Effect>) {
        switch operation {
        case .put(let key, _, _), .copy(_, let key, _, _, _):
            record(key: self.key(key), effect)
        case .completeUpload(let slot, _, _):
            guard let upload = uploads[slot], effect.model.etag != nil else { return }
            record(key: upload.key, effect)
            uploads[slot]?.isCompleted = true
        case .beginUpload(let slot, let key, _):
            guard let model = effect.model.upload, let store = effect.store.upload else { return }
            uploads[slot] = Upload(
                key: self.key(key),
                upload: Pair(model: model, store: store)
            )
        case .uploadPart(let slot, let number, _, _, _):
            guard let model = effect.model.part, let store = effect.store.part else { return }
            uploads[slot]?.parts[number] = Pair(model: model, store: store)
        default: return
        }
    }

    private mutating func record(key: BlobKey, _ effect: Pair<Effect>) {
        guard let model = effect.model.etag, let store = effect.store.etag else { return }
        versions[key, default: []].append(Pair(model: model, store: store))
    }

    func key(_ text: String) -> BlobKey {
        BlobKey(unchecked: prefix + text)
    }

    func store(_ side: Side) -> any BlobStore {
        side == .model ? model : store
    }

    /// Deletes what the run left in a store that others use too.
    func cleanUp() async {
        _ = try? await store.deleteAll(prefix: prefix)
        guard let store = store as? any MultipartBlobStore else { return }
        for upload in uploads.values { try? await store.abortMultipartUpload(upload.upload.store) }
    }
}

extension ModelRun {
    /// Compares one blob, as `get` gives it.
    private func compare(_ key: BlobKey, _ count: Int) async throws -> ModelDifference? {
        let name = String(decoding: key.text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
        return try await compare(.get(name, nil, .always), "afterwards, ", count)
    }

    /// Compares all keys, listed and read.
    private func compareAll(_ count: Int) async throws -> ModelDifference? {
        let limit = ListOptions.maximumLimit
        let list = ModelOperation.list(prefix: "", delimiter: nil, startAfter: nil, limit: limit)
        if let difference = try await compare(list, "at the end, ", count) { return difference }
        for name in ModelGenerator.keys {
            let get = ModelOperation.get(name, nil, .always)
            if let difference = try await compare(get, "at the end, ", count) { return difference }
        }
        guard store is any MultipartBlobStore else { return nil }
        return try await compare(.listUploads(prefix: ""), "at the end, ", count)
    }

    private func compare(
        _ operation: ModelOperation,
        _ when: String,
        _ count: Int
    ) async throws -> ModelDifference? {
        let expected = try await perform(operation, .model).0
        let found = try await perform(operation, .store).0
        if agree(expected, found, mayFailTwice: false) { return nil }
        return ModelDifference(
            operationCount: count,
            step: when + operation.description,
            expected: expected.description,
            found: found.description
        )
    }
}
