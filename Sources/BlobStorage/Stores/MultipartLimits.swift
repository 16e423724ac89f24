/// How large, and how many, the parts of an upload may be.
public struct MultipartLimits: Sendable, Hashable {
    /// The fewest bytes of a part that is not the last one.
    public var minimumPartByteCount: Int64
    /// The most bytes of a part.
    public var maximumPartByteCount: Int64
    /// The highest number of a part.
    public var maximumPartCount: Int

    /// Creates limits.
    public init(
        minimumPartByteCount: Int64,
        maximumPartByteCount: Int64,
        maximumPartCount: Int
    ) {
        self.minimumPartByteCount = minimumPartByteCount
        self.maximumPartByteCount = maximumPartByteCount
        self.maximumPartCount = maximumPartCount
    }

    /// The limits of S3: 5 MiB to 5 GiB, 10,000 parts.
    ///
    /// Local stores keep to them too, so that what works on them works on S3.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html
    public static let s3 = MultipartLimits(
        minimumPartByteCount: 5 << 20,
        maximumPartByteCount: 5 << 30,
        maximumPartCount: 10_000
    )

    /// Throws unless a part may have this number.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(partNumber number: Int, operation: String, key: BlobKey) throws {
        guard number >= 1, number <= maximumPartCount else {
            let message =
                "the part's number is \(number); parts count from 1 to \(maximumPartCount)"
            throw BlobError(.invalidArgument, operation: operation, key: key, message: message)
        }
    }

    /// Throws unless the parts can be made one blob: at least one, numbers rising, none but the
    /// last too small.
    ///
    /// - Throws: ``BlobError`` of kind `invalidArgument`.
    public func validate(completing parts: [UploadedPart], key: BlobKey) throws {
        func fail(_ message: String) -> BlobError {
            BlobError(
                .invalidArgument,
                operation: "completeMultipartUpload",
                key: key,
                message: message
            )
        }
        guard !parts.isEmpty else {
            throw fail("there is no part; a multipart upload has at least one")
        }
        for (part, next) in zip(parts, parts.dropFirst()) {
            guard part.number < next.number else {
                throw fail("part \(next.number) comes after part \(part.number); numbers must rise")
            }
            guard part.byteCount >= minimumPartByteCount else {
                throw fail(
                    "part \(part.number) has \(part.byteCount) bytes; every part but the last has "
                        + "at least \(minimumPartByteCount)"
                )
            }
        }
    }
}
