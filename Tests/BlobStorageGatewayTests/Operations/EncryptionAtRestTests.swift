import BlobStorage
import BlobStorageHandler
import Testing

@testable import BlobStorageGateway

/// A gateway on an encrypted disk says of everything that it is encrypted, and takes being asked for it.
struct EncryptionAtRestTests {
    private static let header = "x-amz-server-side-encryption"
    private static let asked: HTTPHeaders = [header: "AES256"]

    private let client = RawClient { $0.isEncryptedAtRest = true }

    @Test func writesAndReadsTellIt() async throws {
        let put = try await client.send("PUT", "/bucket/a", Self.asked, "1")
        #expect(put.status == 200)
        #expect(put.headers[Self.header] == "AES256")
        for (method, target) in [("GET", "/bucket/a"), ("HEAD", "/bucket/a")] {
            let read = try await client.send(method, target)
            #expect(read.status == 200)
            #expect(read.headers[Self.header] == "AES256", "\(method)")
        }
        var copying = Self.asked
        copying["x-amz-copy-source"] = "/bucket/a"
        let copy = try await client.send("PUT", "/bucket/b", copying)
        #expect(copy.status == 200)
        #expect(copy.headers[Self.header] == "AES256")
        let created = try await client.send("POST", "/bucket/c?uploads", Self.asked)
        #expect(created.status == 200)
        #expect(created.headers[Self.header] == "AES256")
    }

    @Test func nobodyNeedsToAsk() async throws {
        let put = try await client.send("PUT", "/bucket/a", [:], "1")
        #expect(put.headers[Self.header] == "AES256")
    }

    @Test func answersAboutOtherThingsDont() async throws {
        #expect(try await client.send("PUT", "/bucket/a", [:], "1").status == 200)
        for (method, target) in [
            ("GET", "/bucket"), ("GET", "/bucket/none"), ("DELETE", "/bucket/a"),
        ] {
            #expect(try await client.send(method, target).headers[Self.header] == nil, "\(target)")
        }
    }

    @Test("keys that the server has not are refused", arguments: ["aws:kms", "aws:kms:dsse"])
    func keysOfOthers(_ value: String) async throws {
        let answer = try await client.send("PUT", "/bucket/a", [Self.header: value], "1")
        #expect(answer.code == "NotImplemented")
        #expect(try await client.send("HEAD", "/bucket/a").status == 404)
    }

    @Test func theBucketTellsIt() async throws {
        let told = try await client.send("GET", "/bucket?encryption")
        #expect(told.status == 200)
        #expect(told.text.contains("<SSEAlgorithm>AES256</SSEAlgorithm>"))
        let other = try await RawClient().send("GET", "/bucket?encryption")
        #expect(other.code == "ServerSideEncryptionConfigurationNotFoundError")
        let silent = try await RawClient().send("PUT", "/bucket/a", [:], "1")
        #expect(silent.headers[Self.header] == nil)
    }
}
