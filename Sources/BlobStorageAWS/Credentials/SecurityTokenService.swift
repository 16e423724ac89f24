internal import BlobStorage
internal import BlobStorageCrypto
internal import BlobStorageHTTP
internal import BlobStorageXML
internal import Foundation

/// STS, which gives credentials of a role.
///
/// - SeeAlso: https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html
struct SecurityTokenService: Sendable {
    /// How long all attempts may take.
    static let timeLimit = Duration.seconds(30)
    /// The most bytes of an answer.
    static let answerLimit = 64 << 10

    let transport: any HTTPTransport
    let time: TimeSource
    /// The region to ask and to sign for; `nil` is the one that serves all.
    let region: String?
    /// Where the service is; `nil` is AWS.
    let endpoint: String?

    /// What a role is asked for.
    struct Role: Sendable, Hashable {
        var arn: String
        var sessionName: String
        var externalID: String?
        var durationSeconds: Int?
    }

    /// Asks for credentials of a role, by other credentials.
    func assume(
        _ role: Role,
        by source: any AWSCredentialsProvider
    ) async throws -> AWSCredentials {
        var fields = fields("AssumeRole", role)
        if let id = role.externalID { fields.append(("ExternalId", id)) }
        return try await credentials("AssumeRole", fields, role, signedBy: source)
    }

    /// Asks for credentials of a role, by a token of an identity provider.
    func assume(_ role: Role, webIdentityToken token: String) async throws -> AWSCredentials {
        let operation = "AssumeRoleWithWebIdentity"
        let fields = fields(operation, role) + [("WebIdentityToken", token)]
        return try await credentials(operation, fields, role, signedBy: nil)
    }

    private func fields(_ operation: String, _ role: Role) -> [(String, String)] {
        var fields = [
            ("Action", operation), ("Version", "2011-06-15"), ("RoleArn", role.arn),
            ("RoleSessionName", role.sessionName),
        ]
        if let seconds = role.durationSeconds { fields.append(("DurationSeconds", "\(seconds)")) }
        return fields
    }

    private func credentials(
        _ operation: String,
        _ fields: [(String, String)],
        _ role: Role,
        signedBy source: (any AWSCredentialsProvider)?
    ) async throws -> AWSCredentials {
        let url = try url()
        let body = Array(FormText.join(fields).utf8)
        let request = AWSRequest(
            operation,
            HTTPRequest(
                .post,
                url,
                headers: ["Content-Type": "application/x-www-form-urlencoded; charset=utf-8"],
                body: BlobBody(body)
            ),
            payload: .sha256(SHA256.digest(of: body).hex),
            region: region ?? "us-east-1",
            deadline: time.uptime() + Self.timeLimit
        )
        let client = AWSClient(
            service: "sts",
            transport: transport,
            credentials: source,
            time: time
        )
        let name = "STS at \(url.origin)"
        do {
            return try await client.perform(request) { response in
                let bytes = try await response.body.collect(upTo: Self.answerLimit)
                return try Self.read(bytes, operation: operation, from: name)
            }
        } catch let failure as AWSFailure {
            throw failure.credentialsError(
                "\(name) gave no credentials of \(EscapedText(role.arn))"
            )
        }
    }

    private func url() throws(BlobError) -> HTTPURL {
        if let endpoint { return try EndpointURL.parse(endpoint, from: "the endpoint of STS") }
        guard let region else { return HTTPURL(.https, host: "sts.amazonaws.com") }
        guard Self.isRegion(region) else {
            let message = "\"\(EscapedText(region))\" is no region, such as \"us-east-1\""
            throw .credentials(message, kind: .invalidArgument)
        }
        return HTTPURL(.https, host: "sts.\(region).\(Self.domain(of: region))")
    }

    /// Whether a text can stand in a host's name as a region.
    static func isRegion(_ text: String) -> Bool {
        (1...63).contains(text.utf8.count)
            && text.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
    }

    /// The domain of AWS's hosts in a region.
    static func domain(of region: String) -> String {
        region.utf8.starts(with: "cn-".utf8) ? "amazonaws.com.cn" : "amazonaws.com"
    }

    private static func read(
        _ bytes: [UInt8],
        operation: String,
        from source: String
    ) throws -> AWSCredentials {
        let root: XMLNode
        do { root = try XMLNode.parse(bytes) } catch {
            throw AWSFailure(.badAnswer("\(source) gave a malformed answer: \(error)"))
        }
        guard root.name.utf8.elementsEqual("\(operation)Response".utf8),
            let credentials = root.children.first(where: {
                $0.name.utf8.elementsEqual("\(operation)Result".utf8)
            })?.child("Credentials"),
            let id = credentials.child("AccessKeyId")?.text,
            let secret = credentials.child("SecretAccessKey")?.text,
            let expiration = credentials.child("Expiration").flatMap({ AWSDate.parse($0.text) }
            )
        else { throw AWSFailure(.badAnswer("\(source) gave an answer without credentials")) }
        return try AWSCredentials(
            accessKeyID: id,
            secretAccessKey: secret,
            sessionToken: credentials.child("SessionToken")?.text,
            expiration: expiration
        ).checked(from: source)
    }
}

extension AWSFailure {
    /// The error of a provider whose service failed for this reason.
    func credentialsError(_ what: String) -> BlobError {
        let kind: BlobError.Kind
        switch cause {
        case .answer(let answer):
            switch AnswerClass(answer) {
            case .refused:
                kind = answer.code == "AccessDenied" ? .permissionDenied : .unauthenticated
            case .throttled: kind = .throttled
            case .lostRace, .notReceived, .broken: kind = .unavailable
            }
        case .transport(let error): kind = error.kind == .timedOut ? .timedOut : .unavailable
        case .badAnswer: kind = .unavailable
        case .deadline: kind = .timedOut
        }
        return .credentials(
            "\(what): \(self)",
            kind: kind,
            remote: answer.map { .init(status: $0.status, code: $0.code, requestID: $0.requestID) }
        )
    }
}
