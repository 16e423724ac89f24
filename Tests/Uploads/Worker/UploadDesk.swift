import BlobStorage
import BlobStorageDisk
import BlobStorageS3
import BlobStorageSQLite
import BlobStorageServer
import BlobStorageUploadFireSupport
import BlobStorageUploads

/// The services of a worker, and what they stand on.
final class UploadDesk: Sendable {
    /// The service that does most.
    let uploads: UploadService
    /// One whose reservations last long.
    let patient: UploadService
    /// One that takes small files alone, as a form without a known size wants it.
    let small: UploadService
    /// One whose requests have expired when they are made.
    let late: UploadService
    /// One that is asked for dry runs alone, and what it changed all the same.
    let dry: UploadService
    let dryChanges = Locked<[String]>([])
    let mutation: Mutation?
    /// The records and the blobs as they are, without fate and mutation.
    let metadata: SQLiteMetadataStore
    let store: any BlobStore & BlobPresigner
    private let server: HTTPServer?

    init(_ stage: FireStage, _ fate: Fate, _ mutation: Mutation?) async throws {
        self.mutation = mutation
        metadata = stage.metadata()
        let records = HookedMetadata(base: metadata, fate: fate, mutation: mutation)
        let base: any BlobStore & BlobPresigner & MultipartBlobStore
        let old: S3Presigner
        switch stage.place {
        case .disk:
            let disk = stage.disk()
            try await disk.prepare()
            let server = stage.server(of: disk.observed(by: fate.observer))
            let port = try await server.start().port
            self.server = server
            base = disk.presigned(by: try stage.presigner(port: port))
            old = try stage.presigner(port: port, age: FireStage.staleAge)
        case .ceph(let bucket):
            server = nil
            base = try stage.ceph(bucket: bucket)
            old = try stage.presigner(bucket: bucket, age: FireStage.staleAge)
        }
        store = base
        let fated = Self.fated(base, fate, mutation)
        func service(
            _ store: any BlobStore & BlobPresigner,
            _ metadata: HookedMetadata,
            _ policy: UploadPolicy
        ) throws -> UploadService {
            try stage.service(store: store, metadata: metadata, policy: policy)
        }
        uploads = try service(fated, records, FireStage.policy)
        var patientPolicy = FireStage.policy
        patientPolicy.reservationLifetime = FireStage.longLifetime
        patient = try service(fated, records, patientPolicy)
        var smallPolicy = FireStage.policy
        smallPolicy.maximumByteCount = FireStage.smallByteCount
        small = try service(fated, records, smallPolicy)
        late = try service(Self.signed(fated, by: old), records, FireStage.policy)
        // A dry run changes nothing: neither blobs nor records.
        var watched = records
        let changes = dryChanges
        watched.onChange = { name in changes.withLock { $0.append("records: \(name)") } }
        let watching = BlobObserver(followsBodies: false) { operation in
            if operation.isChange { changes.withLock { $0.append("store: \(operation.name)") } }
            return { _ in }
        }
        dry = try service(Self.observed(fated, by: watching), watched, FireStage.policy)
    }

    func close() async {
        await server?.stop(within: .seconds(5))
        await metadata.close()
    }

    /// A store whose calls pass fate, and that has a mutation.
    private static func fated(
        _ store: some BlobStore & BlobPresigner & MultipartBlobStore,
        _ fate: Fate,
        _ mutation: Mutation?
    ) -> any BlobStore & BlobPresigner & MultipartBlobStore {
        guard let mutation else { return observed(store, by: fate.observer) }
        return observed(MutatedStore(base: store, mutation: mutation), by: fate.observer)
    }

    private static func observed(
        _ store: some BlobStore & BlobPresigner & MultipartBlobStore,
        by observer: BlobObserver
    ) -> any BlobStore & BlobPresigner & MultipartBlobStore {
        ObservedStore(store, observer: observer)
    }

    private static func signed(
        _ store: some BlobStore & BlobPresigner & MultipartBlobStore,
        by presigner: S3Presigner
    ) -> any BlobStore & BlobPresigner & MultipartBlobStore {
        PresignedStore(store, presigner: presigner)
    }
}

extension BlobOperation {
    /// Whether it changes what the store holds.
    var isChange: Bool {
        switch self {
        case .prepare, .get, .head, .list, .listParts, .listMultipartUploads, .presign,
            .presignForm, .tags:
            false
        default: true
        }
    }
}
