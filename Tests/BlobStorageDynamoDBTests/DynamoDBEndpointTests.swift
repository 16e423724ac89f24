import BlobStorage
import BlobStorageDynamoDB
import BlobStorageHTTP
import Foundation
import Testing

/// AWS's published cases for DynamoDB's endpoint rules.
@Suite struct DynamoDBEndpointTests {
    private struct File: Decodable {
        let testCases: [Case]
    }

    private struct Case: Decodable {
        let documentation: String?
        let params: Params?
        let expect: Expectation
    }

    private struct Params: Decodable {
        var region: String?
        var endpoint: String?
        var usesFIPS: Bool?
        var usesDualStack: Bool?
        var accountMode: String?
        var isSearch: Bool?

        enum CodingKeys: String, CodingKey {
            case region = "Region"
            case endpoint = "Endpoint"
            case usesFIPS = "UseFIPS"
            case usesDualStack = "UseDualStack"
            case accountMode = "AccountIdEndpointMode"
            case isSearch = "IsSearchOperation"
        }
    }

    private struct Expectation: Decodable {
        var error: String?
        var endpoint: Endpoint?
    }

    private struct Endpoint: Decodable {
        var url: String
    }

    private func endpoint(_ params: Params) throws -> DynamoDBEndpoint {
        var configuration = DynamoDBConfiguration(
            table: "documents",
            region: params.region,
            endpoint: params.endpoint
        )
        configuration.usesFIPS = params.usesFIPS ?? false
        configuration.usesDualStack = params.usesDualStack ?? false
        return try DynamoDBEndpoint(configuration)
    }

    @Test func allPublishedCasesAreCheckedOrLeftOutByFeature() throws {
        let url = try #require(
            Bundle.module.url(
                forResource: "endpoints",
                withExtension: "json",
                subdirectory: "Vectors"
            )
        )
        let cases = try JSONDecoder().decode(File.self, from: Data(contentsOf: url)).testCases
        var (endpoints, errors, leftOut) = (0, 0, 0)
        for (index, test) in cases.enumerated() {
            let name = Comment(rawValue: "case \(index): \(test.documentation ?? "")")
            let params = test.params ?? Params()
            // Endpoints of an account, and a search that is another service.
            if params.accountMode != nil || params.isSearch == true {
                leftOut += 1
                continue
            }
            guard let expected = test.expect.endpoint else {
                errors += 1
                let error = #expect(throws: BlobError.self, name) { try self.endpoint(params) }
                #expect(error?.kind == .invalidArgument, name)
                continue
            }
            endpoints += 1
            let found = try self.endpoint(params)
            #expect(found.url.text == expected.url + "/", name)
            // What botocore signs for where the case does not say; `local` has a rule of its own.
            let region = params.region == "local" ? "us-east-1" : params.region
            #expect(found.signingRegion == region ?? "us-east-1", name)
        }
        #expect(cases.count == 145)
        #expect(endpoints == 50)
        #expect(errors == 9)
        #expect(leftOut == 86)
    }

    @Test(
        "refuses",
        arguments: [
            ("ab", "eu-west-1", nil), ("a/b", "eu-west-1", nil), ("documents", "EU", nil),
            ("documents", "a.b", nil), ("documents", nil, nil),
            ("documents", "eu-west-1", "ftp://host"), ("documents", "eu-west-1", "https://u@h"),
        ] as [(String, String?, String?)]
    )
    func refuses(_ table: String, _ region: String?, _ endpoint: String?) throws {
        let configuration = DynamoDBConfiguration(
            table: table,
            region: region,
            endpoint: endpoint
        )
        let error = try #require(throws: BlobError.self) {
            try DynamoDBMetadataStore(configuration)
        }
        #expect(error.kind == .invalidArgument)
    }
}
