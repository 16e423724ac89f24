import BlobStorage

extension OptionSpec {
    /// The options that stand for ``PutOptions``.
    static let put: [OptionSpec] =
        [
            .value("type", "t", "TYPE", "media type; default: by the key's extension"),
            .value("encoding", nil, "NAME", "content encoding, such as gzip"),
            .value("language", nil, "TAG", "content language, such as de"),
            .value("disposition", nil, "TEXT", "inline, or attachment; filename=…"),
            .value("cache-control", nil, "TEXT", "how long caches may keep the blob"),
            .value("expires", nil, "TEXT", "when caches must drop the blob, as HTTP has it"),
            .value(
                "meta",
                "m",
                "NAME=VALUE",
                "a pair of your own; may be repeated",
                isRepeatable: true
            ),
            .value(
                "checksum",
                nil,
                "ALGORITHM[:BASE64]",
                "crc64nvme, crc32c, crc32, sha256 or sha1, to keep and compare"
            ),
        ] + condition

    /// The options that stand for a ``WriteCondition``.
    static let condition: [OptionSpec] = [
        .flag("if-absent", nil, "only if there is no such blob"),
        .value("if-matches", nil, "ETAG", "only if the blob there has this etag"),
    ]
}

extension PutOptions {
    /// Reads the options of a put.
    ///
    /// - Throws: ``UsageError``.
    init(_ arguments: Arguments) throws {
        try self.init(
            headers: ContentHeaders(
                contentType: arguments.value("type"),
                contentEncoding: arguments.value("encoding"),
                contentLanguage: arguments.value("language"),
                contentDisposition: arguments.value("disposition"),
                cacheControl: arguments.value("cache-control"),
                expires: arguments.value("expires")
            ),
            metadata: BlobMetadata(arguments: arguments.values("meta")),
            condition: WriteCondition(arguments),
            checksum: arguments.value("checksum").map(PutChecksum.init(argument:))
        )
    }
}

extension WriteCondition {
    /// Reads the condition of a write.
    ///
    /// - Throws: ``UsageError``.
    init(_ arguments: Arguments) throws {
        try arguments.expectAtMostOne(of: "if-absent", "if-matches")
        if arguments.has("if-absent") {
            self = .ifAbsent
        } else if let etag = arguments.value("if-matches") {
            self = .ifMatches(ETag(argument: etag))
        } else {
            self = .none
        }
    }
}

extension ETag {
    /// Reads an etag; its quotes, which shells like to eat, may be left out.
    init(argument: String) {
        let isQuoted = argument.utf8.last == UInt8(ascii: "\"")
        self.init(isQuoted ? argument : "\"\(argument)\"")
    }
}

extension BlobMetadata {
    fileprivate init(arguments: [String]) throws {
        self.init()
        for argument in arguments {
            guard let equals = argument.utf8.firstIndex(of: UInt8(ascii: "=")) else {
                throw UsageError("--meta is \"\(DisplayText(argument))\"; write NAME=VALUE")
            }
            let name = String(argument[..<equals])
            guard self[name] == nil else {
                throw UsageError("--meta gives \"\(DisplayText(name))\" twice")
            }
            self[name] = String(argument[argument.utf8.index(after: equals)...])
        }
    }
}

extension PutChecksum {
    fileprivate init(argument: String) throws {
        let colon = argument.utf8.firstIndex(of: UInt8(ascii: ":")) ?? argument.endIndex
        let name = String(argument[..<colon])
        guard let algorithm = ChecksumAlgorithm(rawValue: name) else {
            let known = ChecksumAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("\"\(DisplayText(name))\" is no checksum; known are: \(known)")
        }
        guard colon < argument.endIndex else {
            self = .compute(algorithm)
            return
        }
        let base64 = String(argument[argument.utf8.index(after: colon)...])
        do {
            self = .expect(try Checksum(algorithm, base64: base64))
        } catch let error as BlobError {
            throw UsageError(error.message)
        }
    }
}
