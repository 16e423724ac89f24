import BlobStorage
import BlobStorageAWS
package import BlobStorageHTTP

/// Where DynamoDB is, and for which region to sign.
///
/// - SeeAlso: botocore, `botocore/data/dynamodb/2012-08-10/endpoint-rule-set-1.json`
package struct DynamoDBEndpoint: Sendable, Hashable {
    package let url: HTTPURL
    package let signingRegion: String

    /// A part of AWS with domains of its own.
    private struct Partition {
        let prefix: String
        let domain: String
        let dualStackDomain: String
    }

    private static let aws = Partition(
        prefix: "",
        domain: "amazonaws.com",
        dualStackDomain: "api.aws"
    )

    private static let others = [
        Partition(
            prefix: "cn-",
            domain: "amazonaws.com.cn",
            dualStackDomain: "api.amazonwebservices.com.cn"
        ),
        Partition(
            prefix: "us-iso-",
            domain: "c2s.ic.gov",
            dualStackDomain: "api.aws.ic.gov"
        ),
        Partition(
            prefix: "us-isob-",
            domain: "sc2s.sgov.gov",
            dualStackDomain: "api.aws.scloud"
        ),
        Partition(
            prefix: "us-isof-",
            domain: "csp.hci.ic.gov",
            dualStackDomain: "api.aws.hci.ic.gov"
        ),
        Partition(
            prefix: "eu-isoe-",
            domain: "cloud.adc-e.uk",
            dualStackDomain: "api.cloud-aws.adc-e.uk"
        ),
        Partition(
            prefix: "eusc-",
            domain: "amazonaws.eu",
            dualStackDomain: "api.amazonwebservices.eu"
        ),
    ]

    /// - Throws: `BlobError` of kind `invalidArgument`.
    package init(_ configuration: DynamoDBConfiguration) throws {
        let region = configuration.region
        if let region { try Self.check(region) }
        if let endpoint = configuration.endpoint {
            url = try Self.custom(endpoint, configuration)
            signingRegion = region ?? "us-east-1"
            return
        }
        guard let region else {
            throw DynamoDBConfiguration.invalid("no region is set; set it, or AWS_REGION")
        }
        // What AWS gives to run at home.
        if region == "local", !configuration.usesFIPS, !configuration.usesDualStack {
            url = HTTPURL(.http, host: "localhost", port: 8_000)
            signingRegion = "us-east-1"
            return
        }
        let partition =
            Self.others.first { UTF8Order.hasPrefix(region, $0.prefix) } ?? Self.aws
        let usesDualStack = configuration.usesDualStack
        // The government's endpoints are FIPS endpoints anyway, without the name for it.
        let isGovernment = UTF8Order.hasPrefix(region, "us-gov-")
        let hasName = configuration.usesFIPS && (!isGovernment || usesDualStack)
        let service = hasName ? "dynamodb-fips" : "dynamodb"
        let domain = usesDualStack ? partition.dualStackDomain : partition.domain
        url = HTTPURL(.https, host: "\(service).\(region).\(domain)")
        signingRegion = region
    }

    private static func custom(
        _ endpoint: String,
        _ configuration: DynamoDBConfiguration
    ) throws -> HTTPURL {
        if configuration.usesFIPS || configuration.usesDualStack {
            throw DynamoDBConfiguration.invalid(
                "an endpoint is set together with FIPS or dual stack, which choose one themselves"
            )
        }
        var url = try EndpointURL.parse(endpoint, from: "the endpoint of DynamoDB")
        if let region = configuration.region {
            let dualStack = (others + [aws]).map { "dynamodb.\(region).\($0.dualStackDomain)" }
            if dualStack.contains(url.host) {
                throw DynamoDBConfiguration.invalid(
                    "the endpoint is AWS's own for dual stack; set usesDualStack in its place"
                )
            }
        }
        if url.path.isEmpty { url.path = "/" }
        return url
    }

    /// A region stands in a host's name: one DNS label.
    private static func check(_ region: String) throws {
        let isLegal =
            (1...63).contains(region.utf8.count)
            && region.utf8.allSatisfy {
                (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D
            }
        guard isLegal else {
            let shown = EscapedText(String(decoding: region.utf8.prefix(40), as: UTF8.self))
            throw DynamoDBConfiguration.invalid(
                "the region is \"\(shown)\"; it has 1 to 63 letters, digits and hyphens, as "
                    + "eu-central-1 has"
            )
        }
    }
}
