extension BlobStore {
    /// This store together with what signs requests for its blobs.
    ///
    ///     let files = LocalDiskStore(root: "files").presigned(by: presigner)
    ///
    /// - Parameter presigner: What signs requests that reach this store's blobs under their keys.
    /// - Returns: A ``PresignedStore``; also a ``MultipartBlobStore`` if this store is one.
    public func presigned(by presigner: some BlobPresigner) -> some BlobStore & BlobPresigner {
        PresignedStore(self, presigner: presigner)
    }
}

extension MultipartBlobStore {
    /// This store together with what signs requests for its blobs.
    ///
    /// - Parameter presigner: What signs requests that reach this store's blobs under their keys.
    /// - Returns: A ``PresignedStore``.
    public func presigned(
        by presigner: some BlobPresigner
    ) -> some MultipartBlobStore & BlobPresigner {
        PresignedStore(self, presigner: presigner)
    }
}

extension MultipartBlobStore where Self: TaggedBlobStore {
    /// This store together with what signs requests for its blobs.
    ///
    /// - Parameter presigner: What signs requests that reach this store's blobs under their keys.
    /// - Returns: A ``PresignedStore``.
    public func presigned(
        by presigner: some BlobPresigner
    ) -> some MultipartBlobStore & TaggedBlobStore & BlobPresigner {
        PresignedStore(self, presigner: presigner)
    }
}

extension BlobStore where Self: BlobPresigner {
    /// The part of this store whose keys begin with a prefix, under keys without it; what it presigns
    /// is behind the prefix too.
    ///
    /// - Parameter prefix: What every key begins with in this store; no delimiter is added.
    /// - Returns: A ``PrefixedStore``.
    public func prefixed(_ prefix: String) -> some BlobStore & BlobPresigner {
        PrefixedStore(self, prefix: prefix)
    }

    /// This store with an observer of every call, also of what is presigned.
    ///
    /// - Parameters:
    ///   - observer: What to tell before and after each operation.
    ///   - clock: Tells how long an operation took.
    /// - Returns: An ``ObservedStore``.
    public func observed(
        by observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> some BlobStore & BlobPresigner {
        ObservedStore(self, observer: observer, clock: clock)
    }
}

extension MultipartBlobStore where Self: BlobPresigner {
    /// The part of this store whose keys begin with a prefix, under keys without it; what it presigns
    /// is behind the prefix too.
    ///
    /// - Parameter prefix: What every key begins with in this store; no delimiter is added.
    /// - Returns: A ``PrefixedStore``.
    public func prefixed(_ prefix: String) -> some MultipartBlobStore & BlobPresigner {
        PrefixedStore(self, prefix: prefix)
    }

    /// This store with an observer of every call, also of what is presigned.
    ///
    /// - Parameters:
    ///   - observer: What to tell before and after each operation.
    ///   - clock: Tells how long an operation took.
    /// - Returns: An ``ObservedStore``.
    public func observed(
        by observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> some MultipartBlobStore & BlobPresigner {
        ObservedStore(self, observer: observer, clock: clock)
    }
}

extension MultipartBlobStore where Self: TaggedBlobStore & BlobPresigner {
    /// The part of this store whose keys begin with a prefix, under keys without it; what it presigns
    /// is behind the prefix too.
    ///
    /// - Parameter prefix: What every key begins with in this store; no delimiter is added.
    /// - Returns: A ``PrefixedStore``.
    public func prefixed(
        _ prefix: String
    ) -> some MultipartBlobStore & TaggedBlobStore & BlobPresigner {
        PrefixedStore(self, prefix: prefix)
    }

    /// This store with an observer of every call, also of what is presigned.
    ///
    /// - Parameters:
    ///   - observer: What to tell before and after each operation.
    ///   - clock: Tells how long an operation took.
    /// - Returns: An ``ObservedStore``.
    public func observed(
        by observer: BlobObserver,
        clock: any Clock<Duration> = ContinuousClock()
    ) -> some MultipartBlobStore & TaggedBlobStore & BlobPresigner {
        ObservedStore(self, observer: observer, clock: clock)
    }
}
