extension BlobStore {
    /// The part of this store whose keys begin with a prefix, under keys without it.
    ///
    ///     let tenant = store.prefixed("tenants/42/")
    ///     try await tenant.put("logo.png", bytes)  // "tenants/42/logo.png" in `store`
    ///
    /// - Parameter prefix: What every key begins with in this store; no delimiter is added.
    /// - Returns: A ``PrefixedStore``; also a ``MultipartBlobStore`` if this store is one.
    public func prefixed(_ prefix: String) -> some BlobStore {
        PrefixedStore(self, prefix: prefix)
    }

    /// This store without a way to change it.
    ///
    /// - Returns: A ``ReadOnlyStore``; never a ``MultipartBlobStore``.
    public func readOnly() -> some BlobStore {
        ReadOnlyStore(self)
    }

    /// This store with an observer of every call.
    ///
    /// - Parameters:
    ///   - observer: What to tell before and after each operation.
    ///   - clock: Tells how long an operation took.
    /// - Returns: An ``ObservedStore``; also a ``MultipartBlobStore`` if this store is one.
    public func observed(
        by observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> some BlobStore {
        ObservedStore(self, observer: observer, clock: clock)
    }
}

extension MultipartBlobStore {
    /// The part of this store whose keys begin with a prefix, under keys without it.
    ///
    /// - Parameter prefix: What every key begins with in this store; no delimiter is added.
    /// - Returns: A ``PrefixedStore``.
    public func prefixed(_ prefix: String) -> some MultipartBlobStore {
        PrefixedStore(self, prefix: prefix)
    }

    /// This store with an observer of every call.
    ///
    /// - Parameters:
    ///   - observer: What to tell before and after each operation.
    ///   - clock: Tells how long an operation took.
    /// - Returns: An ``ObservedStore``.
    public func observed(
        by observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> some MultipartBlobStore {
        ObservedStore(self, observer: observer, clock: clock)
    }
}

extension MultipartBlobStore where Self: TaggedBlobStore {
    /// The part of this store whose keys begin with a prefix, under keys without it.
    ///
    /// - Parameter prefix: What every key begins with in this store; no delimiter is added.
    /// - Returns: A ``PrefixedStore``.
    public func prefixed(_ prefix: String) -> some MultipartBlobStore & TaggedBlobStore {
        PrefixedStore(self, prefix: prefix)
    }

    /// This store with an observer of every call.
    ///
    /// - Parameters:
    ///   - observer: What to tell before and after each operation.
    ///   - clock: Tells how long an operation took.
    /// - Returns: An ``ObservedStore``.
    public func observed(
        by observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> some MultipartBlobStore & TaggedBlobStore {
        ObservedStore(self, observer: observer, clock: clock)
    }
}
