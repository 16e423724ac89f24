import BlobStorage
import BlobStorageS3
import Foundation

/// How downloads reach clients, as the environment says.
enum Deliveries {
    /// The most bytes of a file with a private key.
    private static let keyByteLimit = 64 << 10

    /// Opens the way: the store's own URLs, a network's, or CloudFront's signed ones.
    ///
    /// - Throws: ``ConfigurationError``.
    static func open(
        _ configuration: ServiceConfiguration,
        store: any BlobPresigner
    ) async throws -> DownloadAddresses {
        let delivery: any BlobDelivery
        if let url = configuration.cdnURL {
            delivery = try await network(url, configuration)
        } else {
            delivery = PresignedDelivery(store)
        }
        return DownloadAddresses(
            delivery: delivery,
            setsHeaders: configuration.cdnURL == nil,
            lifetime: configuration.requestLifetime
        )
    }

    private static func network(
        _ url: String,
        _ configuration: ServiceConfiguration
    ) async throws -> any BlobDelivery {
        // The address is looked at before the key, so that nobody takes one's fault for the other's.
        let open: PublicDelivery
        do {
            open = try PublicDelivery(baseURL: url)
        } catch let error as BlobError {
            throw ConfigurationError(.cdnURL, error.message)
        }
        guard let id = configuration.cdnKeyPairID, let path = configuration.cdnKeyFile else {
            return open
        }
        let key: String
        do {
            let bytes = try await BlobBody.file(path).collect(upTo: keyByteLimit)
            key = String(decoding: bytes, as: UTF8.self)
        } catch let error as BlobError {
            // The error's own message names the file, which is the variable's value.
            let reason = error.underlying.map { ": \($0)" } ?? ""
            throw ConfigurationError(
                .cdnKeyFile,
                "the file can't be read, or has over 64 KiB\(reason)"
            )
        }
        do {
            let signer = try CloudFrontSigner(keyPairID: id, privateKey: key)
            return try CloudFrontDelivery(baseURL: url, signer: signer)
        } catch let error as BlobError {
            throw ConfigurationError(.cdnKeyFile, error.message)
        }
    }
}
