import BlobStorage
import Foundation
import Testing

@testable import BlobStorageUploads

@Suite struct UploadRequestTests {
    @Test func readsAllFields() throws {
        let json = """
            { "fileName": "cat.jpg", "contentType": "image/jpeg", "byteCount": 48213,
              "checksum": "sha256:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
              "attributes": { "album": "cats" } }
            """
        let request = try JSONDecoder().decode(UploadRequest.self, from: Data(json.utf8))
        #expect(request.fileName == "cat.jpg")
        #expect(request.contentType == "image/jpeg")
        #expect(request.byteCount == 48_213)
        // The SHA-256 of nothing: FIPS 180-4's empty message.
        #expect(request.checksum == .of([], .sha256))
        #expect(request.attributes == ["album": "cats"])
        let copy = try JSONDecoder().decode(
            UploadRequest.self,
            from: JSONEncoder().encode(request)
        )
        #expect(copy == request)
    }

    @Test func allFieldsMayBeLeftOut() throws {
        let request = try JSONDecoder().decode(UploadRequest.self, from: Data("{}".utf8))
        #expect(request == UploadRequest())
        #expect(request.contentType == "application/octet-stream")
        #expect(request.byteCount == nil)
        let null = #"{"fileName":null,"contentType":null,"byteCount":null,"checksum":null}"#
        let other = try JSONDecoder().decode(UploadRequest.self, from: Data(null.utf8))
        #expect(other == request)
    }

    @Test(
        "refuses what is no request",
        arguments: [
            #"{"byteCount":"12"}"#, #"{"byteCount":1.5}"#, #"{"byteCount":1e30}"#,
            #"{"checksum":"sha256:xyz"}"#, #"{"checksum":"md5:1B2M2Y8AsgTpgAmY7PhCfg=="}"#,
            #"{"checksum":{"algorithm":"sha256"}}"#, #"{"attributes":{"a":1}}"#,
            #"{"attributes":[]}"#, #"{"fileName":7}"#, #"[]"#, #""a""#, #"{"#, "",
        ]
    )
    func refuses(_ json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(UploadRequest.self, from: Data(json.utf8))
        }
    }

    @Test func writesOnlyWhatIsKnown() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let json = try encoder.encode(UploadRequest(contentType: "a/b", byteCount: 1))
        #expect(String(decoding: json, as: UTF8.self) == #"{"byteCount":1,"contentType":"a/b"}"#)
    }

    @Test func namesAreComparedByBytes() {
        let composed = UploadRequest(fileName: "caf\u{E9}.txt")
        let decomposed = UploadRequest(fileName: "cafe\u{301}.txt")
        #expect(composed != decomposed)
        #expect(Set([composed, decomposed]).count == 2)
    }
}
