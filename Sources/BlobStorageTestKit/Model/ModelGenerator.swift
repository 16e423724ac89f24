import BlobStorage

/// Draws operations, only such as the store can do.
struct ModelGenerator {
    /// Few keys, so that operations meet; each has another that something could take it for.
    static let keys = [
        "a", "a/b", "a/b/c", "a/", "A", "a//b", "a%2Fb", "a b", "..", ".", "/", "//", "\u{E9}",
        "e\u{301}", "\u{FF5E}", "\u{1F600}", "b.txt", "b.txt/..",
    ]

    private static let prefixes = ["", "", "a", "a/", "/", ".", "e", "\u{E9}", "b.txt", "none"]
    private static let delimiters: [String?] = [nil, "/", "/", "b", "\u{E9}", "//"]
    private static let limits = [1, 2, 3, 1_000]
    private static let slots = 0..<2

    private let capabilities: Capabilities
    private let isMultipart: Bool
    private let algorithms: [ChecksumAlgorithm]
    private var random: SplitMix64
    private var lastNumber = 0

    init(seed: UInt64, store: any BlobStore) {
        capabilities = store.capabilities
        isMultipart = store is any MultipartBlobStore
        algorithms = capabilities.checksums.sorted { $0.rawValue < $1.rawValue }
        random = SplitMix64(seed)
    }

    mutating func operations(_ count: Int) -> [ModelOperation] {
        (0..<count).map { _ in next() }
    }

    private mutating func next() -> ModelOperation {
        switch int(isMultipart ? 110 : 78) {
        case 0..<26: .put(key(), content(), write())
        case 26..<38: .get(key(), range(), .always)
        case 38..<44: .get(key(), nil, read())
        case 44..<50: .head(key(), read())
        case 50..<58: .delete(key(), ifMatches: deleteVersion())
        case 58..<60: .deleteMany((0..<int(4)).map { _ in key() })
        case 60..<70: list()
        case 70..<78: copy()
        case 78..<83: .beginUpload(slot(), key(), attributes: attributes())
        case 83..<97: part()
        case 97..<99: .listParts(slot())
        case 99..<106: complete()
        case 106..<107: .abortUpload(slot())
        default: .listUploads(prefix: pick(Self.prefixes))
        }
    }

    private mutating func int(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }

    private mutating func pick<Value>(_ values: [Value]) -> Value { values[int(values.count)] }

    private mutating func key() -> String { pick(Self.keys) }

    private mutating func slot() -> Int { int(Self.slots.count) }

    private mutating func content() -> ModelContent {
        lastNumber += 1
        return ModelContent(number: lastNumber, byteCount: pick([0, 1, 10, 10, 100, 5_000]))
    }

    /// Mostly legal ones.
    private mutating func attributes() -> Int {
        int(12) == 0 ? ModelAttributes.invalidIndex : int(ModelAttributes.invalidIndex)
    }

    /// Writes with one thing wrong at most, since stores may look at two in any order.
    private mutating func write() -> ModelWrite {
        var write = ModelWrite(attributes: int(ModelAttributes.invalidIndex))
        switch int(10) {
        case 0: write.body = pick(ModelWrite.Body.allCases)
        case 1: write.body = .stream
        case 2: write.attributes = attributes()
        case 3, 4: write.condition = condition(.putIfAbsent, .putIfMatches)
        case 5: write.checksum = checksum()
        default: break
        }
        return write
    }

    private mutating func checksum() -> ModelWrite.ChecksumChoice {
        guard !algorithms.isEmpty else { return .none }
        let algorithm = pick(algorithms)
        return pick([.compute(algorithm), .right(algorithm), .wrong(algorithm)])
    }

    private mutating func condition(
        _ absent: Capabilities.Feature,
        _ matches: Capabilities.Feature
    ) -> ModelCondition {
        var choices: [ModelCondition] = []
        if capabilities.features.contains(absent) { choices.append(.ifAbsent) }
        if capabilities.features.contains(matches) {
            choices += ModelVersion.allCases.map { .ifMatches($0) }
        }
        return choices.isEmpty ? .none : pick(choices)
    }

    private mutating func deleteVersion() -> ModelVersion? {
        guard capabilities.features.contains(.deleteIfMatches), int(4) == 0 else { return nil }
        return pick(ModelVersion.allCases)
    }

    private mutating func read() -> ModelRead {
        switch int(5) {
        case 0: .always
        case 1: .ifMatches(pick(ModelVersion.allCases))
        case 2: .ifNoneMatches(pick(ModelVersion.allCases))
        case 3: .modifiedSince(pick(ModelRead.Moment.allCases))
        default: .unmodifiedSince(pick(ModelRead.Moment.allCases))
        }
    }

    private mutating func range() -> ByteRange? {
        let offset = pick([0, 1, 5, 9, 10, 11, 99, 4_999, 5_000, Int64.max - 1] as [Int64])
        let count = pick([1, 2, 9, 10, 100, 6_000] as [Int64])
        switch int(4) {
        case 0: return nil
        case 1: return .bounded(offset..<(offset > .max - count ? .max : offset + count))
        case 2: return .from(offset)
        default: return .suffix(count)
        }
    }

    private mutating func list() -> ModelOperation {
        .list(
            prefix: pick(Self.prefixes),
            delimiter: pick(Self.delimiters),
            startAfter: int(3) == 0 ? key() : nil,
            limit: pick(Self.limits)
        )
    }

    private mutating func copy() -> ModelOperation {
        let source = key()
        let destination = key()
        // A copy onto itself that changes nothing is refused by S3.
        let replaces = source == destination || int(3) == 0
        let replace = replaces ? attributes() : nil
        let condition =
            capabilities.features.contains(.conditionalCopy) && int(4) == 0
            ? condition(.conditionalCopy, .conditionalCopy) : .none
        let read = int(4) == 0 ? read() : .always
        return .copy(source, to: destination, replace: replace, condition, read)
    }

    private mutating func part() -> ModelOperation {
        .uploadPart(
            slot(),
            number: pick([1, 1, 2, 2, 3, 7, 0]),
            content(),
            isFull: int(4) != 0,
            wrongChecksum: !algorithms.isEmpty && int(8) == 0
        )
    }

    private mutating func complete() -> ModelOperation {
        let isPlain = int(2) == 0
        return .completeUpload(
            slot(),
            isPlain ? .all : pick(ModelParts.allCases),
            isPlain && int(2) == 0 ? condition(.putIfAbsent, .putIfMatches) : .none
        )
    }
}
