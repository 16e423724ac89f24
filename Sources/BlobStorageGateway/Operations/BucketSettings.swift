internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// GetBucketLocation, GetBucketCors, GetBucketLifecycleConfiguration, GetBucketVersioning, and the other
/// settings that clients look at.
extension GatewayCall {
    func bucketSetting() async throws -> HTTPServerResponse {
        try requireSomething()
        guard let setting = request.subresource.flatMap(BucketSetting.init(rawValue:)) else {
            throw GatewayError.notImplemented(request.subresource ?? "")
        }
        // What is set for the bucket may name what the caller has no right to know of.
        switch setting {
        case .policy, .policyStatus: try requireOwner()
        case .lifecycle: try requireWholeBucket()
        default: break
        }
        _ = try await store()
        if let answer = try await whatIsSet(setting) { return answer }
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

    /// The answer where clients, or the configuration, have set something; `nil` where nobody has.
    private func whatIsSet(_ setting: BucketSetting) async throws -> HTTPServerResponse? {
        switch setting {
        case .cors:
            let own = try await configuration.buckets.settings(of: bucket).corsRules
            let rules = CORSPolicy(configuration.cors, bucket: bucket, own: own).rules
            return rules.isEmpty ? nil : .corsConfiguration(rules)
        case .encryption: return configuration.isEncryptedAtRest ? .encryptionAtRest : nil
        case .lifecycle:
            let settings = try await configuration.buckets.settings(of: bucket)
            return settings.lifecycleRules.map { .lifecycleConfiguration($0) }
        case .policy: return try await policy().map { .policy($0) }
        case .policyStatus: return try await policy().map { _ in .policyStatus }
        default: return nil
        }
    }

    private func policy() async throws -> BucketPolicy? {
        try await configuration.buckets.settings(of: bucket).policy
    }
}

extension HTTPServerResponse {
    /// What GetBucketEncryption says where everything is encrypted with the server's keys.
    fileprivate static var encryptionAtRest: HTTPServerResponse {
        .document("ServerSideEncryptionConfiguration") { xml in
            xml.element("Rule") { xml in
                xml.element("ApplyServerSideEncryptionByDefault") { xml in
                    xml.element("SSEAlgorithm", ServerSideEncryption.algorithm)
                }
                xml.element("BucketKeyEnabled", "false")
            }
        }
    }
}
