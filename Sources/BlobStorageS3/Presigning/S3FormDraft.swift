internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP
internal import Foundation

/// A form before it is signed: its fields, and what the policy says of them.
struct S3FormDraft {
    private let key: BlobKey
    private let conditions: UploadFormConditions
    private var fields: [(name: String, value: String)] = []
    private var rules: [S3PostPolicy.Condition] = []

    /// Gathers the fields of an upload.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` if the metadata is too long.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html
    init(
        _ key: BlobKey,
        _ conditions: UploadFormConditions,
        _ service: S3ServiceHeaders,
        vendor: S3Vendor
    ) throws {
        self.key = key
        self.conditions = conditions
        switch conditions.contentType {
        case .unspecified: break
        case .exact(let type): add("Content-Type", type)
        case .prefix(let prefix): rules.append(.startsWith("Content-Type", prefix))
        }
        var headers = HTTPHeaders()
        try headers.add(conditions.metadata, operation: PresignOptions.operation, key: key)
        headers.add(service.write)
        if let checksum = conditions.checksum {
            if vendor.wantsChecksumsAnnounced {
                headers.addSent(checksum)
            } else {
                headers.add(checksum)
            }
        }
        for field in headers.fields { add(field.name, field.value) }
        switch conditions.success {
        case .noContent: break
        case .ok: add("success_action_status", "200")
        case .created: add("success_action_status", "201")
        case .redirect(let url): add("success_action_redirect", url)
        }
        let most = min(conditions.byteCounts.upperBound, vendor.maximumPutByteCount)
        rules.append(.contentLength(conditions.byteCounts.lowerBound...most))
    }

    private mutating func add(_ name: String, _ value: String) {
        fields.append((name, value))
        rules.append(.equal(name, value))
    }

    /// The form with its policy and signature.
    mutating func signed(
        by signer: SigV4Signer,
        _ credentials: AWSCredentials,
        _ time: SigningTime,
        bucket: String,
        _ endpoint: S3Endpoint
    ) throws -> PresignedForm {
        rules.append(.equal("bucket", bucket))
        switch conditions.key {
        case .exact: add("key", key.text)
        case .prefix:
            fields.append(("key", key.text + UploadFormConditions.fileNameMark))
            rules.append(.startsWith("key", key.text))
        }
        let scope = SigningScope(
            at: time.date,
            region: endpoint.signingRegion,
            service: signer.service
        )
        var credential = [UInt8](credentials.accessKeyID.utf8)
        credential.append(UInt8(ascii: "/"))
        scope.append(to: &credential)
        add("x-amz-algorithm", "AWS4-HMAC-SHA256")
        add("x-amz-credential", String(decoding: credential, as: UTF8.self))
        add("x-amz-date", AWSDate.basic(time.date))
        if let token = credentials.sessionToken { add("x-amz-security-token", token) }
        var policy = S3PostPolicy(expiration: time.end)
        policy.conditions = rules
        let policyText = try policy.base64
        fields.append(("policy", policyText))
        let signature = signer.sign(
            policyBase64: policyText,
            region: endpoint.signingRegion,
            credentials: credentials,
            at: time.date
        )
        fields.append(("x-amz-signature", signature))
        var prefix: String?
        if case .prefix(let text) = conditions.contentType { prefix = text }
        return PresignedForm(
            url: endpoint.bucketURL().text,
            fields: Dictionary(fields.map { ($0.name, $0.value) }) { _, last in last },
            expiresAt: time.end,
            byteCounts: byteCounts,
            contentTypePrefix: prefix,
            notEnforced: conditions.notEnforced
        )
    }

    /// The bounds that the policy has.
    private var byteCounts: ClosedRange<Int64> {
        for case .contentLength(let range) in rules { return range }
        return conditions.byteCounts
    }
}
