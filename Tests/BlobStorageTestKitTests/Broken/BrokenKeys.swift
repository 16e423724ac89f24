import BlobStorage
import Foundation

/// Changes keys before it uses them; listings tell the changed ones.
struct ChangesKeys: BrokenStore {
    let base = InMemoryStore()
    let change: @Sendable (String) -> String

    private func changed(_ key: BlobKey) throws -> BlobKey {
        try BlobKey(change(key.text))
    }

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        try await base.put(changed(key), body, options: options)
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        try await base.get(changed(key), range: range, options: options)
    }

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        var attributes = try await base.head(changed(key), options: options)
        attributes.key = key
        return attributes
    }

    func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        try await base.delete(changed(key), options: options)
    }

    static func normalizing() -> ChangesKeys {
        ChangesKeys { $0.precomposedStringWithCanonicalMapping }
    }

    static func lowercasing() -> ChangesKeys {
        ChangesKeys { $0.lowercased() }
    }

    static func collapsingSlashes() -> ChangesKeys {
        ChangesKeys { text in
            var text = text
            while text.contains("//") { text = text.replacingOccurrences(of: "//", with: "/") }
            return text
        }
    }

    static func resolvingDots() -> ChangesKeys {
        ChangesKeys { text in
            var segments: [Substring] = []
            for segment in text.split(separator: "/", omittingEmptySubsequences: false) {
                switch segment {
                case ".": continue
                case "..": _ = segments.popLast()
                default: segments.append(segment)
                }
            }
            return segments.joined(separator: "/")
        }
    }

    static func decodingPercents() -> ChangesKeys {
        ChangesKeys { $0.removingPercentEncoding ?? $0 }
    }

    static func cuttingSegments() -> ChangesKeys {
        ChangesKeys { text in
            text.split(separator: "/", omittingEmptySubsequences: false)
                .map { String($0.prefix(255)) }.joined(separator: "/")
        }
    }
}

/// Can't have a blob where it has a folder.
struct HasFolders: BrokenStore {
    let base = InMemoryStore()

    func put(
        _ key: BlobKey,
        _ body: BlobBody,
        options: PutOptions
    ) async throws -> BlobAttributes {
        let inside = try await base.list(ListOptions(prefix: key.text + "/", limit: 1))
        guard inside.blobs.isEmpty else {
            throw BlobError(.conflict, operation: "put", key: key, message: "it is a folder")
        }
        return try await base.put(key, body, options: options)
    }
}
