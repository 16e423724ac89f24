internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension HTTPResponse {
    /// The most bytes of a document that S3 answers with; a page of 1,000 keys of 1,024 bytes, each
    /// byte in three characters, has about 4 MiB.
    private static let maximumDocumentByteCount = 16 << 20

    /// The whole body.
    ///
    /// - Throws: `AWSFailure` if it is too large; `HTTPError` if it broke; `CancellationError`.
    func document() async throws -> [UInt8] {
        do {
            return try await body.collect(upTo: Self.maximumDocumentByteCount)
        } catch let error as BlobError {
            throw AWSFailure(.badAnswer("the answer's document can't be read: \(error.message)"))
        }
    }
}
