import BlobStorage
import BlobStorageUploads
import Testing

/// A way from a client to a confirmed document: by what is asked for, and by what the store can do.
enum Way: String, CaseIterable, Sendable, CustomTestStringConvertible {
    /// One request that writes the key, once.
    case direct
    /// One request to the incoming key, and a copy that happens once.
    case incoming
    /// One request to the incoming key, and a copy to a key of its own.
    case marked
    /// The same, and what is copied may be other bytes than were looked at.
    case loose
    /// A form, and a copy that happens once.
    case form
    /// A form, and a copy to a key of its own.
    case markedForm
    /// Parts, which are completed once.
    case parts
    /// Parts, of a store that can't complete on a condition.
    case plainParts

    var testDescription: String { rawValue }

    var missing: Set<Capabilities.Feature> {
        switch self {
        case .direct, .form, .parts: []
        case .incoming, .plainParts: [.putIfAbsent]
        case .marked, .loose: [.putIfAbsent, .conditionalCopy]
        case .markedForm: [.conditionalCopy]
        }
    }

    /// What is uploaded.
    var bytes: [UInt8] {
        switch self {
        case .parts, .plainParts: Bench.png(20)
        default: Bench.png
        }
    }

    var request: UploadRequest {
        var request = Bench.request(bytes)
        if self == .form || self == .markedForm { request.byteCount = nil }
        return request
    }

    func bench(policy: (inout UploadPolicy) -> Void = { _ in }) throws -> Bench {
        try Bench(without: missing, checksCopySources: self != .loose, policy: policy)
    }
}
