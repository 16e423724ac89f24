import BlobStorage

/// What an operation gave, in terms that mean the same on every store.
struct ModelOutcome: Sendable {
    /// The kind of the error, if it was a `BlobError`.
    var kind: BlobError.Kind?
    /// All that must be the same.
    var text: String
    /// The checksum that was kept; a store may keep one unasked.
    var checksum: Checksum?

    /// Whether a store's outcome agrees with the model's.
    ///
    /// - Parameters:
    ///   - model: What the model gave.
    ///   - store: What the store gave.
    ///   - mayFailTwice: Whether there are two reasons to fail, and either may be told.
    ///   - mayLoseChecksum: Whether the store loses checksums when a copy replaces the attributes.
    /// - Returns: Whether they agree.
    static func agree(
        model: Self,
        store: Self,
        mayFailTwice: Bool,
        mayLoseChecksum: Bool
    ) -> Bool {
        if mayFailTwice, model.kind != nil, store.kind != nil { return true }
        guard model.kind == store.kind, UTF8Order.equal(model.text, store.text) else {
            return false
        }
        if mayLoseChecksum, store.checksum == nil { return true }
        return model.checksum == nil || model.checksum == store.checksum
    }
}

extension ModelOutcome: CustomStringConvertible {
    var description: String {
        text + (checksum.map { ", checksum \($0)" } ?? "")
    }
}

extension ModelOutcome {
    /// The outcome of a call.
    static func of(_ call: () async throws -> ModelOutcome) async throws -> ModelOutcome {
        do {
            return try await call()
        } catch let error as BlobError {
            return ModelOutcome(kind: error.kind, text: error.kind.rawValue)
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return ModelOutcome(text: "threw \(error)")
        }
    }

    /// Attributes without what differs from store to store.
    init(_ attributes: BlobAttributes, etag: String) {
        self.init(
            text: "\(readable(attributes.key.text)), \(attributes.byteCount) bytes, "
                + "\(attributes.headers.text), metadata [\(attributes.metadata)], etag \(etag)",
            checksum: attributes.checksum
        )
    }
}

extension ContentHeaders {
    fileprivate var text: String {
        fields.map { "\($0.name): \($0.value)" }.joined(separator: ", ")
    }
}

/// Bytes for comparison and for a message: all are told apart, few are shown.
func fingerprint(_ bytes: [UInt8]) -> String {
    let start = String(decoding: bytes.prefix(24), as: UTF8.self)
    return "\(bytes.count) bytes \(readable(start)) crc64nvme "
        + Checksum.of(bytes, .crc64NVME).hex
}
