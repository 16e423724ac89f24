internal import BlobStorage
internal import BlobStorageHandler
internal import BlobStorageXML

/// GetBucketLocation, GetBucketVersioning, and the other settings that clients look at.
extension GatewayCall {
    /// The rules for pages of other origins; `nil` if there are none.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
    private func corsDocument() -> HTTPServerResponse? {
        let rules = CORSPolicy.rules(configuration.cors, bucket: bucket)
        guard !rules.isEmpty else { return nil }
        return .document("CORSConfiguration", reservingByteCount: rules.count * 512) { xml in
            for rule in rules {
                xml.element("CORSRule") { xml in
                    for origin in rule.origins { xml.element("AllowedOrigin", origin) }
                    for method in rule.methods.sorted() { xml.element("AllowedMethod", method) }
                    for name in rule.allowedHeaders { xml.element("AllowedHeader", name) }
                    for name in rule.exposedHeaders { xml.element("ExposeHeader", name) }
                    if let seconds = rule.maximumAgeSeconds {
                        xml.element("MaxAgeSeconds", String(seconds))
                    }
                }
            }
        }
    }

    func bucketSetting() async throws -> HTTPServerResponse {
        guard caller.rights.contains(where: { $0.isFor(bucket) && !$0.access.isEmpty }) else {
            throw GatewayError.denied
        }
        _ = try await store()
        guard let setting = request.subresource.flatMap(BucketSetting.init(rawValue:)) else {
            throw GatewayError.notImplemented(request.subresource ?? "")
        }
        if setting == .cors, let document = corsDocument() { return document }
        if let absence = setting.absence {
            var error = absence
            error.details = [("BucketName", bucket)]
            throw error
        }
        switch setting {
        case .acl: return .ownersACL
        case .location:
            // us-east-1 has no name in this document, since it was the first.
            let region = configuration.region
            return .document("LocationConstraint") { $0.text(region == "us-east-1" ? "" : region) }
        case .versioning: return .document("VersioningConfiguration") { _ in }
        case .notification: return .document("NotificationConfiguration") { _ in }
        case .logging: return .document("BucketLoggingStatus") { _ in }
        case .accelerate: return .document("AccelerateConfiguration") { _ in }
        case .requestPayment:
            return .document("RequestPaymentConfiguration") { $0.element("Payer", "BucketOwner") }
        default: throw GatewayError.notImplemented(setting.rawValue)
        }
    }
}
