internal import BlobStorage
package import BlobStorageAWS
public import BlobStorageHandler

/// Answers the S3 protocol on top of any `BlobStore`.
///
/// It has no server of its own: give it requests from whatever HTTP server the application runs.
public struct S3Gateway: HTTPHandler {
    private let configuration: S3GatewayConfiguration
    private let authenticator: Authenticator
    private let forms: PostFormReader
    private let time: TimeSource
    private let dateHeader = DateHeader()
    private let completions = Completions()

    /// Creates a gateway.
    ///
    /// - Parameter configuration: What it serves, to whom, and how it is addressed.
    public init(_ configuration: S3GatewayConfiguration) {
        self.init(configuration, time: .system)
    }

    /// Creates a gateway with a clock of its own.
    package init(_ configuration: S3GatewayConfiguration, time: TimeSource) {
        self.configuration = configuration
        self.time = time
        authenticator = Authenticator(configuration, time: time)
        forms = PostFormReader(authenticator, time: time)
    }

    /// Answers a request.
    ///
    /// Nothing of the body is read before the signature is verified, and nothing of it is kept unless
    /// all of it is what was signed.
    public func respond(to request: HTTPServerRequest) async -> HTTPServerResponse {
        let id = RequestID()
        var response: HTTPServerResponse
        var cors = CORSPolicy(configuration.cors, bucket: nil)
        do {
            let asked = try GatewayRequest(request, configuration)
            let settings = await readSettings(of: asked.bucket, id)
            cors = CORSPolicy(configuration.cors, bucket: asked.bucket, own: settings.corsRules)
            response = try await answer(asked, cors, settings.policy, id)
            response.body = configuration.reporting(response.body, of: id)
        } catch {
            response = configuration.answer(
                to: GatewayError.of(error),
                method: request.method,
                resource: (try? RequestTarget(request.target).path) ?? "",
                id
            )
        }
        response.headers.append("x-amz-request-id", id.text)
        response.headers.append("x-amz-id-2", id.text)
        response.headers.append("Date", dateHeader.text(time.now()))
        addOriginHeaders(to: &response, request, cors)
        return response
    }

    /// What is set for the bucket of a request; what can't be read allows nothing, and is told.
    private func readSettings(of bucket: String?, _ id: RequestID) async -> GatewayBucketSettings {
        guard let bucket else { return GatewayBucketSettings() }
        do {
            return try await configuration.buckets.settings(of: bucket)
        } catch {
            configuration.report(cause: error, of: id)
            return GatewayBucketSettings()
        }
    }

    private func answer(
        _ asked: GatewayRequest,
        _ cors: CORSPolicy,
        _ policy: BucketPolicy?,
        _ id: RequestID
    ) async throws -> HTTPServerResponse {
        if asked.method == "OPTIONS" { return .empty(200, try cors.preflight(asked.headers)) }
        if asked.isForm, let bucket = asked.bucket {
            try asked.refuseUnknownParameters()
            let upload = try await forms.read(asked, bucket: bucket)
            return tellingEncryption(try await call(asked, upload.caller, id).postObject(upload))
        }
        // Who asks goes before what: a stranger learns nothing of what there is.
        let grants = grants(of: policy, for: asked)
        let caller = try authenticator.authenticate(asked, isOpen: !grants.isEmpty)
        let operation = try Operation(asked, headers: caller.headers)
        do {
            let response = try await call(asked, caller, id, grants).answer(operation)
            return operation.tellsEncryption ? tellingEncryption(response) : response
        } catch let error as BlobError {
            throw GatewayError.of(error, isUpload: operation.isAboutUpload)
        }
    }

    /// What the policy of the bucket lets everybody do of what is asked.
    private func grants(
        of policy: BucketPolicy?,
        for asked: GatewayRequest
    ) -> [PolicyGrant] {
        guard let policy, let bucket = asked.bucket,
            asked.method == "GET" || asked.method == "HEAD",
            let operation = try? Operation(asked, headers: asked.headers),
            let action = operation.policyAction(asked)
        else { return [] }
        return policy.grants.filter { grant in
            grant.action == action && grant.resource.bucket.utf8.elementsEqual(bucket.utf8)
        }
    }

    private func tellingEncryption(_ response: HTTPServerResponse) -> HTTPServerResponse {
        guard configuration.isEncryptedAtRest else { return response }
        var response = response
        response.headers.append(ServerSideEncryption.header, ServerSideEncryption.algorithm)
        return response
    }

    private func call(
        _ request: GatewayRequest,
        _ caller: Caller,
        _ id: RequestID,
        _ grants: [PolicyGrant] = []
    ) throws(GatewayError) -> GatewayCall {
        // Those in the query count too, signed or not: nobody sends one for nothing.
        try HeaderProvisos.check(caller.headers.addingSignedParameters(of: request.parameters))
        return GatewayCall(
            id: id,
            request: request,
            caller: caller,
            configuration: configuration,
            completions: completions,
            grants: grants
        )
    }

    private func addOriginHeaders(
        to response: inout HTTPServerResponse,
        _ request: HTTPServerRequest,
        _ cors: CORSPolicy
    ) {
        guard request.method != "OPTIONS" else { return }
        let fields = cors.headers(
            method: request.method,
            request: request.headers,
            answer: response.headers
        )
        for field in fields.fields { response.headers.append(field.name, field.value) }
    }
}

extension Operation {
    /// What a policy must allow for it; `nil` if no policy can.
    fileprivate func policyAction(_ asked: GatewayRequest) -> PolicyGrant.Action? {
        switch self {
        case .getObject, .headObject: .getObject
        case .listObjects, .listObjectsV2, .headBucket: .listBucket
        case .bucketSetting: asked.subresource == "location" ? .getBucketLocation : nil
        default: nil
        }
    }
}

extension GatewayRequest {
    /// Whether it is an upload by a form, which is signed in its fields.
    fileprivate var isForm: Bool {
        method == "POST" && bucket != nil && key == nil && subresource == nil
    }
}
