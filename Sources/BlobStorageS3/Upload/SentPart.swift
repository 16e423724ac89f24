internal import BlobStorage

/// A part as S3 has it.
struct SentPart: Sendable {
    let part: UploadedPart
    /// The checksum of the part's bytes, if one was sent.
    let checksum: Checksum?
}
