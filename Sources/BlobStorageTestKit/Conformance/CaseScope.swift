import BlobStorage

/// What a case works with: the store under test, and a prefix that no other case uses.
struct CaseScope: Sendable {
    let store: any BlobStore
    let fixture: any BlobStore

    /// Begins every key of the case.
    let prefix: String

    /// Text that is in every key of the case, for keys that must begin with something odd.
    let unique: String

    /// Keys outside the prefix, to delete at the end.
    private let strays = Locked<[BlobKey]>([])

    init(_ subject: ConformanceSubject) {
        store = subject.store
        fixture = subject.fixture
        unique = "kit" + String(UInt64.random(in: (1 << 48)..<(1 << 52)), radix: 16)
        prefix = unique + "/"
    }

    /// A key of the case.
    func key(_ text: String) -> BlobKey {
        BlobKey(unchecked: prefix + text)
    }

    /// A key that is not under the prefix; it must have ``unique`` in it.
    func strayKey(_ text: String) -> BlobKey {
        let key = BlobKey(unchecked: text)
        strays.withLock { $0.append(key) }
        return key
    }

    /// What a key's text is without the prefix.
    func name(_ text: String) -> String {
        guard UTF8Order.hasPrefix(text, prefix) else { return text }
        return String(decoding: text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
    }

    /// The store as one that takes parts.
    var multipart: any MultipartBlobStore {
        get throws {
            guard let store = store as? any MultipartBlobStore else {
                throw Mismatch(expected: "a MultipartBlobStore", found: "\(type(of: store))")
            }
            return store
        }
    }

    /// Deletes what the case left.
    ///
    /// A store that fails here fails in a case of its own, so an error is no finding.
    func cleanUp() async {
        _ = try? await fixture.deleteAll(prefix: prefix)
        for key in strays.withLock(\.self) { try? await fixture.delete(key) }
        guard let fixture = fixture as? any MultipartBlobStore else { return }
        let page = try? await fixture.listMultipartUploads(
            prefix: prefix,
            continuationToken: nil,
            limit: ListOptions.maximumLimit
        )
        for entry in page?.uploads ?? [] {
            try? await fixture.abortMultipartUpload(entry.upload)
        }
    }
}
