import BlobStorage
import BlobStorageS3
import BlobStorageUploads
import Foundation

/// How the parts of the service are made.
extension Service {
    /// What may be uploaded.
    static func policy(
        _ configuration: ServiceConfiguration,
        _ metadata: any MetadataStore
    ) -> UploadPolicy {
        var policy = UploadPolicy(
            allowedTypes: configuration.uploadTypes,
            allowedExtensions: configuration.uploadExtensions,
            maximumByteCount: configuration.uploadMaximum,
            requestLifetime: configuration.requestLifetime,
            reservationLifetime: configuration.reservationLifetime
        )
        if let most = configuration.uploadQuota {
            let maximum = configuration.uploadMaximum
            policy.quota = { request, owner in
                // It walks all that the owner has. Uploads that are reserved at one moment don't see
                // each other: a quota that must hold to the byte needs a counter.
                var byteCount = request.byteCount ?? maximum
                let all = DocumentQuery(owner: owner, limit: DocumentQuery.maximumLimit)
                // What is deleted counts for as long as it may come back: its bytes are still there.
                for try await record in metadata.documents(all)
                where record.state != .deleting || record.expires != nil {
                    byteCount += record.byteCount ?? maximum
                }
                guard byteCount <= most else {
                    throw UploadError(
                        .quotaExceeded,
                        "with this file there would be \(byteCount) bytes; you have \(most)"
                    )
                }
            }
        }
        return policy
    }

    /// What makes thumbnails; `nil` if nothing does.
    ///
    /// - Throws: ``ConfigurationError`` if the program that is named is not there.
    static func thumbnails(
        _ configuration: ServiceConfiguration,
        searchPath: String?,
        files: FileStore,
        metadata: any MetadataStore,
        documentPrefix: String
    ) throws -> Thumbnails? {
        guard configuration.thumbnailer != "none" else { return nil }
        guard let path = ImageMagick.find(configuration.thumbnailer, searchPath: searchPath) else {
            guard configuration.thumbnailer == nil else {
                throw ConfigurationError(.thumbnailer, "there is no such program; none for none")
            }
            return nil
        }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "document-service-\(UUID().uuidString)")
        return Thumbnails(
            store: files.store,
            metadata: metadata,
            events: files.events,
            documentPrefix: documentPrefix,
            imageMagick: ImageMagick(path: path, folder: folder.path)
        )
    }

    /// What handles the events of the store: two pictures at a time.
    static func processor(_ thumbnails: Thumbnails?, _ log: ServiceLog) -> BlobEventProcessor {
        let options = BlobEventOptions(
            maximumConcurrency: 2,
            // Whoever uploads waits when there is no more room.
            capacity: 10_000,
            maximumAttempts: 4,
            // A picture that makes no thumbnail does not get better.
            isWorthRetrying: { !($0 is ThumbnailError) }
        )
        return BlobEventProcessor(
            options: options,
            onDeadLetter: { letter in
                log.note(
                    "no thumbnail",
                    level: .warning,
                    ["key": .text(letter.event.key.text), "cause": .text("\(letter.error)")]
                )
                // The stores may answer later; a queue keeps the event until they do.
                guard letter.error is ThumbnailError else { throw letter.error }
            },
            handler: { event in try await thumbnails?.handle(event) }
        )
    }

    /// The queue that a bucket sends its events to; `nil` if there is none.
    ///
    /// - Throws: ``ConfigurationError``.
    static func queue(_ configuration: ServiceConfiguration) throws -> SQSEventQueue? {
        guard let url = configuration.eventsQueueURL else { return nil }
        do {
            return try SQSEventQueue(SQSConfiguration(queueURL: url))
        } catch is BlobError {
            throw ConfigurationError(
                .eventsQueueURL,
                "it is no address of a queue, such as "
                    + "https://sqs.eu-central-1.amazonaws.com/123456789012/uploads"
            )
        }
    }

    /// All routes.
    static func router(
        _ configuration: ServiceConfiguration,
        files: FileStore,
        metadata: any MetadataStore,
        uploads: UploadService,
        downloads: DownloadAddresses,
        events: BlobEventProcessor
    ) async throws -> Router {
        let views = DocumentViews(thumbnails: downloads.delivery)
        let offer: @Sendable (DocumentRecord) async -> Void = { record in
            guard record.attributes[Thumbnails.attribute] == nil else { return }
            // A bucket may tell nobody of its changes, or too late, or while the document was
            // deleted; this is the latest moment.
            let event = BlobEvent(
                .created,
                name: "ObjectCreated:Confirmed",
                source: BucketEvents.ownSource,
                key: record.key,
                byteCount: record.byteCount,
                etag: record.etag,
                time: Date()
            )
            await events.offer(event)
        }
        let uploadRoutes = UploadRoutes(uploads: uploads, documents: views, onConfirm: offer)
        let documentRoutes = DocumentRoutes(
            uploads: uploads,
            documents: views,
            delivery: downloads,
            undoTime: configuration.undoTime,
            onRestore: offer
        )
        let serviceRoutes = ServiceRoutes(
            limits: Limits(configuration, uploads.policy),
            health: HealthCheck(store: files.store, metadata: metadata)
        )
        let page = PageFiles(security: try await security(files, downloads))
        var routes = uploadRoutes.routes + documentRoutes.routes + serviceRoutes.routes
        if let token = configuration.eventsToken {
            routes += try EventRoutes(token: token, configuration.eventTopics, events).routes
        }
        return Router(routes + page.routes)
    }

    /// Where the page may send files to and get them from: what a signed URL begins with.
    private static func security(
        _ files: FileStore,
        _ downloads: DownloadAddresses
    ) async throws -> SecurityHeaders {
        let key: BlobKey = "uploads/origin"
        let upload = try await files.store.presign(.put, key, expiresIn: .seconds(1)).url
        let form = try await files.store.presignForm(key, expiresIn: .seconds(1)).url
        let options = DeliveryOptions(lifetime: .seconds(1))
        let download = try await downloads.delivery.url(of: key, options: options).url
        return SecurityHeaders(
            uploads: [upload, form].compactMap(Origin.of),
            downloads: [download].compactMap(Origin.of)
        )
    }
}

extension Limits {
    init(_ configuration: ServiceConfiguration, _ policy: UploadPolicy) {
        self.init(
            types: policy.allowedTypes,
            extensions: policy.allowedExtensions,
            maximumByteCount: policy.maximumByteCount,
            maximumFileNameByteCount: DocumentRecord.maximumFileNameByteCount,
            allowsEmpty: policy.allowsEmpty,
            multipartThreshold: policy.multipartThreshold,
            requestSeconds: policy.requestLifetime.components.seconds,
            reservationSeconds: policy.reservationLifetime.components.seconds,
            undoSeconds: configuration.undoTime.components.seconds
        )
    }
}
