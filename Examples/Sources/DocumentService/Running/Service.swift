import BlobStorage
import BlobStorageGateway
import BlobStorageS3
import BlobStorageSQLite
import BlobStorageUploads
import Foundation
import Synchronization

/// The whole service: what it keeps files and records in, what it answers, what it does by itself.
///
/// It answers requests of any server, and of tests; ``run()`` is what goes on beside them.
final class Service: HTTPHandler {
    /// How often the whole store is looked through, which costs more than to look at the records.
    private static let storeSweepInterval = Duration.seconds(3_600)
    /// How long the service waits when its queue refused it.
    private static let queueRestartInterval = Duration.seconds(60)
    /// How long events may take that are at work when the service stops.
    private static let drainTime = Duration.seconds(2)

    private let configuration: ServiceConfiguration
    private let publicURL: String
    private let log: ServiceLog
    let files: FileStore
    let metadata: any MetadataStore
    let uploads: UploadService
    private let router: Router
    private let thumbnails: Thumbnails?
    private let events: BlobEventProcessor
    private let queue: SQSEventQueue?
    private let now: @Sendable () -> Date
    /// Whether files that no record knows of may be removed.
    private let mayRemoveOrphans = Mutex(false)

    /// Opens the stores that the configuration names; nothing is made yet.
    ///
    /// - Parameters:
    ///   - configuration: What the environment says.
    ///   - publicURL: Where browsers reach the service: scheme, host and port.
    ///   - searchPath: Where programs are looked for, as in `PATH`.
    ///   - log: Takes what there is to tell.
    ///   - now: The time of day, by which reservations and deletions end.
    /// - Throws: ``ConfigurationError``.
    init(
        _ configuration: ServiceConfiguration,
        publicURL: String,
        searchPath: String? = nil,
        log: ServiceLog,
        now: @escaping @Sendable () -> Date = { Date() }
    ) async throws {
        self.configuration = configuration
        self.publicURL = publicURL
        self.log = log
        self.now = now
        metadata = try await RecordStore.open(configuration.metadataURL)
        let intake = EventIntake()
        files = try await FileStore.open(configuration, publicURL: publicURL, log: log) { event in
            await intake.offer(event)
        }
        let downloads = try await Deliveries.open(configuration, store: files.store)
        uploads = try UploadService(
            store: files.store,
            metadata: metadata,
            policy: Self.policy(configuration, metadata),
            delivery: downloads.delivery,
            now: now
        )
        thumbnails = try Self.thumbnails(
            configuration,
            searchPath: searchPath,
            files: files,
            metadata: metadata,
            documentPrefix: uploads.keyPrefix
        )
        events = Self.processor(thumbnails, log)
        intake.connect(events)
        queue = try Self.queue(configuration)
        router = try await Self.router(
            configuration,
            files: files,
            metadata: metadata,
            uploads: uploads,
            downloads: downloads,
            events: events
        )
    }

    // MARK: Answering

    func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        if let gateway = files.gateway, Self.isFile(request.target) {
            return await gateway.respond(to: request)
        }
        do {
            return try await router.respond(to: request)
        } catch {
            let problem = Problem.of(error)
            let id = UUID()
            // A page that types on in its search ends the request before: nobody's fault.
            let isFault = problem.kind.status >= 500 && !(error is CancellationError)
            note(problem, id, request, level: isFault ? .error : .info)
            return problem.response(id: id)
        }
    }

    /// Whether a target is a blob's, and so for the gateway, which alone knows what its bytes mean.
    private static func isFile(_ target: String) -> Bool {
        let prefix = "/\(FileStore.bucketName)"
        guard target.utf8.starts(with: prefix.utf8) else { return false }
        let next = target.utf8.dropFirst(prefix.utf8.count).first
        return next == nil || next == UInt8(ascii: "/") || next == UInt8(ascii: "?")
    }

    private func note(
        _ problem: Problem,
        _ id: UUID,
        _ request: HTTPServerRequest,
        level: ServiceLog.Level
    ) {
        // The query can hold what nobody else may know.
        let path = request.target.utf8.prefix { $0 != UInt8(ascii: "?") }.prefix(200)
        log.note(
            "problem",
            level: level,
            [
                "reason": .text(problem.kind.rawValue),
                "status": .number(Int64(problem.kind.status)),
                "detail": .text(problem.detail),
                "cause": problem.cause.map { .text($0) },
                "instance": .text("urn:uuid:\(id.uuidString.lowercased())"),
                "method": .text(request.method),
                "path": .text(String(decoding: Array(path), as: UTF8.self)),
                "owner": (request.headers["X-Owner"]?.utf8.prefix(Call.ownerByteLimit))
                    .map { .text(String(decoding: Array($0), as: UTF8.self)) },
            ]
        )
    }

    // MARK: Running

    /// Makes what the stores need: folder, bucket, tables, rules for browsers.
    ///
    /// - Throws: `BlobError`.
    func prepare() async throws {
        try await metadata.prepare()
        try await files.prepare(configuration, publicURL: publicURL)
        try thumbnails?.imageMagick.prepare()
        let belonging = Belonging(
            files: files.store,
            metadata: metadata,
            prefixes: [uploads.keyPrefix, uploads.incomingPrefix]
        )
        let isWhole = try await belonging.check(now: now())
        mayRemoveOrphans.withLock { $0 = isWhole }
        guard !isWhole else { return }
        let text = "the records are not those of these files; is METADATA_URL the right one? "
        log.note(
            "store not swept",
            level: .warning,
            ["cause": .text(text + "files that no record knows of stay")]
        )
    }

    /// Handles events and sweeps, until the task is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.handleEvents() }
            group.addTask { await self.pollQueue() }
            group.addTask { await self.sweepAgainAndAgain() }
        }
        thumbnails?.imageMagick.removeFolder()
        // What lies beside the file of SQLite while it is open goes into it.
        await (metadata as? SQLiteMetadataStore)?.close()
    }

    /// Whether pictures get thumbnails.
    var makesThumbnails: Bool { thumbnails != nil }

    /// Handles events; when the service stops, those at work have a moment to end.
    private func handleEvents() async {
        let runner = Task { [events] in await events.run() }
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        let drainer = Task { [events] in await events.drain() }
        let limit = Task {
            try? await Task.sleep(for: Self.drainTime)
            runner.cancel()
        }
        let leftover = await runner.value
        limit.cancel()
        await drainer.value
        if !leftover.isEmpty {
            log.note("events left", level: .warning, ["count": .number(Int64(leftover.count))])
        }
    }

    /// Takes the events of a bucket from its queue, if there is one.
    private func pollQueue() async {
        guard let queue else { return }
        while !Task.isCancelled {
            do {
                return try await queue.run(events) { [log] problem in
                    log.note(
                        "queue",
                        level: .warning,
                        [
                            "cause": .text("\(problem.error)"),
                            "message": problem.messageID.map { .text($0) },
                        ]
                    )
                }
            } catch {
                guard !Task.isCancelled else { return }
                log.note("queue", level: .error, ["cause": .text("\(error)")])
            }
            // The queue, or the right to read it, may come later.
            try? await Task.sleep(for: Self.queueRestartInterval)
        }
    }

    private func sweepAgainAndAgain() async {
        let clock = ContinuousClock()
        // Not at once: who has just restored a backup of the records can stop the service first.
        var nextStoreSweep = clock.now + Self.storeSweepInterval
        while !Task.isCancelled {
            let includesStore = clock.now >= nextStoreSweep
            if includesStore { nextStoreSweep = clock.now + Self.storeSweepInterval }
            await sweep(includesStore: includesStore)
            try? await Task.sleep(for: configuration.sweepInterval)
        }
    }

    /// Removes what is over, and says so; what fails is tried again next time.
    func sweep(includesStore: Bool) async {
        let includesStore = includesStore && mayRemoveOrphans.withLock { $0 }
        do {
            let report = try await uploads.sweep(SweepOptions(includesStore: includesStore))
            let orphans = includesStore ? try await thumbnails?.sweep() ?? 0 : 0
            if report.removalCount > 0 || orphans > 0 {
                log.note(
                    "sweep",
                    [
                        "reservations": .number(Int64(report.reservationCount)),
                        "documents": .number(Int64(report.documentCount)),
                        "blobs": .number(Int64(report.blobCount)),
                        "multipartUploads": .number(Int64(report.multipartUploadCount)),
                        "thumbnails": .number(Int64(orphans)),
                    ]
                )
            }
            for failure in report.failures.prefix(Self.mostNamedFailures) {
                log.note("sweep", level: .warning, ["failure": .text("\(failure.error)")])
            }
        } catch {
            guard !Task.isCancelled else { return }
            log.note("sweep", level: .error, ["failure": .text("\(error)")])
        }
    }

    private static let mostNamedFailures = 10
}
