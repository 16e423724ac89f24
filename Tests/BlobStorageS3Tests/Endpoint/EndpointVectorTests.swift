import BlobStorage
import BlobStorageHTTP
import BlobStorageS3
import Foundation
import Testing

/// AWS's published cases for S3's endpoint rules.
///
/// Source: botocore, `tests/functional/endpoint-rules/s3/endpoint-tests-1.json` at commit 0e6e2404.
@Suite struct EndpointVectorTests {
    struct File: Decodable {
        let testCases: [Case]
    }

    struct Case: Decodable, Sendable {
        let documentation: String
        let params: Params
        let expect: Expectation
    }

    struct Params: Decodable, Sendable {
        var region: String?
        var bucket: String?
        var endpoint: String?
        var useFIPS: Bool?
        var useDualStack: Bool?
        var accelerate: Bool?
        var forcePathStyle: Bool?
        var useGlobalEndpoint: Bool?
        var useObjectLambdaEndpoint: Bool?
        var useS3ExpressControlEndpoint: Bool?

        enum CodingKeys: String, CodingKey {
            case region = "Region"
            case bucket = "Bucket"
            case endpoint = "Endpoint"
            case useFIPS = "UseFIPS"
            case useDualStack = "UseDualStack"
            case accelerate = "Accelerate"
            case forcePathStyle = "ForcePathStyle"
            case useGlobalEndpoint = "UseGlobalEndpoint"
            case useObjectLambdaEndpoint = "UseObjectLambdaEndpoint"
            case useS3ExpressControlEndpoint = "UseS3ExpressControlEndpoint"
        }
    }

    struct Expectation: Decodable, Sendable {
        let error: String?
        let endpoint: Endpoint?
    }

    struct Endpoint: Decodable, Sendable {
        let url: String
        let properties: Properties?
    }

    struct Properties: Decodable, Sendable {
        let authSchemes: [AuthScheme]?
    }

    struct AuthScheme: Decodable, Sendable {
        let name: String
        let signingName: String?
        let signingRegion: String?
    }

    /// Why a case is left out; `nil` if it is checked.
    static func feature(_ params: Params) -> String? {
        if params.useObjectLambdaEndpoint ?? false { return "Object Lambda endpoint" }
        if params.useS3ExpressControlEndpoint ?? false { return "S3 Express control endpoint" }
        let bucket = params.bucket ?? ""
        if bucket.hasSuffix("--x-s3") || bucket.hasSuffix("--xa-s3") { return "S3 Express" }
        if bucket.hasSuffix("--op-s3") { return "Outposts" }
        guard bucket.hasPrefix("arn:") else { return nil }
        let fields = bucket.split(separator: ":", omittingEmptySubsequences: false)
        switch fields[2] {
        case "s3": return fields[3].isEmpty ? "multi-Region access points" : "access points"
        case "s3-outposts": return "Outposts"
        case "s3-object-lambda": return "Object Lambda"
        default: return "other ARNs"
        }
    }

    static let refusals = [
        "S3 Express": "S3 Express", "Outposts": "Outposts", "Object Lambda": "Object Lambda",
        "multi-Region access points": "multi-Region access points",
        "access points": "access points", "other ARNs": "ARN",
    ]

    static func resolve(_ params: Params) throws -> S3Endpoint {
        try S3EndpointParameters(
            region: params.region,
            bucket: params.bucket,
            customEndpoint: params.endpoint.map { try S3EndpointURL($0) },
            addressing: params.forcePathStyle ?? false ? .path : .automatic,
            usesDualStack: params.useDualStack ?? false,
            usesFIPS: params.useFIPS ?? false,
            usesAcceleration: params.accelerate ?? false,
            usesGlobalEndpoint: params.useGlobalEndpoint ?? false
        ).resolve()
    }

    @Test func allPublishedCasesAreCheckedOrRefusedByFeature() throws {
        let cases = try Vectors.decode(File.self, "endpoint-rules/s3-endpoint-tests-1.json")
            .testCases
        var endpoints = 0
        var errors = 0
        var leftOut: [String: Int] = [:]
        for (index, test) in cases.enumerated() {
            let name = Comment(rawValue: "case \(index): \(test.documentation)")
            if let feature = Self.feature(test.params) {
                leftOut[feature, default: 0] += 1
                guard let named = Self.refusals[feature] else { continue }
                var params = test.params
                params.endpoint = nil
                params.region = params.region ?? "us-east-1"
                let error = #expect(throws: BlobError.self, name) { try Self.resolve(params) }
                #expect(error?.kind == .unsupported, name)
                #expect(error?.message.contains(named) ?? false, name)
                continue
            }
            guard let expected = test.expect.endpoint else {
                errors += 1
                let error = #expect(throws: BlobError.self, name) { try Self.resolve(test.params) }
                #expect(error?.kind == .invalidArgument, name)
                continue
            }
            endpoints += 1
            let endpoint = try Self.resolve(test.params)
            #expect(trimmed(endpoint.bucketURL().text) == trimmed(expected.url), name)
            let scheme = try #require(expected.properties?.authSchemes?.first)
            #expect(scheme.name == "sigv4", name)
            #expect(endpoint.signingRegion == scheme.signingRegion, name)
            #expect(endpoint.signingService == scheme.signingName, name)
        }
        #expect(cases.count == 393)
        #expect(endpoints == 121)
        #expect(errors == 41)
        #expect(
            leftOut == [
                "S3 Express": 101, "S3 Express control endpoint": 16, "Outposts": 35,
                "Object Lambda": 26, "Object Lambda endpoint": 9, "access points": 33,
                "multi-Region access points": 8, "other ARNs": 3,
            ]
        )
    }

    /// A URL without the slash that may stand for an empty path.
    private func trimmed(_ url: String) -> String {
        url.hasSuffix("/") ? String(url.dropLast()) : url
    }
}
