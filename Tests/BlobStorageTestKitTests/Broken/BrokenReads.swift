import BlobStorage
import Foundation

struct IgnoresSuffixes: BrokenStore {
    let base = InMemoryStore()

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        if case .suffix = range { return try await base.get(key, range: nil, options: options) }
        return try await base.get(key, range: range, options: options)
    }
}

/// Takes a range's end for its last byte's offset, as HTTP does.
struct CutsRangesShort: BrokenStore {
    let base = InMemoryStore()

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        guard case .bounded(let bytes) = range, bytes.count > 1 else {
            return try await base.get(key, range: range, options: options)
        }
        let shorter = ByteRange.bounded(bytes.lowerBound..<(bytes.upperBound - 1))
        return try await base.get(key, range: shorter, options: options)
    }
}

struct OverflowsOnHugeRanges: BrokenStore {
    let base = InMemoryStore()

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        guard case .bounded(let bytes) = range, bytes.upperBound == .max else {
            return try await base.get(key, range: range, options: options)
        }
        let message = "the range is too large"
        throw BlobError(.invalidArgument, operation: "get", key: key, message: message)
    }
}

struct TakesMissingForEmpty: BrokenStore {
    let base = InMemoryStore()

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        do {
            return try await base.get(key, range: range, options: options)
        } catch let error as BlobError where error.kind == .notFound {
            let attributes = BlobAttributes(
                key: key,
                byteCount: 0,
                etag: "\"\"",
                lastModified: .distantPast
            )
            return Blob(attributes: attributes, range: 0..<0, body: BlobBody([]))
        }
    }
}

/// Reads the attributes, and the bytes some time later.
struct MixesVersions: BrokenStore {
    let base = InMemoryStore()

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        let attributes = try await base.get(key, range: range, options: options).attributes
        await letOthersRun()
        let blob = try await base.get(key, range: range, options: options)
        return Blob(attributes: attributes, range: blob.range, body: blob.body)
    }
}

/// Opens the blob when its body is read, and not before.
struct OpensBodiesLate: BrokenStore {
    let base = InMemoryStore()

    private struct LateChunks: AsyncSequence, Sendable {
        typealias Element = [UInt8]
        let read: @Sendable () async throws -> [UInt8]

        struct AsyncIterator: AsyncIteratorProtocol {
            var isDone = false
            let read: @Sendable () async throws -> [UInt8]

            mutating func next() async throws -> [UInt8]? {
                guard !isDone else { return nil }
                isDone = true
                return try await read()
            }
        }

        func makeAsyncIterator() -> AsyncIterator { AsyncIterator(read: read) }
    }

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        let blob = try await base.get(key, range: range, options: options)
        let body = BlobBody(
            LateChunks { [base] in
                try await base.bytes(key, upTo: 1 << 30, range: range)
            }
        )
        return Blob(attributes: blob.attributes, range: blob.range, body: body)
    }
}

/// Asks for every condition by itself, without RFC 9110's order of precedence.
struct IgnoresPrecedence: BrokenStore {
    let base = InMemoryStore()

    func head(_ key: BlobKey, options: HeadOptions) async throws -> BlobAttributes {
        var times = options
        times.conditions.ifMatches = nil
        times.conditions.ifNoneMatches = nil
        _ = try await base.head(key, options: times)
        return try await base.head(key, options: options)
    }
}

struct ReadsConditionsAsFailed: BrokenStore {
    let base = InMemoryStore()

    func get(_ key: BlobKey, range: ByteRange?, options: GetOptions) async throws -> Blob {
        do {
            return try await base.get(key, range: range, options: options)
        } catch let error as BlobError where error.kind == .notModified {
            let message = error.message
            throw BlobError(.preconditionFailed, operation: "get", key: key, message: message)
        }
    }
}
