internal import BlobStorage
internal import BlobStorageHTTP

/// Credentials from the agent of ECS or EKS, beside the container.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html
struct ContainerCredentials: CredentialsSource {
    /// How long an attempt may take, and how many there are; as in the SDKs of AWS.
    static let timeout = Duration.seconds(2)
    static let attemptCount = 3

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

    var name: String { "the container" }

    func load() async throws -> CredentialsAnswer {
        guard let url = try url() else {
            return .absent(
                "neither AWS_CONTAINER_CREDENTIALS_RELATIVE_URI nor …_FULL_URI is set"
            )
        }
        var headers: HTTPHeaders = ["Accept": "application/json"]
        if let token = try await authorization() { headers["Authorization"] = token }
        let answer: MetadataService.Answer
        do {
            answer = try await service.send(.get, url, headers: headers)
        } catch let error as HTTPError {
            throw BlobError.credentials(
                "the container's agent at \(url.origin) did not answer: \(error)",
                kind: error.kind == .timedOut ? .timedOut : .unavailable,
                underlying: error
            )
        }
        let source = "the container's agent at \(url.origin)"
        guard answer.status == 200 else {
            let kind: BlobError.Kind = answer.status >= 500 ? .unavailable : .unauthenticated
            throw BlobError.credentials("\(source) answered HTTP \(answer.status)", kind: kind)
        }
        return .found(
            try CredentialsDocument(answer.body, from: source).credentials(token: "Token")
        )
    }

    private func url() throws -> HTTPURL? {
        if let path = environment["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"] {
            let variable = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"
            guard path.utf8.first == 0x2F else {
                throw BlobError.credentials("\(variable) must begin with a slash")
            }
            return try EndpointURL.parse("http://169.254.170.2\(path)", from: variable)
        }
        let variable = "AWS_CONTAINER_CREDENTIALS_FULL_URI"
        guard let text = environment[variable] else { return nil }
        let url = try EndpointURL.parse(text, from: variable)
        guard url.scheme == .https || Self.isLocal(url.host) else {
            throw BlobError.credentials(
                "\(variable) names the host \(EscapedText(url.host)); over http, only the machine "
                    + "itself, 169.254.170.2, 169.254.170.23 and [fd00:ec2::23] are asked"
            )
        }
        return url
    }

    /// Whether a host is the machine itself, or one of the addresses of the agents.
    private static func isLocal(_ host: String) -> Bool {
        switch host {
        case "localhost", "[::1]", "169.254.170.2", "169.254.170.23", "[fd00:ec2::23]": return true
        default:
            let parts = host.utf8.split(separator: 0x2E, omittingEmptySubsequences: false)
            return parts.count == 4 && parts[0].elementsEqual("127".utf8)
                && parts.allSatisfy { DecimalText.parse($0).map { $0 <= 255 } ?? false }
        }
    }

    private func authorization() async throws -> String? {
        if let path = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] {
            guard let token = try await SmallFile.readToken(path) else {
                throw BlobError.credentials(
                    "there is no file \"\(EscapedText(path))\", which "
                        + "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE names"
                )
            }
            return token
        }
        guard let token = environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"] else { return nil }
        guard token.utf8.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
            throw BlobError.credentials(
                "AWS_CONTAINER_AUTHORIZATION_TOKEN has line ends or bytes that aren't ASCII"
            )
        }
        return token
    }
}
