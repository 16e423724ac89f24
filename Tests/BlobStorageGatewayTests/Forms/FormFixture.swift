import BlobStorage
import BlobStorageAWS
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// A form as a browser sends it, with a policy that is signed for it.
struct FormFixture {
    static let boundary = "----WebKitFormBoundary7MA4YWxkTrZu0gW"

    var fields: [(name: String, value: String)] = []
    var fileName = "cat.jpg"
    var file: [UInt8] = BodyFixture.pattern(1_000)
    /// What stands between the file and the end of the form.
    var after = ""
    /// The text before the file, in place of the fields.
    var head: String?

    /// A form that a policy allows; `extra` are conditions besides those of bucket, key and
    /// signature, as JSON.
    init(
        bucketConditions: [String] = ["{\"bucket\": \"examplebucket\"}"],
        key: String = "u/cat.jpg",
        keyCondition: String? = nil,
        extra: [String] = ["[\"content-length-range\", 1, 1000]"],
        fields: [(String, String)] = [],
        expiration: String = "2025-06-15T13:34:56Z",
        secret: String = GatewayFixture.credentials.secretAccessKey
    ) {
        let credential = "AKIDEXAMPLE/20250615/eu-west-1/s3/aws4_request"
        let conditions =
            bucketConditions + [
                keyCondition ?? "{\"key\": \"\(key)\"}",
                "{\"x-amz-algorithm\": \"AWS4-HMAC-SHA256\"}",
                "{\"x-amz-credential\": \"\(credential)\"}",
                "{\"x-amz-date\": \"20250615T123456Z\"}",
            ] + extra
        let policy =
            "{\"expiration\": \"\(expiration)\", \"conditions\": [\(conditions.joined(separator: ", "))]}"
        let base64 = Data(policy.utf8).base64EncodedString()
        let signature = SigV4Signer(service: "s3").sign(
            policyBase64: base64,
            region: "eu-west-1",
            credentials: AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: secret),
            at: GatewayFixture.date
        )
        self.fields =
            [
                ("key", key), ("x-amz-algorithm", "AWS4-HMAC-SHA256"),
                ("X-Amz-Credential", credential), ("x-amz-date", "20250615T123456Z"),
                ("Policy", base64), ("x-amz-signature", signature),
            ] + fields
    }

    var bytes: [UInt8] {
        let line = "--\(Self.boundary)\r\n"
        var text = ""
        for (name, value) in fields {
            text += "\(line)Content-Disposition: form-data; name=\"\(name)\"\r\n\r\n\(value)\r\n"
        }
        text = head ?? text
        text += "\(line)Content-Disposition: form-data; name=\"file\"; filename=\"\(fileName)\"\r\n"
        text += "Content-Type: image/jpeg\r\n\r\n"
        return [UInt8](text.utf8) + file + [UInt8]("\r\n\(after)--\(Self.boundary)--\r\n".utf8)
    }

    static let reader = PostFormReader(GatewayFixture.authenticator(), time: GatewayFixture.time())

    static func request(_ body: BlobBody, boundary: String = boundary) throws -> GatewayRequest {
        try GatewayFixture.request(
            "POST",
            target: "/examplebucket",
            headers: [
                "Host": "h", "Content-Type": "multipart/form-data; boundary=\(boundary)",
            ],
            body: body
        )
    }

    func upload(size: Int = 4_096, _ reader: PostFormReader = reader) async throws -> FormUpload {
        let bytes = bytes
        let body = BlobBody(CutBytes(bytes: bytes, size: size), byteCount: Int64(bytes.count))
        return try await reader.read(try Self.request(body), bucket: "examplebucket")
    }

    /// The code of the refusal, or the file.
    func outcome(size: Int = 4_096, _ reader: PostFormReader = reader) async -> (
        file: [UInt8], code: String?
    ) {
        do {
            let upload = try await upload(size: size, reader)
            let (file, code) = await BodyFixture.read(upload.caller.body)
            return (file, code)
        } catch {
            return ([], (error as? GatewayError)?.code ?? "\(error)")
        }
    }
}
