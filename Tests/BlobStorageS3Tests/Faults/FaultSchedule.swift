import BlobStorage
import BlobStorageHTTP
import BlobStorageTestKit

/// Some operations, and how often something goes wrong with their requests; made from a seed alone.
struct FaultSchedule: Sendable {
    /// What a key holds, as far as schedules look.
    struct Value: Sendable, Equatable, CustomStringConvertible {
        var bytes: [UInt8]
        /// The user's pair that tells one write from another.
        var mark: String

        var description: String { "\(bytes.count) bytes" }
    }

    typealias Contents = [BlobKey: Value]

    /// A condition, before it is known which etag there is.
    enum Condition: Sendable, CaseIterable {
        case none
        case ifAbsent
        case ifMatchesCurrent
        case ifMatchesOther
    }

    enum Operation: Sendable {
        case put(BlobKey, Value, Condition, isStream: Bool)
        case multipart(BlobKey, Value)
        case get(BlobKey, ByteRange?)
        case head(BlobKey)
        case copy(BlobKey, BlobKey, Condition)
        case delete(BlobKey, Condition)
        case deleteMany([BlobKey])
        case list
    }

    let seed: UInt64
    let operations: [Operation]
    /// How many requests of a hundred go wrong.
    let faultPercentage: UInt64
    let timeout: Duration?
    /// The largest blob that is copied in one request.
    let maximumCopyByteCount: Int
    let readsInParallel: Bool

    static let keys: [BlobKey] = ["a", "b/c", "b/é d"]

    init(seed: UInt64) {
        var random = SplitMix64(seed)
        self.seed = seed
        faultPercentage = [10, 25, 40, 70].randomElement(using: &random) ?? 10
        timeout = Bool.random(using: &random) ? .seconds(45) : nil
        maximumCopyByteCount = Bool.random(using: &random) ? 1_500 : 5 << 30
        readsInParallel = Int.random(in: 0..<4, using: &random) == 0
        var operations: [Operation] = []
        for index in 0..<Int.random(in: 3...6, using: &random) {
            operations.append(Self.operation(mark: "\(seed)-\(index)", &random))
        }
        self.operations = operations
    }

    private static func operation(mark: String, _ random: inout SplitMix64) -> Operation {
        func key() -> BlobKey { keys.randomElement(using: &random) ?? "a" }
        func condition() -> Condition { Condition.allCases.randomElement(using: &random) ?? .none }
        func value(_ count: Int) -> Value {
            let first = UInt8.random(in: 0...255, using: &random)
            return Value(bytes: (0..<count).map { first &+ UInt8($0 & 0x7F) }, mark: mark)
        }
        // A put in one request, at the edge of one, in parts.
        let count = [0, 1, 300, 2_048, 2_049, 5_000].randomElement(using: &random) ?? 1
        switch Int.random(in: 0..<14, using: &random) {
        case 0...4: return .put(key(), value(count), condition(), isStream: .random(using: &random))
        case 5: return .multipart(key(), value(max(1, count)))
        case 6: return .get(key(), nil)
        case 7: return .get(key(), .from(Int64.random(in: 0...600, using: &random)))
        case 8: return .get(key(), .suffix(Int64.random(in: 1...600, using: &random)))
        case 9: return .head(key())
        case 10: return .copy(key(), key(), condition())
        case 11: return .delete(key(), condition())
        case 12: return .deleteMany([key(), key()])
        default: return .list
        }
    }

    /// The fault of a request; tasks that run side by side don't change it.
    func fault(_ attempt: FaultyTransport.Attempt, during index: Int) -> Fault? {
        let request = attempt.request
        var hash = seed &* 0x100_0000_01B3 &+ UInt64(index)
        let identity =
            Array(request.operation.utf8) + request.key
            + Array((request.query["partNumber"] ?? "").utf8)
            + Array((request.headers["range"] ?? "").utf8)
        for byte in identity { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
        var random = SplitMix64(hash &+ UInt64(attempt.number) &* 7_919)
        guard random.next() % 100 < faultPercentage else { return nil }
        return Fault.random(using: &random)
    }
}

extension FaultSchedule.Operation {
    /// The name that errors have.
    var name: String {
        switch self {
        case .put: "put"
        case .multipart: "multipart"
        case .get: "get"
        case .head: "head"
        case .copy: "copy"
        case .delete, .deleteMany: "delete"
        case .list: "list"
        }
    }

    var isChange: Bool {
        switch self {
        case .get, .head, .list: false
        default: true
        }
    }

    /// Whether it is done by being done again, so that its failure may leave it done.
    var isRepeatable: Bool {
        switch self {
        case .copy(_, _, .none), .delete(_, .none), .delete(_, .ifAbsent), .deleteMany: true
        default: false
        }
    }

    /// What is there when it is done.
    func applied(to contents: FaultSchedule.Contents) -> FaultSchedule.Contents {
        var contents = contents
        switch self {
        case .put(let key, let value, _, _), .multipart(let key, let value): contents[key] = value
        case .copy(let source, let destination, _): contents[destination] = contents[source]
        case .delete(let key, _): contents[key] = nil
        case .deleteMany(let keys): for key in keys { contents[key] = nil }
        case .get, .head, .list: break
        }
        return contents
    }

    /// The error that it ends in on a store without faults.
    func naturalError(in contents: FaultSchedule.Contents) -> BlobError.Kind? {
        switch self {
        case .put(let key, _, let condition, _): condition.error(contents[key] != nil)
        case .get(let key, let range):
            contents[key].map { value in
                guard case .from(let offset) = range, offset >= value.bytes.count else {
                    return nil
                }
                return .rangeNotSatisfiable
            } ?? .notFound
        case .head(let key): contents[key] == nil ? .notFound : nil
        case .copy(let source, let destination, let condition):
            contents[source] == nil ? .notFound : condition.error(contents[destination] != nil)
        case .delete(let key, let condition):
            condition == .ifAbsent ? nil : condition.error(contents[key] != nil)
        case .multipart, .deleteMany, .list: nil
        }
    }
}

extension FaultSchedule.Condition {
    func error(_ isThere: Bool) -> BlobError.Kind? {
        switch self {
        case .none: nil
        case .ifAbsent: isThere ? .alreadyExists : nil
        case .ifMatchesCurrent: isThere ? nil : .preconditionFailed
        case .ifMatchesOther: .preconditionFailed
        }
    }
}
