internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

/// GetBucketLocation, GetBucketCors, GetBucketLifecycleConfiguration, GetBucketVersioning, and the other
/// settings that clients look at.
extension GatewayCall {
    func bucketSetting() async throws -> HTTPServerResponse {
        try requireSomething()
        // What is set for the bucket may name what the caller has no right to know of.
        switch request.subresource {
        case "policy", "policyStatus": try requireOwner()
        case "lifecycle": try requireWholeBucket()
        default: break
        }
        _ = try await store()
        guard let setting = request.subresource.flatMap(BucketSetting.init(rawValue:)) else {
            throw GatewayError.notImplemented(request.subresource ?? "")
        }
        let rules = await CORSPolicy(configuration, bucket: bucket).rules
        if setting == .cors, !rules.isEmpty { return .corsConfiguration(rules) }
        if setting == .lifecycle {
            let settings = try await configuration.buckets.settings(of: bucket)
            if let rules = settings.lifecycleRules { return .lifecycleConfiguration(rules) }
        }
        if setting == .encryption, configuration.isEncryptedAtRest { return .encryptionAtRest }
        if setting == .policy || setting == .policyStatus,
            let policy = try await configuration.buckets.settings(of: bucket).policy
        {
            return setting == .policy ? .policy(policy) : .policyStatus
        }
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
