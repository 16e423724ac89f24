import BlobStorage
import BlobStorageGateway
import Foundation

/// Buckets that are the folders of one folder; a new bucket is a new folder.
struct FolderBuckets: GatewayBuckets {
    /// The URL of the folder, with the options for the stores.
    let url: String
    let isReadOnly: Bool

    func store(of name: String) async throws -> (any BlobStore)? {
        guard BucketName.isValid(name), created(name) != nil else { return nil }
        let store = try await StoreOpener.open(bucketURL(name))
        return isReadOnly ? store.readOnly() : store
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

    /// When a folder was changed last; `nil` if there is none.
    private func created(_ name: String) -> Date? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: "\(path)/\(name)")
        guard attributes?[.type] as? FileAttributeType == .typeDirectory else { return nil }
        return attributes?[.modificationDate] as? Date
    }

    private var path: String {
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
