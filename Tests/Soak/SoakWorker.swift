import BlobStorage
import BlobStorageDisk
import BlobStorageGateway
import BlobStorageS3
import BlobStorageServer
import BlobStorageTestKit
import Foundation
import Glibc

/// Loads a gateway with faults everywhere, and looks at what is lost and what grows.
///
///     soak-worker SECONDS [SEED]
///
/// Clients put, get, list, copy, delete and upload parts, through a real server, on a store on disk and on
/// one in memory. One in a hundred calls goes wrong in each of three places: in the store, between
/// gateway and server, and in the client. It ends with 1 if an acknowledged write can't be read back, if
/// memory grows after the first fifth of the time, or if descriptors or threads are left.
@main
struct SoakWorker {
    /// What goes wrong of a hundred calls, in each place.
    static let faultProbability = 0.01
    private static let clientCount = 8
    /// What the program may come to hold more of: its blobs come and go, by chance.
    private static let allocatedGrowth = 4 << 20
    /// What memory may grow by, with the pieces that the allocator keeps for later.
    private static let residentGrowth = 24 << 20

    static func main() async throws {
        let arguments = CommandLine.arguments
        let seconds = arguments.count > 1 ? Int(arguments[1]) ?? 600 : 600
        let seed = arguments.count > 2 ? UInt64(arguments[2]) ?? 0 : .random(in: 0..<UInt64.max)
        print("soak: \(seconds) s from seed \(seed)")
        // What the first ones start for all that follow stays.
        _ = try await load(.seconds(5), seed: seed &+ 1, sampler: nil)
        try await ProcessState.settle()
        let before = ProcessState.now
        let sampler = MemorySampler()
        let tally = try await load(.seconds(seconds), seed: seed, sampler: sampler)
        try await ProcessState.settle(to: before)
        let after = ProcessState.now

        print("soak: \(tally)")
        print("soak: memory \(sampler)")
        print("soak: before \(before), after \(after)")
        var faults = tally.problems
        if sampler.allocatedGrowth > allocatedGrowth {
            faults.append("\(sampler.allocatedGrowth >> 20) MiB more are allocated")
        }
        if sampler.residentGrowth > residentGrowth {
            faults.append("memory grew by \(sampler.residentGrowth >> 20) MiB")
        }
        if after.descriptorCount > before.descriptorCount {
            faults.append("descriptors are left")
        }
        if after.threadCount > before.threadCount { faults.append("threads are left") }
        if tally.acknowledgedCount == 0 || tally.storeFaultCount == 0 {
            faults.append("there was no load, or nothing went wrong")
        }
        for fault in faults.prefix(20) { print("soak: FAILED: \(fault)") }
        print("soak: \(faults.isEmpty ? "nothing lost, nothing left" : "\(faults.count) failures")")
        exit(faults.isEmpty ? 0 : 1)
    }

    /// Serves, and lets clients work, for a time.
    private static func load(
        _ time: Duration,
        seed: UInt64,
        sampler: MemorySampler?
    ) async throws -> SoakTally {
        let folder = NSTemporaryDirectory() + "/blob-storage-soak-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let base = LocalDiskStore(root: folder, durability: .relaxed)
        try await base.prepare()
        let plan = FaultPlan.seeded(seed, probability: faultProbability)
        let disk = FaultyStore(base, plan)
        let memory = FaultyStore(InMemoryStore(), plan)
        let credentials = AWSCredentials(accessKeyID: "soak", secretAccessKey: "soak-secret")
        let gateway = S3Gateway(
            S3GatewayConfiguration(
                buckets: FixedBuckets(["disk": disk, "memory": memory]),
                accessKeys: [GatewayAccessKey(credentials)]
            )
        )
        let handler = FaultyHandler(gateway, seed: seed, probability: faultProbability)
        let server = HTTPServer(handler: handler)
        let address = try await server.start()
        let total = Locked(SoakTally())
        let sampling = Task { try await sampler?.run() }
        await withTaskGroup(of: Void.self) { group in
            for number in 0..<clientCount {
                group.addTask {
                    do {
                        let isOnDisk = number.isMultiple(of: 2)
                        var configuration = S3Configuration(
                            bucket: isOnDisk ? "disk" : "memory",
                            endpoint: "http://127.0.0.1:\(address.port)",
                            vendor: .gateway,
                            credentials: StaticCredentials(credentials)
                        )
                        configuration.partByteCount = 5 << 20
                        var client = SoakClient(
                            number,
                            try S3Store(configuration),
                            putsParts: isOnDisk,
                            seed: seed &+ UInt64(number)
                        )
                        let tally = await client.work(for: time)
                        total.withLock { $0.add(tally) }
                    } catch {
                        total.withLock { $0.problems.append("client \(number): \(error)") }
                    }
                }
            }
        }
        sampling.cancel()
        _ = await sampling.result
        await server.stop(within: .seconds(10))
        return total.withLock { total in
            total.storeFaultCount = disk.injectedFaults.count + memory.injectedFaults.count
            total.handlerFaultCount = handler.faultCount
            return total
        }
    }
}
