import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// The rules around signatures: dates, tokens, regions, other mechanisms.
@Suite struct AuthenticationRuleTests {
    private static let emptyHash =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    /// A `GET` signed by header, then changed.
    private func signed(
        _ credentials: AWSCredentials = GatewayFixture.credentials,
        region: String = "eu-west-1",
        service: String = "s3",
        at date: Date = GatewayFixture.date,
        change: (inout HTTPHeaders) -> Void = { _ in }
    ) throws -> GatewayRequest {
        var request = HTTPRequest(.get, HTTPURL(.http, host: "h", path: "/b/k"))
        try SigV4Signer(service: service, pathStyle: .verbatim, sendsPayloadHash: true).sign(
            &request,
            payload: .empty,
            region: region,
            credentials: credentials,
            at: date
        )
        var headers = request.headers
        headers["Host"] = "h"
        change(&headers)
        return try GatewayFixture.request("GET", target: "/b/k", headers: headers)
    }

    private func presigned(
        _ credentials: AWSCredentials = GatewayFixture.credentials,
        expires seconds: Int = 900
    ) throws -> GatewayRequest {
        let url = try SigV4Signer(service: "s3").presign(
            HTTPRequest(.get, HTTPURL(.http, host: "h", path: "/b/k")),
            expiresIn: .seconds(seconds),
            region: "eu-west-1",
            credentials: credentials,
            at: GatewayFixture.date
        )
        return try GatewayFixture.request("GET", target: url.target, headers: ["Host": "h"])
    }

    private func code(
        _ request: GatewayRequest,
        _ authenticator: Authenticator = GatewayFixture.authenticator()
    ) -> String {
        do {
            _ = try authenticator.authenticate(request)
            return "accepted"
        } catch {
            return "\(error.status) \(error.code)"
        }
    }

    @Test(
        "allows a clock to be 15 minutes off",
        arguments: [
            (0.0, true), (899, true), (900, true), (-900, true), (901, false), (-901, false),
            (86_400, false),
        ]
    )
    func skew(_ seconds: Double, _ isAccepted: Bool) throws {
        let authenticator = GatewayFixture.authenticator(
            at: GatewayFixture.date.addingTimeInterval(seconds)
        )
        let expected = isAccepted ? "accepted" : "403 RequestTimeTooSkewed"
        #expect(code(try signed(), authenticator) == expected)
    }

    @Test(
        "accepts a URL from 15 minutes before its date to its end",
        arguments: [
            (0.0, true), (900, true), (901, false), (-900, true), (-901, false), (1e9, false),
        ]
    )
    func expiry(_ seconds: Double, _ isAccepted: Bool) throws {
        let authenticator = GatewayFixture.authenticator(
            at: GatewayFixture.date.addingTimeInterval(seconds)
        )
        let expected = isAccepted ? "accepted" : "403 AccessDenied"
        #expect(code(try presigned(), authenticator) == expected)
    }

    @Test func anExpiredURLSaysSo() throws {
        let authenticator = GatewayFixture.authenticator(
            at: GatewayFixture.date.addingTimeInterval(901)
        )
        let request = try presigned()
        let error = try refusal { _ = try authenticator.authenticate(request) }
        #expect(error.message == "Request has expired")
        #expect(error.details.map(\.name) == ["X-Amz-Expires", "Expires", "ServerTime"])
        #expect(error.details[1].value == "2025-06-15T12:49:56Z")
    }

    @Test func anUnknownKeyIsRefused() throws {
        let other = AWSCredentials(accessKeyID: "OTHER", secretAccessKey: "x")
        #expect(code(try signed(other)) == "403 InvalidAccessKeyId")
        #expect(code(try presigned(other)) == "403 InvalidAccessKeyId")
        // Another spelling of a key's id is another id.
        let (a, b) = ("\u{E9}", "e\u{301}")
        let authenticator = GatewayFixture.authenticator([
            AWSCredentials(accessKeyID: a, secretAccessKey: "s")
        ])
        let spelled = AWSCredentials(accessKeyID: b, secretAccessKey: "s")
        #expect(code(try signed(spelled), authenticator) == "403 InvalidAccessKeyId")
    }

    @Test func aMismatchTellsWhatWasSignedAndNoSecret() throws {
        let other = AWSCredentials(
            accessKeyID: GatewayFixture.credentials.accessKeyID,
            secretAccessKey: "of-somebody-else"
        )
        let request = try signed(other)
        let error = try refusal {
            _ = try GatewayFixture.authenticator().authenticate(request)
        }
        let details = error.details.map { "\($0.name)=\($0.value)" }.joined(separator: "\n")
        #expect(details.contains("StringToSign=AWS4-HMAC-SHA256\n20250615T123456Z\n"))
        #expect(details.contains("CanonicalRequest=GET\n/b/k\n"))
        #expect(!"\(details)\(error.message)".contains(GatewayFixture.credentials.secretAccessKey))
    }

    @Test func sessionTokensMustBeTheKeys() throws {
        let end = GatewayFixture.date.addingTimeInterval(60)
        func key(_ token: String?) -> AWSCredentials {
            AWSCredentials(
                accessKeyID: "T",
                secretAccessKey: "s",
                sessionToken: token,
                expiration: token == nil ? nil : end
            )
        }
        let withToken = GatewayFixture.authenticator([key("token")])
        let without = GatewayFixture.authenticator([key(nil)])
        for request in [try signed(key("token")), try presigned(key("token"))] {
            #expect(code(request, withToken) == "accepted")
            #expect(code(request, without) == "400 InvalidToken")
            let late = GatewayFixture.authenticator(
                [key("token")],
                at: GatewayFixture.date.addingTimeInterval(60)
            )
            #expect(code(request, late) == "400 ExpiredToken")
        }
        for request in [
            try signed(key(nil)), try presigned(key(nil)), try signed(key("tokem")),
            try presigned(key("tokem")),
        ] {
            #expect(code(request, withToken) == "400 InvalidToken")
        }
    }

    @Test func anotherRegionServiceOrDayIsRefused() throws {
        #expect(code(try signed(region: "us-east-1")) == "400 AuthorizationHeaderMalformed")
        #expect(code(try signed(service: "sts")) == "400 AuthorizationHeaderMalformed")
        let request = try signed { headers in
            headers["x-amz-date"] = "20250616T123456Z"
        }
        #expect(code(request) == "400 AuthorizationHeaderMalformed")
        let region = try refusal {
            _ = try GatewayFixture.authenticator().authenticate(try signed(region: "xx"))
        }
        #expect(region.details.first?.name == "Region")
        #expect(region.details.first?.value == "eu-west-1")
    }

    @Test(
        "refuses headers that are no signature of ours",
        arguments: [
            ("AWS AKID:c2ln", "400 InvalidRequest"),
            ("AWS4-ECDSA-P256-SHA256 Credential=a", "400 InvalidRequest"),
            ("Basic YTpi", "400 InvalidArgument"), ("", "400 InvalidArgument"),
            ("AWS4-HMAC-SHA256 ", "400 AuthorizationHeaderMalformed"),
            (
                "AWS4-HMAC-SHA256 Credential=a/20250615/eu-west-1/s3/aws4_request",
                "400 AuthorizationHeaderMalformed"
            ),
        ]
    )
    func otherAuthorizations(_ text: String, _ expected: String) throws {
        let request = try signed { $0["Authorization"] = text }
        #expect(code(request) == expected)
    }

    @Test(
        "refuses a header that is changed a little",
        arguments: [
            ("Signature=", "Signature=0"), ("Signature=", "signature="),
            ("SignedHeaders=host;", "SignedHeaders=Host;"),
            (
                "SignedHeaders=host;x-amz-content-sha256;",
                "SignedHeaders=x-amz-content-sha256;host;"
            ),
            ("SignedHeaders=host;", "SignedHeaders=host;host;"),
            ("SignedHeaders=host;", "SignedHeaders="), (";x-amz-date", ""),
            ("/aws4_request", "/aws4_request/"), ("AKIDEXAMPLE/", "/AKIDEXAMPLE/"),
            ("/s3/", "/S3/"), ("/20250615/", "/2025061/"),
            ("Credential=", "Credential=x, Credential="),
            ("AWS4-HMAC-SHA256 ", "aws4-hmac-sha256 "),
        ]
    )
    func changedHeaders(_ old: String, _ new: String) throws {
        let request = try signed { headers in
            headers["Authorization"] = headers["Authorization"]?.replacing(old, with: new)
        }
        #expect(code(request) != "accepted")
    }

    @Test("calls a signature of another form one that does not match", arguments: ["0", "G", " "])
    func malformedSignature(_ extra: String) throws {
        let header = try signed { headers in
            headers["Authorization"]?.append(extra)
        }
        #expect(code(header) == "403 SignatureDoesNotMatch")
        let query = try presigned()
        let pairs = query.query.map { $0 + AWSPercentEncoding.encode(extra) }
        let target = "\(query.path)?\(pairs ?? "")"
        let request = try GatewayFixture.request("GET", target: target, headers: ["Host": "h"])
        #expect(code(request) == "403 SignatureDoesNotMatch")
    }

    @Test func theFormWithoutSpacesIsRead() throws {
        let request = try signed { headers in
            headers["Authorization"] = headers["Authorization"]?.replacing(", ", with: ",")
        }
        #expect(code(request) == "accepted")
    }

    @Test func onlyOneMechanismIsTaken() throws {
        let byHeader = try signed()
        let target = try presigned()
        let query = try #require(target.query)
        let both = try GatewayFixture.request(
            "GET",
            target: "/b/k?\(query)",
            headers: byHeader.headers
        )
        #expect(code(both) == "400 InvalidArgument")
        let twice = try signed { $0.append("authorization", $0["Authorization"] ?? "") }
        #expect(code(twice) == "400 InvalidArgument")
        let old = try GatewayFixture.request(
            "GET",
            target: "/b/k?AWSAccessKeyId=a&Signature=b&Expires=1",
            headers: ["Host": "h"]
        )
        #expect(code(old) == "400 InvalidRequest")
    }

    @Test func theHashOfThePayloadIsNeededAndIsOne() throws {
        #expect(code(try signed { $0["x-amz-content-sha256"] = nil }) == "400 InvalidRequest")
        for text in ["", "empty", Self.emptyHash.uppercased(), "STREAMING", "unsigned-payload"] {
            let request = try signed { $0["x-amz-content-sha256"] = text }
            #expect(code(request) == "400 InvalidArgument", "\(text)")
        }
        let other = try signed { $0["x-amz-content-sha256"] = "UNSIGNED-PAYLOAD" }
        #expect(code(other) == "403 SignatureDoesNotMatch")
    }

    @Test func theDateIsNeeded() throws {
        for text in [nil, "", "20250615", "2025-06-15T12:34:56Z", "20250615T123460Z"] {
            let request = try signed { headers in headers["x-amz-date"] = text }
            #expect(code(request) == "403 AccessDenied", "\(text ?? "none")")
        }
    }

    /// A stranger could keep a processor busy with one head otherwise.
    @Test func manyHeadersThatAreSaidToBeSignedCostNoMoreThanTheirSum() throws {
        let names = (0..<1_300).map { "a\($0)" }.sorted() + ["host"]
        let request = try signed { headers in
            for name in names.dropLast() { headers.append(name, "") }
            headers["Authorization"] = headers["Authorization"]?.replacing(
                "SignedHeaders=host;",
                with: "SignedHeaders=\(names.joined(separator: ";"));"
            )
        }
        // Some 50 ms, and 4 s when each name was looked for among all.
        let start = Self.threadSeconds
        #expect(code(request) == "403 SignatureDoesNotMatch")
        #expect(Self.threadSeconds - start < 3)
    }

    /// What the processor has done for this thread, whatever else the machine has to do.
    private static var threadSeconds: Double {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }

    @Test func strangersHaveTheRightsOfAnybody() throws {
        let request = try GatewayFixture.request("GET", target: "/b/k", headers: ["Host": "h"])
        #expect(code(request) == "403 AccessDenied")
        let rights = [GatewayRight([.read], bucket: "b")]
        let open = GatewayFixture.authenticator(anonymousRights: rights)
        let caller = try open.authenticate(request)
        #expect(caller.rights == rights)
        #expect(caller.accessKeyID == nil)
        // A wrong signature does not make a stranger of somebody.
        #expect(code(try signed { $0["Host"] = "other" }, open) == "403 SignatureDoesNotMatch")
    }

    @Test func parametersOfAURLStandForHeaders() throws {
        let url = try SigV4Signer(service: "s3").presign(
            HTTPRequest(
                .put,
                HTTPURL(
                    .http,
                    host: "h",
                    path: "/b/k",
                    query: "x-amz-meta-owner=u%201&X-Amz-Checksum-Crc32=AAAAAA%3D%3D&x-id=PutObject"
                )
            ),
            expiresIn: .seconds(900),
            region: "eu-west-1",
            credentials: GatewayFixture.credentials,
            at: GatewayFixture.date
        )
        let request = try GatewayFixture.request("PUT", target: url.target, headers: ["Host": "h"])
        let caller = try GatewayFixture.authenticator().authenticate(request)
        #expect(caller.headers["x-amz-meta-owner"] == "u 1")
        #expect(caller.headers["x-amz-checksum-crc32"] == "AAAAAA==")
        #expect(caller.headers["x-amz-signature"] == nil)
        #expect(caller.headers["x-id"] == nil)
    }
}
