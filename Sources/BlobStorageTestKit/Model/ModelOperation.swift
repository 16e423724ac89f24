import BlobStorage

/// One step of a model test, in terms that mean the same on every store.
///
/// It names versions and times by their role, since etags and clocks differ from store to store.
enum ModelOperation: Sendable {
    case put(String, ModelContent, ModelWrite)
    case get(String, ByteRange?, ModelRead)
    case head(String, ModelRead)
    case delete(String, ifMatches: ModelVersion?)
    case deleteMany([String])
    case list(prefix: String, delimiter: String?, startAfter: String?, limit: Int)
    case copy(String, to: String, replace: Int?, ModelCondition, ModelRead)
    case beginUpload(Int, String, attributes: Int)
    case uploadPart(Int, number: Int, ModelContent, isFull: Bool, wrongChecksum: Bool)
    case listParts(Int)
    case completeUpload(Int, ModelParts, ModelCondition)
    case abortUpload(Int)
    case listUploads(prefix: String)
}

/// The bytes of a blob or a part, different for each number.
struct ModelContent: Sendable {
    var number: Int
    var byteCount: Int

    var bytes: [UInt8] { bytes(byteCount) }

    func bytes(_ byteCount: Int) -> [UInt8] {
        var bytes = Array("<\(number)>".utf8)
        while bytes.count < byteCount { bytes += bytes }
        return Array(bytes.prefix(byteCount))
    }
}

/// How a blob is written.
struct ModelWrite: Sendable {
    /// What the body is made of, and what is wrong with it.
    enum Body: String, Sendable, CaseIterable {
        case bytes
        case stream
        case knownLength
        case tooShort
        case tooLong
        case throwing
    }

    /// The checksum that goes with the bytes.
    enum ChecksumChoice: Sendable {
        case none
        case compute(ChecksumAlgorithm)
        case right(ChecksumAlgorithm)
        case wrong(ChecksumAlgorithm)
    }

    var body = Body.bytes
    var attributes = 0
    var condition = ModelCondition.none
    var checksum = ChecksumChoice.none
}

/// Versions of a blob, by their role.
enum ModelVersion: String, Sendable, CaseIterable {
    case current
    case former
    case unknown
}

/// What must be true of a key for a change.
enum ModelCondition: Sendable, Equatable {
    case none
    case ifAbsent
    case ifMatches(ModelVersion)
}

/// What must be true of a blob for a read.
enum ModelRead: Sendable, Equatable {
    /// Times, told by when the blob was written.
    enum Moment: String, Sendable, CaseIterable {
        case same
        case before
    }

    case always
    case ifMatches(ModelVersion)
    case ifNoneMatches(ModelVersion)
    case modifiedSince(Moment)
    case unmodifiedSince(Moment)
}

/// The parts that complete an upload.
enum ModelParts: String, Sendable, CaseIterable {
    case all
    case withoutFirst
    case reversed
    case none
    case wrongETag
}

extension ModelOperation {
    /// The keys whose blobs the operation may change.
    var changedKeys: [String] {
        switch self {
        case .put(let key, _, _), .delete(let key, _), .copy(_, let key, _, _, _): [key]
        case .deleteMany(let keys): keys
        case .get, .head, .list, .beginUpload, .uploadPart, .listParts, .completeUpload,
            .abortUpload, .listUploads:
            []
        }
    }

    /// Whether two things can be wrong at once, so that stores may name either.
    var mayFailTwice: Bool {
        switch self {
        case .copy(_, _, let replace, let condition, let read):
            condition != .none || read != .always || replace == ModelAttributes.invalidIndex
        case .completeUpload(_, let parts, let condition): parts != .all || condition != .none
        case .uploadPart(_, let number, _, _, let wrongChecksum): wrongChecksum || number < 1
        default: false
        }
    }

    /// Whether a store may leave the blob's checksum out of the answer: S3 tells that of a whole blob
    /// with reads of all of it.
    var mayLeaveOutChecksum: Bool {
        if case .get(_, .some, _) = self { true } else { false }
    }

    /// The same operation with less to it, the simplest first.
    var simpler: [ModelOperation] {
        switch self {
        case .put(let key, let content, let write):
            var plain: [ModelWrite] = [ModelWrite()]
            plain.append(ModelWrite(body: write.body))
            plain.append(ModelWrite(attributes: write.attributes))
            plain.append(ModelWrite(condition: write.condition))
            plain.append(ModelWrite(checksum: write.checksum))
            return plain.map { .put(key, content, $0) }
        case .get(let key, let range, let read) where range != nil || read != .always:
            return [.get(key, nil, .always), .get(key, range, .always)]
        case .list(let prefix, let delimiter, let startAfter, let limit):
            let all = ListOptions.maximumLimit
            return [
                .list(prefix: prefix, delimiter: nil, startAfter: nil, limit: all),
                .list(prefix: prefix, delimiter: delimiter, startAfter: nil, limit: all),
                .list(prefix: prefix, delimiter: nil, startAfter: startAfter, limit: all),
                .list(prefix: prefix, delimiter: delimiter, startAfter: nil, limit: limit),
            ]
        case .copy(let source, let key, let replace, let condition, let read):
            return [
                .copy(source, to: key, replace: source == key ? 0 : nil, .none, .always),
                .copy(source, to: key, replace: replace, .none, .always),
                .copy(source, to: key, replace: source == key ? 0 : nil, condition, .always),
                .copy(source, to: key, replace: source == key ? 0 : nil, .none, read),
            ]
        default: return []
        }
    }
}
