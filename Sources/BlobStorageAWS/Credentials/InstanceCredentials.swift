internal import BlobStorage
internal import BlobStorageHTTP

/// Credentials of the EC2 instance's role, from its metadata service, version 2.
///
/// - SeeAlso: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html
struct InstanceCredentials: CredentialsSource {
    /// How long an attempt may take, and how many there are: outside of EC2, nobody answers.
    static let timeout = Duration.seconds(1)
    static let attemptCount = 2
    /// How long a token is good; the most that the service gives.
    static let tokenSeconds = 21_600
    /// The most bytes of a role's name.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
    static let roleNameLimit = 64

    private let environment: AWSEnvironment
    private let service: MetadataService

    init(_ environment: AWSEnvironment, transport: any HTTPTransport, time: TimeSource) {
        self.environment = environment
        service = MetadataService(
            transport: transport,
            time: time,
            timeout: Self.timeout,
            attemptCount: Self.attemptCount
        )
    }

    var name: String { "the EC2 instance" }

    func load() async throws -> CredentialsAnswer {
        if environment.isTrue("AWS_EC2_METADATA_DISABLED") {
            return .absent("AWS_EC2_METADATA_DISABLED is true")
        }
        let base = try baseURL()
        switch try await token(base) {
        case .absent(let reason): return .absent(reason)
        case .token(let token):
            if let answer = try await role(base, token) { return answer }
        }
        // The token was refused: it may have expired, or the instance was moved.
        guard case .token(let token) = try await token(base),
            let answer = try await role(base, token)
        else { throw failed(base, "refuses its own token (HTTP 401)") }
        return answer
    }

    private func baseURL() throws -> HTTPURL {
        if let text = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT"] {
            var url = try EndpointURL.parse(text, from: "AWS_EC2_METADATA_SERVICE_ENDPOINT")
            while url.path.utf8.last == 0x2F { url.path.removeLast() }
            url.query = nil
            return url
        }
        let mode = environment["AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE"] ?? "IPv4"
        switch mode {
        case "IPv4", "ipv4": return HTTPURL(.http, host: "169.254.169.254", path: "")
        case "IPv6", "ipv6": return HTTPURL(.http, host: "[fd00:ec2::254]", path: "")
        default:
            throw BlobError.credentials(
                "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE is \"\(EscapedText(mode))\"; "
                    + "expected IPv4 or IPv6"
            )
        }
    }

    private enum TokenAnswer {
        case token(String)
        case absent(String)
    }

    private func token(_ base: HTTPURL) async throws -> TokenAnswer {
        var url = base
        url.path += "/latest/api/token"
        let headers: HTTPHeaders = [
            "x-aws-ec2-metadata-token-ttl-seconds": "\(Self.tokenSeconds)"
        ]
        let answer: MetadataService.Answer
        do {
            answer = try await service.send(.put, url, headers: headers)
        } catch let error as HTTPError {
            return .absent("nobody answers at \(base.origin): \(error)")
        }
        switch answer.status {
        case 200:
            let token = answer.text
            guard !token.utf8.isEmpty, token.utf8.count <= 1_024,
                token.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
            else { throw failed(base, "gave no usable token") }
            return .token(token)
        case 403: return .absent("the metadata service at \(base.origin) is turned off (HTTP 403)")
        case 404, 405:
            return .absent("\(base.origin) has no version 2 of the metadata service")
        default: throw failed(base, "answered HTTP \(answer.status) when asked for a token")
        }
    }

    /// The credentials of the instance's role; `nil` if the token is refused.
    private func role(_ base: HTTPURL, _ token: String) async throws -> CredentialsAnswer? {
        var url = base
        url.path += "/latest/meta-data/iam/security-credentials/"
        let names = try await get(url, token)
        switch names.status {
        case 200: break
        case 401: return nil
        case 404: return .absent("the instance has no role")
        default: throw failed(base, "answered HTTP \(names.status) when asked for its role")
        }
        let line = names.body.prefix { $0 != 0x0A && $0 != 0x0D }
        guard !line.isEmpty else { return .absent("the instance has no role") }
        guard line.count <= Self.roleNameLimit, line.allSatisfy(Self.isRoleNameByte) else {
            throw failed(base, "gave a name that no role can have")
        }
        url.path += String(decoding: line, as: UTF8.self)
        let answer = try await get(url, token)
        if answer.status == 401 { return nil }
        guard answer.status == 200 else {
            throw failed(base, "answered HTTP \(answer.status) when asked for credentials")
        }
        let source = "the metadata service at \(base.origin)"
        let document = try CredentialsDocument(answer.body, from: source)
        if let code = document.text("Code"), code != "Success" {
            throw failed(base, "has no credentials for the role: \(EscapedText(code))")
        }
        return .found(try document.credentials(token: "Token"))
    }

    private func get(_ url: HTTPURL, _ token: String) async throws -> MetadataService.Answer {
        do {
            return try await service.send(.get, url, headers: ["x-aws-ec2-metadata-token": token])
        } catch let error as HTTPError {
            throw failed(url, "stopped answering: \(error)")
        }
    }

    /// IAM's names: letters, digits and `+=,.@_-`.
    private static func isRoleNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case 0x2B, 0x3D, 0x2C, 0x2E, 0x40, 0x5F, 0x2D: true
        default: false
        }
    }

    private func failed(_ base: HTTPURL, _ what: String) -> BlobError {
        .credentials("the metadata service at \(base.origin) \(what)", kind: .unavailable)
    }
}
