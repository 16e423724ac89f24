public import BlobStorage

/// A store whose calls go wrong by a plan, to test what stands on stores.
///
///     let store = FaultyStore(InMemoryStore(), .scripted([
///         Fault(.put, number: 2, .failAfter(error))
///     ]))
///
/// It takes parts if its base does. Where a call has no body, a cut body is an error before it.
public final class FaultyStore<Base: BlobStore>: BlobStore {
    private struct State {
        var counts: [StoreCall: Int] = [:]
        var random: SplitMix64
        var injected: [Fault] = []
    }

    /// The store that holds the blobs.
    public let base: Base

    private let plan: FaultPlan
    private let state: Locked<State>

    /// Creates a store over another one.
    ///
    /// - Parameters:
    ///   - base: The store that holds the blobs.
    ///   - plan: Which calls go wrong.
    public init(_ base: Base, _ plan: FaultPlan) {
        self.base = base
        self.plan = plan
        if case .seeded(let seed, _) = plan {
            state = Locked(State(random: SplitMix64(seed)))
        } else {
            state = Locked(State(random: SplitMix64(0)))
        }
    }

    /// The faults that were injected so far, in order.
    public var injectedFaults: [Fault] { state.withLock(\.injected) }

    /// How often a call was made, whatever came of it.
    ///
    /// - Parameter call: The call to count.
    /// - Returns: The count.
    public func count(of call: StoreCall) -> Int {
        state.withLock { $0.counts[call] ?? 0 }
    }

    /// What the base store can do.
    public var capabilities: Capabilities { base.capabilities }

    /// Prepares the base store; nothing is injected here.
    public func prepare() async throws {
        try await base.prepare()
    }

    /// Writes a blob, or fails to.
    public func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await perform(.put) { cut in
            try await base.put(key, cut.applied(to: body), options: options)
        }
    }

    /// Reads a blob, or fails to, then or in the midst of its body.
    public func get(
        _ key: BlobKey,
        range: ByteRange?,
        options: GetOptions
    ) async throws -> Blob {
        try await perform(.get) { cut in
            let blob = try await base.get(key, range: range, options: options)
            return Blob(
                attributes: blob.attributes,
                range: blob.range,
                body: cut.applied(to: blob.body)
            )
        }
    }

    /// Reads a blob's attributes, or fails to.
    public func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        try await performWithoutBody(.head) { try await base.head(key, options: options) }
    }

    /// Deletes a blob, or fails to.
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await performWithoutBody(.delete) { try await base.delete(key, options: options) }
    }

    /// Deletes many blobs, or fails to.
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        try await performWithoutBody(.deleteMany) { try await base.delete(keys) }
    }

    /// Lists one page of keys, or fails to.
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try await performWithoutBody(.list) { try await base.list(options) }
    }

    /// Copies a blob, or fails to.
    public func copy(
        _ source: BlobKey,
        to destination: BlobKey,
        options: CopyOptions
    ) async throws -> BlobAttributes {
        try await performWithoutBody(.copy) {
            try await base.copy(source, to: destination, options: options)
        }
    }
}

extension FaultyStore {
    /// Makes a call, with the fault that the plan has for it.
    func perform<Value>(
        _ call: StoreCall,
        _ work: (BodyCut?) async throws -> Value
    ) async throws -> Value {
        switch nextFault(call)?.effect {
        case .none:
            return try await work(nil)
        case .failBefore(let error):
            throw error
        case .failAfter(let error):
            _ = try await work(nil)
            throw error
        case .cutBody(let byteCount, let error):
            return try await work(BodyCut(byteCount: byteCount, error: error))
        case .delay(let duration):
            try await Task.sleep(for: duration)
            return try await work(nil)
        }
    }

    /// Makes a call that has no body to cut.
    func performWithoutBody<Value>(
        _ call: StoreCall,
        _ work: () async throws -> Value
    ) async throws -> Value {
        try await perform(call) { cut in
            if let cut { throw cut.error }
            return try await work()
        }
    }

    private func nextFault(_ call: StoreCall) -> Fault? {
        state.withLock { state in
            let number = (state.counts[call] ?? 0) + 1
            state.counts[call] = number
            let fault = fault(call, number, &state.random)
            if let fault { state.injected.append(fault) }
            return fault
        }
    }

    private func fault(_ call: StoreCall, _ number: Int, _ random: inout SplitMix64) -> Fault? {
        switch plan {
        case .scripted(let faults):
            return faults.first { $0.call == call && $0.number == number }
        case .seeded(_, let probability):
            guard Double.random(in: 0..<1, using: &random) < probability else { return nil }
            return Fault(call, number: number, .random(using: &random, call: call))
        }
    }
}
