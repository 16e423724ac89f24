import BlobStorage
import BlobStorageAWS
import Foundation

@testable import BlobStorageS3

/// Presigners whose clock stands.
enum PresignFixture {
    static let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    )
    /// 2025-06-15T12:34:56Z, of botocore's vectors.
    static let now = Date(timeIntervalSince1970: 1_749_990_896)

    static func presigner(
        _ credentials: AWSCredentials = credentials,
        at now: Date = now,
        adjust: (inout S3Configuration) -> Void = { _ in }
    ) throws -> S3Presigner {
        var configuration = S3Configuration(
            bucket: "examplebucket",
            region: "eu-west-1",
            credentials: StaticCredentials(credentials)
        )
        adjust(&configuration)
        return try S3Presigner(configuration, time: clock(at: now))
    }

    static func clock(at now: Date) -> TimeSource {
        TimeSource(now: { now }, uptime: { .zero }, sleep: { _ in })
    }

    /// A URL without a port that its scheme has anyway: botocore keeps it in the URL, not in `Host`.
    static func plain(_ url: String) -> String {
        url.replacingOccurrences(of: ".com:443/", with: ".com/")
            .replacingOccurrences(of: ".com:80/", with: ".com/")
    }
}
