internal import BlobStorage
internal import Foundation

extension S3Store {
    /// Finds out what the endpoint can really do, by trying it on a few small blobs.
    ///
    /// The blobs lie beneath `.blob-storage-doctor/` in the bucket and are deleted at the end. What is
    /// not tried, such as limits and keys with NUL, stays as the store's profile has it.
    ///
    /// - Returns: What was found, and a vendor profile that says so.
    /// - Throws: `BlobError` if the bucket can't be read and written at all.
    /// - Complexity: Some 220 small requests where all works, and up to three of 5 MiB.
    public func doctor() async throws -> S3Diagnosis {
        try await findBucket()
        var doctor = S3Doctor(self)
        do {
            try await doctor.examine()
        } catch {
            await doctor.cleanUp()
            throw error
        }
        await doctor.cleanUp()
        return S3Diagnosis(findings: doctor.findings, vendor: doctor.vendor)
    }
}

/// Tries one endpoint out.
struct S3Doctor {
    /// How many writers race for one blob.
    static let racerCount = 8
    /// How many such races there are; a store without atomic conditions loses one of the first.
    static let raceCount = 6

    /// The checksums that S3 can make of the parts' own, the preferred first.
    static let combinable: [ChecksumAlgorithm] = [.crc64NVME, .crc32C, .crc32]

    /// The store with a profile that claims everything.
    let store: S3Store
    /// What the probes' blobs are called.
    let prefix = ".blob-storage-doctor/\(UUID().uuidString)/"
    private(set) var findings: [S3Diagnosis.Finding] = []
    /// The profile, corrected by what was found so far.
    var vendor: S3Vendor

    init(_ store: S3Store) {
        vendor = store.vendor
        var all = store.vendor
        all.checksums = Set(ChecksumAlgorithm.allCases)
        all.multipartChecksums = Set(Self.combinable)
        all.defaultChecksum = nil
        all.acceptsTrailers = true
        all.canPutIfAbsent = true
        all.canPutIfMatches = true
        all.canCompleteConditionally = true
        all.canDeleteIfMatches = true
        all.canTag = true
        if all.copyCondition == .none { all.copyCondition = .standard }
        self.store = store.claiming(all)
    }

    mutating func examine() async throws {
        try await roundTrip()
        try await checksums()
        try await conditions()
        try await listings()
    }

    func key(_ name: String) throws -> BlobKey {
        try BlobKey(prefix + name)
    }

    /// Adds a finding: `probe` returns what is wrong, or `nil`.
    ///
    /// - Returns: Whether it works.
    mutating func find(
        _ name: String,
        _ outcome: S3Diagnosis.Finding.Outcome = .missing,
        _ probe: () async throws -> String?
    ) async throws -> Bool {
        var detail: String?
        do {
            detail = try await probe()
        } catch let error as BlobError {
            // Trouble on the way says nothing about what the endpoint can do.
            guard !error.isRetryable, error.kind != .unauthenticated else { throw error }
            detail = error.description
        }
        findings.append(
            S3Diagnosis.Finding(
                name: name,
                outcome: detail == nil ? .works : outcome,
                detail: detail ?? ""
            )
        )
        return detail == nil
    }

    /// What every store must do; without it there is nothing to examine.
    private mutating func roundTrip() async throws {
        let key = try key("round trip")
        let metadata: BlobMetadata = ["plain": "text", "unicode": "naïve ☃ 日本"]
        try await store.put(key, "doctor", options: PutOptions(metadata: metadata))
        let blob = try await store.get(key)
        let text = String(decoding: try await blob.body.collect(upTo: 100), as: UTF8.self)
        guard UTF8Order.equal(text, "doctor") else {
            let message = "what was written is not what is read"
            throw BlobError(.corrupted, operation: "doctor", key: key, message: message)
        }
        _ = try await find("metadata") {
            blob.attributes.metadata == metadata
                ? nil : "came back as \(blob.attributes.metadata)"
        }
        _ = try await find("ranges") { [store] in
            let part = try await store.get(key, range: .bounded(1..<3)).body.collect(upTo: 100)
            return part == Array("oc".utf8) ? nil : "bytes 1 and 2 came back as \(part.count) bytes"
        }
        let works = try await find("bulk delete") { [store] in
            let failures = try await store.delete([key])
            return failures.first.map { "\($0.error)" }
        }
        if !works { vendor.maximumDeleteKeyCount = 0 }
        try await tags()
    }

    private mutating func tags() async throws {
        let key = try key("tags")
        let tags = try BlobTags(["a b": "ü+/="])
        vendor.canTag = try await find("tags") { [store] in
            try await store.put(key, "", options: PutOptions(tags: tags))
            let found = try await store.tags(of: key)
            return found == tags ? nil : "came back as \(found)"
        }
    }

    private mutating func listings() async throws {
        // Without the encoding a character that XML lacks would make every listing fail.
        let name = "a b+c%41 é/" + (store.vendor.encodesListings ? "\u{1}" : "")
        let key = try key(name)
        try await store.put(key, "")
        let works = try await find("encoded listings") { [store, prefix] in
            let page = try await store.list(ListOptions(prefix: prefix + "a b"))
            return page.blobs.map(\.key) == [key]
                ? nil : "the key \"\(EscapedText(name))\" came back as \(page.blobs.map(\.key))"
        }
        if !works { vendor.encodesListings = false }
    }

    /// Deletes what the probes have left, as far as that goes.
    func cleanUp() async {
        do {
            let uploads = try await store.listMultipartUploads(
                prefix: prefix,
                continuationToken: nil,
                limit: ListOptions.maximumLimit
            )
            for listed in uploads.uploads { try await store.abortMultipartUpload(listed.upload) }
            _ = try await store.deleteAll(prefix: prefix)
        } catch {
            // The diagnosis counts; what stays is small and says by its name what it is.
            return
        }
    }
}
