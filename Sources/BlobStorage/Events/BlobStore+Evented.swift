extension BlobStore {
    /// This store, telling of its changes by events.
    ///
    ///     let files = disk.evented(as: "files", emit: processor.offer)
    ///
    /// - Parameters:
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - emit: Takes the events; whoever made the change waits for it.
    /// - Returns: An ``EventedStore``; also a ``MultipartBlobStore`` if this store is one.
    public func evented(
        as source: String,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) -> some BlobStore {
        EventedStore(self, as: source, emit: emit)
    }
}

extension MultipartBlobStore {
    /// This store, telling of its changes by events.
    ///
    /// - Parameters:
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - emit: Takes the events; whoever made the change waits for it.
    /// - Returns: An ``EventedStore``.
    public func evented(
        as source: String,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) -> some MultipartBlobStore {
        EventedStore(self, as: source, emit: emit)
    }
}

extension MultipartBlobStore where Self: TaggedBlobStore {
    /// This store, telling of its changes by events.
    ///
    /// - Parameters:
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - emit: Takes the events; whoever made the change waits for it.
    /// - Returns: An ``EventedStore``.
    public func evented(
        as source: String,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) -> some MultipartBlobStore & TaggedBlobStore {
        EventedStore(self, as: source, emit: emit)
    }
}

extension BlobStore where Self: BlobPresigner {
    /// This store, telling of its changes by events.
    ///
    /// - Parameters:
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - emit: Takes the events; whoever made the change waits for it.
    /// - Returns: An ``EventedStore``.
    public func evented(
        as source: String,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) -> some BlobStore & BlobPresigner {
        EventedStore(self, as: source, emit: emit)
    }
}

extension MultipartBlobStore where Self: BlobPresigner {
    /// This store, telling of its changes by events.
    ///
    /// - Parameters:
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - emit: Takes the events; whoever made the change waits for it.
    /// - Returns: An ``EventedStore``.
    public func evented(
        as source: String,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) -> some MultipartBlobStore & BlobPresigner {
        EventedStore(self, as: source, emit: emit)
    }
}

extension MultipartBlobStore where Self: TaggedBlobStore & BlobPresigner {
    /// This store, telling of its changes by events.
    ///
    /// - Parameters:
    ///   - source: What events call the store, as S3 gives the bucket's name.
    ///   - emit: Takes the events; whoever made the change waits for it.
    /// - Returns: An ``EventedStore``.
    public func evented(
        as source: String,
        emit: @escaping @Sendable (BlobEvent) async -> Void
    ) -> some MultipartBlobStore & TaggedBlobStore & BlobPresigner {
        EventedStore(self, as: source, emit: emit)
    }
}
