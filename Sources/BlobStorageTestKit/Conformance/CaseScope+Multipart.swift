import BlobStorage

extension CaseScope {
    /// A part of the smallest legal size that tells on each byte which part it is.
    func fullPart(_ number: Int) throws -> [UInt8] {
        let byteCount = try max(1, multipart.multipartLimits.minimumPartByteCount)
        return [UInt8](repeating: UInt8(truncatingIfNeeded: 64 + number), count: Int(byteCount))
    }

    /// Begins an upload with these parts; all but the highest are of the smallest legal size.
    func upload(
        _ name: String,
        parts numbers: [Int],
        options: MultipartOptions = MultipartOptions()
    ) async throws -> (MultipartUpload, [UploadedPart]) {
        let store = try multipart
        let upload = try await store.createMultipartUpload(key(name), options: options)
        var parts: [UploadedPart] = []
        for number in numbers {
            let bytes = try partBytes(number, of: numbers)
            parts.append(try await store.uploadPart(number, of: upload, bytes))
        }
        return (upload, parts.sorted { $0.number < $1.number })
    }

    /// The bytes that ``upload(_:parts:options:)`` gives to a part.
    func partBytes(_ number: Int, of numbers: [Int]) throws -> [UInt8] {
        number == numbers.max() ? Array("last \(number)".utf8) : try fullPart(number)
    }

    /// The bytes of a blob made of these parts.
    func partBytes(of numbers: [Int]) throws -> [UInt8] {
        try numbers.sorted().reduce(into: []) { $0 += try partBytes($1, of: numbers) }
    }

    /// The names of the keys of all uploads under the case's prefix, page by page.
    func uploadNames(_ prefix: String = "", limit: Int = 1_000) async throws -> [String] {
        try await uploads(prefix, limit: limit).map { name($0.upload.key.text) }
    }

    /// All uploads under the case's prefix, page by page.
    func uploads(_ prefix: String = "", limit: Int = 1_000) async throws -> [ListedMultipartUpload]
    {
        let store = try multipart
        var all: [ListedMultipartUpload] = []
        var token: String?
        repeat {
            let page = try await store.listMultipartUploads(
                prefix: self.prefix + prefix,
                continuationToken: token,
                limit: limit
            )
            let found = "\(page.uploads.count)"
            try expect(page.uploads.count <= limit, "at most \(limit) uploads", found: found)
            all += page.uploads
            token = page.continuationToken
            try expect(all.count < 100, "the listing of uploads to end", found: "\(all.count)")
        } while token != nil
        return all
    }
}
