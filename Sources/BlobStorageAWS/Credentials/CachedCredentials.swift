internal import BlobStorage
internal import Foundation

/// Keeps credentials in memory, and fetches others before they expire.
///
/// However many callers there are, one fetch is under way at a time. A caller who is cancelled
/// leaves at once and the fetch goes on for the others; it ends with the provider.
package final class CachedCredentials: AWSCredentialsProvider {
    /// How long before they expire credentials are replaced, in the background.
    static let advisoryTime = Duration.seconds(5 * 60)
    /// The most that is added to that by chance, so that a fleet does not refresh at once.
    static let advisoryJitter = Duration.seconds(60)
    /// How long before they expire callers wait for others.
    static let mandatoryTime = Duration.seconds(60)
    /// How long after a fetch that failed the next is made, while the old ones are good.
    static let pauseAfterFailure = Duration.seconds(30)
    /// How long credentials stay though a server refuses them: a second fetch right after the first
    /// would give the same ones.
    static let minimumAge = Duration.seconds(1)

    /// Credentials and when they must be replaced, in uptime.
    private struct Entry {
        let credentials: AWSCredentials
        let fetched: Duration
        /// From when others are fetched in the background; `nil` for never.
        var refresh: Duration?
        /// From when callers wait for others.
        var wait: Duration?
        /// From when they are not used any more.
        let end: Duration?
    }

    private struct State {
        var entry: Entry?
        var fetch: CredentialsFetch?
        var isClosed = false
    }

    private let load: @Sendable () async throws -> AWSCredentials
    private let time: TimeSource
    private let random: @Sendable () -> Double
    // The running fetch holds the state, and not the provider, whose end ends the fetch.
    private let state = Locked(State())

    /// Creates a provider.
    ///
    /// - Parameters:
    ///   - time: The clocks.
    ///   - random: A number from 0 up to, not including, 1.
    ///   - load: Fetches credentials. It must end by itself; it is cancelled only when the provider
    ///     goes away.
    package init(
        time: TimeSource = .system,
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) },
        load: @escaping @Sendable () async throws -> AWSCredentials
    ) {
        self.load = load
        self.time = time
        self.random = random
    }

    deinit {
        state.withLock { $0.fetch }?.cancel()
    }

    package func credentials() async throws -> AWSCredentials {
        let now = time.uptime()
        let (ready, fetch) = state.withLock { state in
            if let entry = state.entry, Self.isBefore(now, entry.wait) {
                if !Self.isBefore(now, entry.refresh), state.fetch == nil {
                    startFetch(&state)
                }
                return (Optional(entry.credentials), CredentialsFetch?.none)
            }
            return (nil, state.fetch ?? startFetch(&state))
        }
        if let ready { return ready }
        guard let fetch else { throw CancellationError() }
        try await fetch.wait()
        do {
            return try fetch.result()
        } catch {
            // The old ones may be good for the last seconds.
            if let old = stillGood() { return old }
            throw error
        }
    }

    package func invalidate(_ credentials: AWSCredentials) async {
        let now = time.uptime()
        state.withLock { state in
            guard let entry = state.entry, entry.credentials == credentials,
                now - entry.fetched >= Self.minimumAge
            else { return }
            state.entry = nil
        }
    }

    private func stillGood() -> AWSCredentials? {
        let now = time.uptime()
        return state.withLock { state in
            guard let entry = state.entry, Self.isBefore(now, entry.end) else { return nil }
            return entry.credentials
        }
    }

    /// Whether a time has not come; `nil` never comes.
    private static func isBefore(_ now: Duration, _ limit: Duration?) -> Bool {
        limit.map { now < $0 } ?? true
    }

    // MARK: Fetching

    @discardableResult
    private func startFetch(_ state: inout State) -> CredentialsFetch {
        let fetch = CredentialsFetch()
        state.fetch = fetch
        fetch.start { [load, time, random, shared = self.state] in
            let result: Result<AWSCredentials, any Error>
            do { result = .success(try await load()) } catch { result = .failure(error) }
            let now = time.uptime()
            shared.withLock { state in
                state.fetch = nil
                switch result {
                case .success(let credentials):
                    state.entry = Self.entry(credentials, time: time, random: random())
                case .failure:
                    // Callers go on with the old ones as long as they are good.
                    guard var entry = state.entry else { break }
                    let next = now + Self.pauseAfterFailure
                    entry.refresh = next
                    entry.wait = max(entry.wait ?? next, min(next, entry.end ?? next))
                    state.entry = entry
                }
            }
            return result
        }
        return fetch
    }

    private static func entry(
        _ credentials: AWSCredentials,
        time: TimeSource,
        random: Double
    ) -> Entry {
        let now = time.uptime()
        guard let expiration = credentials.expiration else {
            return Entry(credentials: credentials, fetched: now, refresh: nil, wait: nil, end: nil)
        }
        let seconds = expiration.timeIntervalSince(time.now())
        guard seconds > 0 else {
            // Nobody gives out what has expired: our clock is wrong, or the service is in trouble
            // and wants them used on. The server will say.
            let next = now + mandatoryTime
            return Entry(
                credentials: credentials,
                fetched: now,
                refresh: next,
                wait: next,
                end: next
            )
        }
        // A century is more than any credentials last, and far from overflow.
        let left = Duration.seconds(min(seconds, 100 * 366 * 86_400))
        let early = advisoryTime + advisoryJitter * random
        return Entry(
            credentials: credentials,
            fetched: now,
            refresh: now + max(left - early, left / 2),
            wait: now + max(left - mandatoryTime, left * 3 / 4),
            end: now + left
        )
    }
}

extension CachedCredentials: CredentialsInMemory {
    package var credentialsInMemory: AWSCredentials? {
        let now = time.uptime()
        return state.withLock { state in
            guard let entry = state.entry, Self.isBefore(now, entry.refresh),
                Self.isBefore(now, entry.wait)
            else { return nil }
            return entry.credentials
        }
    }
}

extension CachedCredentials: CustomStringConvertible, CustomReflectable {
    package var description: String { "CachedCredentials" }
    package var customMirror: Mirror { Mirror(self, children: []) }
}
