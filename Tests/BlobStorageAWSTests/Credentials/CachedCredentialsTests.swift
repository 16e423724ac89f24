import BlobStorage
import BlobStorageTransportTestSupport
import Foundation
import Testing

@testable import BlobStorageAWS

@Suite(.timeLimit(.minutes(10))) struct CachedCredentialsTests {
    /// A service that gives numbered credentials, each good for an hour.
    private final class Service: Sendable {
        struct Down: Error {}

        let time: VirtualTime
        let lifetime: Duration?
        let delay: Duration
        let count = Locked(0)
        let isDown = Locked(false)

        init(_ time: VirtualTime, lifetime: Duration? = .seconds(3_600), delay: Duration = .zero) {
            self.time = time
            self.lifetime = lifetime
            self.delay = delay
        }

        func load() async throws -> AWSCredentials {
            let number = count.withLock { count in
                count += 1
                return count
            }
            if delay > .zero { try await time.sleep(delay) }
            if isDown.withLock({ $0 }) { throw Down() }
            return AWSCredentials(
                accessKeyID: "AKID\(number)",
                secretAccessKey: "5ec7e7",
                expiration: lifetime.map { time.trueNow.addingTimeInterval($0 / .seconds(1)) }
            )
        }

        var loadCount: Int { count.withLock { $0 } }
    }

    private func provider(_ service: Service) -> CachedCredentials {
        CachedCredentials(
            time: service.time.source,
            random: { 0.5 },
            load: { try await service.load() }
        )
    }

    @Test func fiftyCallersCauseOneFetch() async throws {
        let time = VirtualTime(isAutomatic: false)
        let service = Service(time, delay: .seconds(1))
        let provider = provider(service)
        try await withThrowingTaskGroup(of: AWSCredentials.self) { group in
            for _ in 0..<50 { group.addTask { try await provider.credentials() } }
            await time.waitForSleepers(1)
            time.advance(by: .seconds(1))
            for try await credentials in group { #expect(credentials.accessKeyID == "AKID1") }
        }
        #expect(service.loadCount == 1)
        #expect(provider.credentialsInMemory?.accessKeyID == "AKID1")
    }

    @Test func fiftyCallersGetTheErrorOfOneFetch() async throws {
        let time = VirtualTime(isAutomatic: false)
        let service = Service(time, delay: .seconds(1))
        service.isDown.withLock { $0 = true }
        let provider = provider(service)
        let tasks = (0..<50).map { _ in Task { try await provider.credentials() } }
        await time.waitForSleepers(1)
        // Those who come after the failure ask again.
        let clock = Task {
            while !Task.isCancelled {
                if time.sleeperCount > 0 { time.advance(by: .seconds(1)) }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
        for task in tasks {
            await #expect(throws: Service.Down.self) { try await task.value }
        }
        clock.cancel()
        #expect(service.loadCount < 10)
    }

    @Test func aCancelledCallerLeavesTheFetchToTheOthers() async throws {
        let time = VirtualTime(isAutomatic: false)
        let service = Service(time, delay: .seconds(1))
        let provider = provider(service)
        let first = Task { try await provider.credentials() }
        await time.waitForSleepers(1)
        let second = Task { try await provider.credentials() }
        first.cancel()
        await #expect(throws: CancellationError.self) { try await first.value }
        #expect(time.sleeperCount == 1)
        time.advance(by: .seconds(1))
        #expect(try await second.value.accessKeyID == "AKID1")
        #expect(service.loadCount == 1)
    }

    @Test func theEndOfTheProviderEndsTheFetch() async throws {
        let time = VirtualTime(isAutomatic: false)
        let service = Service(time, delay: .seconds(1))
        var provider: CachedCredentials? = provider(service)
        let caller = Task { [provider] in try await provider?.credentials() }
        await time.waitForSleepers(1)
        caller.cancel()
        await #expect(throws: CancellationError.self) { try await caller.value }
        provider = nil
        while time.sleeperCount > 0 { await Task.yield() }
        #expect(provider == nil)
    }

    @Test func credentialsAreReplacedInTheBackground() async throws {
        let time = VirtualTime()
        let service = Service(time)
        let provider = provider(service)
        // 5 minutes and half of the jitter before the end.
        let refresh = Duration.seconds(3_600 - 330)
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        time.advance(by: refresh - .seconds(1))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        #expect(service.loadCount == 1)
        time.advance(by: .seconds(1))
        #expect(provider.credentialsInMemory == nil)
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        while provider.credentialsInMemory == nil { await Task.yield() }
        #expect(try await provider.credentials().accessKeyID == "AKID2")
        #expect(service.loadCount == 2)
    }

    @Test func shortlyBeforeTheEndCallersWait() async throws {
        let time = VirtualTime()
        let service = Service(time)
        let provider = provider(service)
        _ = try await provider.credentials()
        time.advance(by: .seconds(3_600 - 60))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }

    @Test func aFailedRefreshKeepsTheOldWhileTheyAreGood() async throws {
        let time = VirtualTime()
        let service = Service(time)
        let provider = provider(service)
        _ = try await provider.credentials()
        service.isDown.withLock { $0 = true }
        time.advance(by: .seconds(3_600 - 60))
        // It waits for the fetch, which fails; then it is left in peace for a while.
        for _ in 0..<10 { #expect(try await provider.credentials().accessKeyID == "AKID1") }
        #expect(service.loadCount == 2)
        time.advance(by: .seconds(30))
        #expect(try await provider.credentials().accessKeyID == "AKID1")
        #expect(service.loadCount == 3)
        time.advance(by: .seconds(30))
        await #expect(throws: Service.Down.self) { try await provider.credentials() }
        service.isDown.withLock { $0 = false }
        #expect(try await provider.credentials().accessKeyID == "AKID5")
    }

    @Test("does not fetch at each call what ends soon", arguments: [1, 30, 90, 200])
    func shortLived(_ seconds: Int) async throws {
        let time = VirtualTime()
        let service = Service(time, lifetime: .seconds(seconds))
        let provider = provider(service)
        for _ in 0..<100 { _ = try await provider.credentials() }
        #expect(service.loadCount == 1)
        time.advance(by: .seconds(seconds))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }

    @Test func whatHasExpiredOnArrivalIsTriedForAMinute() async throws {
        let time = VirtualTime()
        let service = Service(time, lifetime: .seconds(-7_200))
        let provider = provider(service)
        for _ in 0..<10 { #expect(try await provider.credentials().accessKeyID == "AKID1") }
        time.advance(by: .seconds(60))
        #expect(try await provider.credentials().accessKeyID == "AKID2")
    }

    @Test func whatDoesNotExpireStaysUntilItIsRefused() async throws {
        let time = VirtualTime()
        let service = Service(time, lifetime: nil)
        let provider = provider(service)
        let first = try await provider.credentials()
        time.advance(by: .seconds(400 * 86_400))
        #expect(try await provider.credentials() == first)
        await provider.invalidate(first)
        let second = try await provider.credentials()
        #expect(second.accessKeyID == "AKID2")
        // A late refusal of the first does not concern the second.
        time.advance(by: .seconds(10))
        await provider.invalidate(first)
        #expect(try await provider.credentials() == second)
        #expect(service.loadCount == 2)
    }

    @Test func refusalsDoNotCauseAStormOfFetches() async throws {
        let time = VirtualTime()
        let service = Service(time)
        let provider = provider(service)
        for _ in 0..<100 {
            let credentials = try await provider.credentials()
            await provider.invalidate(credentials)
        }
        #expect(service.loadCount == 1)
    }
}
