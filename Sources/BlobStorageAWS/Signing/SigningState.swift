internal import BlobStorage

/// What signing and verifying keep between requests: keys, which cost four HMACs each, and buffers.
package final class SigningState: Sendable {
    private struct Entry {
        var secretAccessKey: String
        var day: [UInt8]
        var region: String
        var service: String
        var key: SigningKey

        func fits(_ secretAccessKey: String, _ scope: SigningScope) -> Bool {
            scope.timestamp.starts(with: day) && UTF8Order.equal(region, scope.region)
                && UTF8Order.equal(service, scope.service)
                && UTF8Order.equal(self.secretAccessKey, secretAccessKey)
        }
    }

    private struct State {
        /// The latest used first.
        var entries: [Entry] = []
        var requests: [CanonicalRequest] = []
    }

    /// The most keys.
    private let maximumKeyCount: Int
    /// The most requests whose buffers are kept: one for each thread that signs at a time.
    private static let maximumRequestCount = 16
    /// The most bytes of a request whose buffers are kept.
    private static let maximumKeptByteCount = 64 << 10

    private let state = Locked(State())

    /// - Parameter maximumKeyCount: The most keys; for one who signs some regions, and the days before and
    ///   after a midnight.
    package init(maximumKeyCount: Int = 16) {
        self.maximumKeyCount = maximumKeyCount
    }

    /// The key of a scope, and buffers to write a request into.
    package func begin(
        _ secretAccessKey: String,
        _ scope: SigningScope
    ) -> (SigningKey, CanonicalRequest) {
        state.withLock { state in
            let request = state.requests.popLast() ?? CanonicalRequest()
            if let first = state.entries.first, first.fits(secretAccessKey, scope) {
                return (first.key, request)
            }
            if let index = state.entries.firstIndex(where: { $0.fits(secretAccessKey, scope) }) {
                let entry = state.entries.remove(at: index)
                state.entries.insert(entry, at: 0)
                return (entry.key, request)
            }
            let entry = Entry(
                secretAccessKey: secretAccessKey,
                day: [UInt8](scope.timestamp[..<8]),
                region: scope.region,
                service: scope.service,
                key: SigningKey(secretAccessKey: secretAccessKey, scope: scope)
            )
            if state.entries.count >= maximumKeyCount { state.entries.removeLast() }
            state.entries.insert(entry, at: 0)
            return (entry.key, request)
        }
    }

    /// Takes the buffers back.
    package func end(_ request: consuming CanonicalRequest) {
        guard request.capacity <= Self.maximumKeptByteCount else { return }
        request.removeAll()
        let kept = request
        state.withLock { state in
            guard state.requests.count < Self.maximumRequestCount else { return }
            state.requests.append(kept)
        }
    }
}

/// What is kept are secrets, which `dump` must not show.
extension SigningState: CustomStringConvertible, CustomReflectable {
    package var description: String { "SigningState" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
