extension MultipartBlobStore {
    /// Begins a multipart upload.
    ///
    /// - Parameter key: The blob to write in the end.
    /// - Returns: The upload, to name in every later call.
    /// - Throws: ``BlobError`` if the store can't be changed.
    public func createMultipartUpload(_ key: BlobKey) async throws -> MultipartUpload {
        try await createMultipartUpload(key, options: MultipartOptions())
    }

    /// Uploads one part of bytes in memory.
    ///
    /// - Parameters:
    ///   - number: The part's place, from 1.
    ///   - upload: The upload it belongs to.
    ///   - bytes: The part's bytes.
    /// - Returns: What completing needs to know of the part.
    /// - Throws: ``BlobError`` of kind `invalidArgument`, `tooLarge`; `notFound` if the upload was
    ///   completed or aborted.
    public func uploadPart(
        _ number: Int,
        of upload: MultipartUpload,
        _ bytes: [UInt8]
    ) async throws -> UploadedPart {
        try await uploadPart(number, of: upload, BlobBody(bytes), checksum: nil)
    }

    /// Lists all parts that are there, by number.
    ///
    /// - Parameter upload: The upload to look at.
    /// - Returns: The parts, in the order of their numbers.
    /// - Throws: ``BlobError`` of kind `notFound` if the upload was completed or aborted; `corrupted`
    ///   if a page leads back.
    public func parts(of upload: MultipartUpload) async throws -> [UploadedPart] {
        var all: [UploadedPart] = []
        var startAfter: Int? = 0
        while let after = startAfter {
            let page = try await listParts(
                of: upload,
                startAfter: after,
                limit: ListOptions.maximumLimit
            )
            all += page.parts
            startAfter = page.nextStartAfter
            if let next = startAfter, next <= after {
                let message = "the page of parts after \(after) leads to the one after \(next)"
                throw BlobError(
                    .corrupted,
                    operation: "listParts",
                    key: upload.key,
                    message: message
                )
            }
        }
        return all
    }

    /// Makes the parts one blob.
    ///
    /// - Parameters:
    ///   - upload: The upload to complete.
    ///   - parts: The parts that the blob is made of, in order.
    /// - Returns: The attributes of the blob.
    /// - Throws: ``BlobError`` of kind `invalidArgument` if the parts can't be made one blob;
    ///   `notFound` if the upload was completed or aborted before.
    @discardableResult
    public func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart]
    ) async throws -> BlobAttributes {
        try await completeMultipartUpload(upload, parts: parts, condition: .none)
    }
}
