import BlobStorage
import BlobStorageGateway
import Foundation
import Synchronization

/// Buckets that are the folders of one folder; a new bucket is a new folder.
final class FolderBuckets: GatewayBuckets {
    /// The URL of the folder, with the options for the stores.
    private let url: String
    /// The folder's path; each request asks for it several times.
    private let path: String
    private let isReadOnly: Bool

    /// The store of a folder, as long as that folder is the one that the name stands for.
    private struct OpenBucket {
        let folder: UInt64
        let store: any BlobStore
    }

    private let open = Mutex<[String: OpenBucket]>([:])
    private let memory = BucketSettingsFile.Memory()

    init(url: String, isReadOnly: Bool) {
        self.url = url
        path = Self.path(of: url)
        self.isReadOnly = isReadOnly
    }

    func store(of name: String) async throws -> (any BlobStore)? {
        guard BucketName.isValid(name), let folder = BucketFolder.number("\(path)/\(name)") else {
            return nil
        }
        if let bucket = open.withLock({ $0[name] }), bucket.folder == folder { return bucket.store }
        var store = try await StoreOpener.open(bucketURL(name))
        if isReadOnly { store = store.readOnly() }
        let bucket = OpenBucket(folder: folder, store: store)
        return open.withLock { open in
            // Of two requests that open a bucket at once, both work with the first one's store.
            if let first = open[name], first.folder == folder { return first.store }
            open[name] = bucket
            return bucket.store
        }
    }

    func list() async throws -> [GatewayBucket] {
        let names = try FileManager.default.contentsOfDirectory(atPath: path)
        return names.compactMap { name in
            guard BucketName.isValid(name), let created = created(name) else { return nil }
            return GatewayBucket(name: name, created: created)
        }
    }

    func create(_ name: String) async throws {
        guard !isReadOnly else {
            let message = "this server only reads"
            throw BlobError(.permissionDenied, operation: "createBucket", message: message)
        }
        guard BucketName.isValid(name) else {
            let message = "the name of a bucket has 3 to 63 small letters, digits, dots and hyphens"
            throw BlobError(.invalidArgument, operation: "createBucket", message: message)
        }
        guard created(name) == nil else {
            let message = "the bucket \"\(name)\" is there already"
            throw BlobError(.alreadyExists, operation: "createBucket", message: message)
        }
        try await StoreOpener.open(bucketURL(name)).prepare()
    }

    func delete(_ name: String) async throws {
        try BucketFolder(path: "\(path)/\(name)").remove()
        open.withLock { _ = $0.removeValue(forKey: name) }
    }

    func settings(of name: String) async throws -> GatewayBucketSettings {
        guard BucketName.isValid(name) else { return GatewayBucketSettings() }
        return try settingsFile(name).read()
    }

    func changeSettings(
        of name: String,
        _ change: @Sendable (inout GatewayBucketSettings) -> Void
    ) async throws {
        guard !isReadOnly else {
            let message = "this server only reads"
            throw BlobError(.permissionDenied, operation: "changeSettings", message: message)
        }
        guard try await store(of: name) != nil else { return }
        try settingsFile(name).change(change)
    }

    private func settingsFile(_ name: String) -> BucketSettingsFile {
        BucketSettingsFile(bucketFolder: "\(path)/\(name)", memory: memory)
    }

    /// When a folder was made, or else changed last; `nil` if there is none.
    private func created(_ name: String) -> Date? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        guard attributes?[.type] as? FileAttributeType == .typeDirectory else { return nil }
        return (attributes?[.creationDate] ?? attributes?[.modificationDate]) as? Date
    }

    private static func path(of url: String) -> String {
        let bytes = url.utf8.drop { $0 != UInt8(ascii: ":") }.dropFirst()
            .prefix { $0 != UInt8(ascii: "?") }
        let text = String(decoding: bytes, as: UTF8.self)
        let local = text.utf8.starts(with: "///".utf8) ? String(text.dropFirst(2)) : text
        return local.removingPercentEncoding ?? local
    }

    private func bucketURL(_ name: String) -> String {
        let end = url.utf8.firstIndex(of: UInt8(ascii: "?")) ?? url.endIndex
        let folder = String(url[..<end])
        let slash = folder.utf8.last == UInt8(ascii: "/") ? "" : "/"
        return folder + slash + name + url[end...]
    }
}
