import BlobStorage

/// Walks between two pages, by the token that goes on with them.
///
/// A token alone says where to go on, too; a walk that is still there saves reading its folders
/// again, which makes a listing of a large folder linear in its size.
final class PausedWalks: Sendable {
    private struct Paused: Sendable {
        let options: ListOptions
        let walk: FolderWalk
        let additions: UInt64
    }

    /// Each holds the names in the folders on its way, and one descriptor.
    private static let maximumCount = 8

    /// The most bytes that all of them hold together, though the last is kept whatever it holds: a
    /// listing that is given up is not heard of again, and a million names take some 30 MB.
    private static let maximumByteCount = 32 << 20

    /// `nil` once nothing is kept any more.
    private let paused = Locked<[Paused]?>([])

    /// Keeps a walk for the page that the options ask for.
    func keep(_ walk: FolderWalk, for options: ListOptions, additions: UInt64) {
        paused.withLock { kept in
            guard var paused = kept else { return }
            kept = []
            paused.append(Paused(options: options, walk: walk, additions: additions))
            var byteCount = paused.reduce(0) { $0 + $1.walk.byteCount }
            while paused.count > Self.maximumCount
                || (paused.count > 1 && byteCount > Self.maximumByteCount)
            {
                byteCount -= paused.removeFirst().walk.byteCount
            }
            kept = paused
        }
    }

    /// Lets all of them go, and keeps none any more.
    ///
    /// Each holds the volume that it walks through, and so what holds this.
    func close() {
        // They are let go without the lock.
        _ = paused.withLock { paused in
            defer { paused = nil }
            return paused
        }
    }

    /// Takes the walk that a page goes on with; `nil` if there is none, or it may have missed
    /// something.
    ///
    /// - Parameters:
    ///   - options: What the page is asked for by.
    ///   - position: Where it goes on.
    ///   - additions: What was added by now.
    /// - Returns: The walk, which is nobody else's from now on.
    func take(
        for options: ListOptions,
        from position: ListPosition,
        additions: RecentAdditions
    ) -> FolderWalk? {
        let found = paused.withLock { paused -> Paused? in
            guard let index = paused?.firstIndex(where: { $0.options.goesOn(with: options) })
            else { return nil }
            return paused?.remove(at: index)
        }
        guard let found,
            !additions.hasKey(
                since: found.additions,
                prefix: options.prefix,
                from: position
            ),
            !found.walk.isStale(now: WallClock.now())
        else { return nil }
        return found.walk
    }
}

extension ListOptions {
    /// Whether two pages are of one listing, at one place; their sizes may differ.
    fileprivate func goesOn(with other: ListOptions) -> Bool {
        func equal(_ a: String?, _ b: String?) -> Bool {
            guard let a, let b else { return a == nil && b == nil }
            return UTF8Order.equal(a, b)
        }
        return equal(continuationToken, other.continuationToken) && equal(prefix, other.prefix)
            && equal(delimiter, other.delimiter) && equal(startAfter, other.startAfter)
    }
}

extension DiskVolume {
    /// Lists one page.
    func list(_ options: ListOptions) throws -> BlobPage {
        var builder = try PageBuilder(options)
        let additions = additions.withLock { $0 }
        var resumed: FolderWalk?
        if options.continuationToken != nil {
            resumed = pausedWalks.take(
                for: options,
                from: builder.start,
                additions: additions
            )
        }
        var walk =
            try resumed ?? FolderWalk(self, prefix: options.prefix, position: builder.start)
        loop: while let key = try walk.key() {
            switch try builder.offer(key, { try walk.describe(key) }) {
            case .advance: walk.advance()
            case .seek(let position): walk.seek(position)
            case .finish: break loop
            }
        }
        let page = builder.page()
        if let token = page.continuationToken {
            var next = options
            next.continuationToken = token
            pausedWalks.keep(walk, for: next, additions: additions.count)
        }
        return page
    }
}
