/// A store that compares the checksum of a multipart upload before its blob is there.
///
/// Whoever speaks S3 to others needs it: S3 refuses a wrong checksum, and keeps the upload.
package protocol ChecksummedCompletion: MultipartBlobStore {
    /// Makes the parts one blob that has a checksum.
    ///
    /// - Parameters:
    ///   - upload: The upload to complete.
    ///   - parts: The parts that the blob is made of.
    ///   - condition: What must be true of the key for the blob to be written.
    ///   - checksum: The checksum of all bytes.
    /// - Returns: The attributes of the blob.
    /// - Throws: As without a checksum; ``BlobError`` of kind `integrityFailure` if the bytes have
    ///   another, and then the upload is still there.
    func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes
}

extension PrefixedStore: ChecksummedCompletion where Base: ChecksummedCompletion {
    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await translating(upload, "completeMultipartUpload") { upload in
            try await base.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
        .renaming(upload.key)
    }
}

extension ObservedStore: ChecksummedCompletion where Base: ChecksummedCompletion {
    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await observing(.completeMultipartUpload(upload), bytes: \.byteCount) {
            try await base.completeMultipartUpload(
                upload,
                parts: parts,
                condition: condition,
                expecting: checksum
            )
        }
    }
}

extension PresignedStore: ChecksummedCompletion where Base: ChecksummedCompletion {
    package func completeMultipartUpload(
        _ upload: MultipartUpload,
        parts: [UploadedPart],
        condition: WriteCondition,
        expecting checksum: Checksum
    ) async throws -> BlobAttributes {
        try await base.completeMultipartUpload(
            upload,
            parts: parts,
            condition: condition,
            expecting: checksum
        )
    }
}
