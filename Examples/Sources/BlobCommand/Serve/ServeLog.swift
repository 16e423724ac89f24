import BlobStorageGateway
import BlobStorageServer

/// What `serve` says.
enum ServeLog {
    /// Writes a line about a request to the standard error.
    static func log(_ access: HTTPServerAccess) {
        let status = access.status.map { "\($0)" } ?? "-"
        let note = access.isComplete ? "" : " broken off"
        let (seconds, attoseconds) = access.duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        let line =
            "\(access.remoteAddress ?? "-") \(DisplayText(access.method)) "
            + "\(DisplayText(access.target)) \(status) in=\(access.receivedByteCount) "
            + "out=\(access.sentByteCount) \(milliseconds)ms\(note)\n"
        StandardStream.log(line)
    }

    /// Writes a line about what a client was not told to the standard error.
    static func log(_ error: any Error, of requestID: String) {
        StandardStream.log("request \(requestID): \(DisplayText(message: "\(error)"))\n")
    }

    /// Where the server is, and a line to try it with.
    static func greeting(
        address: HTTPServerAddress,
        store: String,
        bucket: String?,
        credentials: ServeCredentials,
        region: String
    ) -> String {
        var text = "serving \(DisplayText(store)) at \(address.url)"
        text += bucket.map { " as the bucket \($0)\n" } ?? ", each folder as a bucket\n"
        let place = bucket.map { "s3://\($0)/" } ?? "s3://"
        if let key = credentials.keys.first {
            text +=
                "try: AWS_ACCESS_KEY_ID=\(key.credentials.accessKeyID) "
                + "AWS_SECRET_ACCESS_KEY=\(credentials.secretInShell ?? "...") "
                + "aws --endpoint-url \(address.url) --region \(region) s3 ls \(place)\n"
        } else {
            text += "try: curl '\(address.url)/\(bucket ?? "")'\n"
        }
        return text
    }
}
