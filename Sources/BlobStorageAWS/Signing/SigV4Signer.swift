package import BlobStorageHTTP
package import Foundation

/// Signs requests with AWS Signature Version 4.
package struct SigV4Signer: Sendable {
    package let service: String

    package init(service: String) {
        self.service = service
    }

    /// Adds the headers of a signature (`Authorization`, `x-amz-date`, `x-amz-content-sha256`, …) and,
    /// for chunked payloads, replaces the body by its signed chunks.
    ///
    /// - Parameters:
    ///   - request: The request, without an `Authorization` header.
    ///   - payload: How the body is covered.
    ///   - region: The region to sign for.
    ///   - credentials: Who signs.
    ///   - date: When.
    package func sign(
        _ request: inout HTTPRequest,
        payload: PayloadSigning,
        region: String,
        credentials: AWSCredentials,
        at date: Date
    ) throws {
        fatalError("not there yet")
    }

    /// A URL that carries the signature in its query.
    package func presign(
        _ request: HTTPRequest,
        expiresIn: Duration,
        region: String,
        credentials: AWSCredentials,
        at date: Date
    ) throws -> HTTPURL {
        fatalError("not there yet")
    }
}
