/// Something that the signature of a presigned request does not hold the client to.
///
/// The raw values are stable: they are what a browser finds in the request's JSON.
@nonexhaustive
public enum UnenforcedProperty: String, Sendable, Hashable, CaseIterable, Codable {
    /// How often the request is used before it expires.
    case useCount
    /// How many bytes are sent: a `put` has no upper bound but the store's own. Bind the exact count,
    /// or use a form.
    case byteCount
    /// Which bytes are sent: bind a checksum.
    case content
    /// The media type: bind one.
    case contentType
    /// Encoding, language, disposition, cache control or expiry of the content: those that are not bound.
    case contentHeaders
    /// Whether a blob, or a part, that is there is replaced: bind `ifAbsent` or `ifMatches`.
    case overwriting
    /// The rest of the key, behind the prefix of a form.
    case keySuffix
}

extension Set<UnenforcedProperty> {
    /// What a request that sends no body leaves open.
    package static let ofBodiless: Set<UnenforcedProperty> = [.useCount]
    /// What a `put` without options leaves open.
    package static let ofPlainPut: Set<UnenforcedProperty> = [
        .useCount, .byteCount, .content, .contentType, .contentHeaders, .overwriting,
    ]
}

extension PresignOptions {
    /// What a signature that binds these options leaves open.
    package func notEnforced(in operation: PresignedOperation) -> Set<UnenforcedProperty> {
        switch operation {
        case .get, .head, .delete: return .ofBodiless
        case .put where isEmpty: return .ofPlainPut
        case .put, .uploadPart: break
        }
        var open: Set<UnenforcedProperty> = [.useCount]
        if byteCount == nil { open.insert(.byteCount) }
        if checksum == nil { open.insert(.content) }
        if condition.isNone { open.insert(.overwriting) }
        guard case .put = operation else { return open }
        if headers.contentType == nil { open.insert(.contentType) }
        let others = [
            headers.contentEncoding, headers.contentLanguage, headers.contentDisposition,
            headers.cacheControl, headers.expires,
        ]
        if others.contains(nil) { open.insert(.contentHeaders) }
        return open
    }
}
