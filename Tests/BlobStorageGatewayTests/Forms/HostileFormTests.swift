import BlobStorage
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// Forms that are none, or too much.
@Suite struct HostileFormTests {
    private static let line = "--\(FormFixture.boundary)\r\n"

    private func code(_ text: String) async throws -> String? {
        let request = try FormFixture.request(BlobBody([UInt8](text.utf8)))
        do {
            _ = try await FormFixture.reader.read(request, bucket: "examplebucket")
            return nil
        } catch {
            return (error as? GatewayError)?.code
        }
    }

    private static func part(_ disposition: String, _ value: String = "v") -> String {
        "\(line)Content-Disposition: \(disposition)\r\n\r\n\(value)\r\n"
    }

    @Test(
        "refuses what is no form",
        arguments: [
            "", "\r\n", "preamble\r\n\(line)", "--other\r\n",
            part("form-data"), part("form-data; name="), part("form-data; name=\"\""),
            part("form-data; name=\"a"), part("form-data; name=\"a\"x"),
            part("form-data; name=\"a\"; name=\"b\""), part("attachment; name=\"a\""),
            part("form-data; name=\"a\"; filename=\"b\"; filename=\"c\""),
            "\(line)\r\nv\r\n", "\(line)nothing\r\n\r\nv\r\n", "\(line): x\r\n\r\nv\r\n",
            "\(line)Content-Disposition: form-data; name=\"a\"\nv\r\n",
            "\(line)Content-Disposition: form-data; name=\"a\"\r\n"
                + "Content-Transfer-Encoding: base64\r\n\r\ndg==\r\n\(line)",
            "--\(FormFixture.boundary)--\r\n", "--\(FormFixture.boundary)x\r\n",
            part("form-data; name=\"a\"") + part("form-data; name=\"A\"") + line,
        ]
    )
    func malformed(_ text: String) async throws {
        let code = try await code(text)
        #expect(
            ["MalformedPOSTRequest", "IncompleteBody", "InvalidArgument"].contains(code),
            "\(code ?? "accepted")"
        )
    }

    @Test func fieldsHaveBounds() async throws {
        let large = Self.part("form-data; name=\"a\"", String(repeating: "v", count: 20 << 10))
        #expect(try await code(large + Self.line) == "MaxPostPreDataLengthExceededError")
        let endless = Self.part("form-data; name=\"a\"", String(repeating: "v", count: 1 << 20))
        #expect(try await code(endless) == "MaxPostPreDataLengthExceededError")
        let many = (0..<300).map { Self.part("form-data; name=\"a\($0)\"", "") }.joined()
        #expect(try await code(many + Self.line) == "MalformedPOSTRequest")
        let long = "\(Self.line)Content-Type: \(String(repeating: "x", count: 5_000))\r\n"
        #expect(try await code(long) == "MalformedPOSTRequest")
        let endlessLine = "\(Self.line)\(String(repeating: "x", count: 1 << 20))"
        #expect(try await code(endlessLine) == "MalformedPOSTRequest")
        let lines = Self.line + String(repeating: "A: b\r\n", count: 100)
        #expect(try await code(lines) == "MalformedPOSTRequest")
    }

    @Test(
        "refuses boundaries that are none",
        arguments: [
            "", "a\u{E9}", "a@b", String(repeating: "x", count: 71), "\"a", "\"a \"", "\"\"",
        ]
    )
    func boundaries(_ text: String) throws {
        let error = try refusal {
            _ = try FormBoundary(contentType: "multipart/form-data; boundary=\(text)")
        }
        #expect(["MalformedPOSTRequest", "PreconditionFailed"].contains(error.code))
    }

    @Test func boundariesAreReadAsHeadersHaveThem() throws {
        for text in [
            "multipart/form-data; boundary=abc", "Multipart/Form-Data;boundary=\"abc\"",
            "multipart/form-data; charset=utf-8; Boundary=abc ",
        ] {
            let boundary = try FormBoundary(contentType: text)
            #expect(boundary.delimiter == [UInt8]("\r\n--abc".utf8))
        }
        for text in [nil, "", "text/plain; boundary=abc", "multipart/form-datax; boundary=abc"] {
            #expect(try refusal { _ = try FormBoundary(contentType: text) }.status == 412)
        }
    }

    @Test(
        "refuses policies that are none",
        arguments: [
            "", "[]", "{}", "null", "{\"expiration\": \"2025-06-15T13:34:56Z\"}",
            "{\"conditions\": []}", "{\"expiration\": \"tomorrow\", \"conditions\": []}",
            "{\"expiration\": 1, \"conditions\": []}",
            "{\"expiration\": \"2025-06-15T13:34:56Z\", \"conditions\": {}}",
            "{\"expiration\": \"2025-06-15T13:34:56Z\", \"conditions\": []}x",
            "{\"expiration\": \"2025-06-15T13:34:56Z\", \"conditions\": [], \"more\": 1}",
            "{\"expiration\": \"2025-06-15T13:34:56Z\", \"expiration\": \"2025-06-15T13:34:56Z\", "
                + "\"conditions\": []}",
        ]
    )
    func policies(_ text: String) throws {
        let error = try refusal { _ = try PolicyDocument([UInt8](text.utf8)) }
        #expect(error.code == "InvalidPolicyDocument")
        #expect(error.status == 400)
    }

    @Test(
        "refuses conditions that are none",
        arguments: [
            "1", "\"key\"", "{}", "{\"key\": 1}", "[]", "[\"eq\", \"$key\"]",
            "[\"eq\", \"key\", \"k\"]", "[\"eq\", \"$\", \"k\"]",
            "[\"ends-with\", \"$key\", \"k\"]",
            "[\"content-length-range\", 2, 1]", "[\"content-length-range\", -1, 1]",
            "[\"content-length-range\", 0, 1e9]", "[\"content-length-range\", 0, 1.5]",
            "[\"content-length-range\", 0, 99999999999999999999]",
            "[\"content-length-range\", 0]", "[\"eq\", \"$key\", [\"k\"]]", "[[[[[[[[[[]]]]]]]]]]",
        ]
    )
    func conditions(_ text: String) throws {
        let policy =
            "{\"expiration\": \"2025-06-15T13:34:56Z\", \"conditions\": [\(text)]}"
        let error = try refusal { _ = try PolicyDocument([UInt8](policy.utf8)) }
        #expect(error.code == "InvalidPolicyDocument")
    }

    @Test(
        "refuses JSON that is none",
        arguments: [
            "{", "[", "\"", "[1,]", "{\"a\":1,}", "{a:1}", "[01]", "[+1]", "[.5]", "[1.]", "[1e]",
            "[tru]", "[\"\\x\"]", "[\"\\ud800\"]", "[\"\\udc00\"]", "[\"\n\"]", "[1 2]", "'a'",
            "[-]",
            "[NaN]", "[1]]", "\u{FEFF}[]",
        ]
    )
    func malformedJSON(_ text: String) {
        var reader = JSONReader([UInt8](text.utf8))
        #expect(reader.document() == nil)
    }

    @Test func jsonStringsAreReadByTheirRules() {
        var reader = JSONReader([UInt8]("[\"\\u00fc\\ud83d\\ude00\\n\\/\\\"é\", 1.5e3]".utf8))
        guard case .array(let values) = reader.document(), case .string(let text) = values[0],
            case .number(let number) = values[1]
        else {
            Issue.record("the document was not read")
            return
        }
        #expect(text == "ü😀\n/\"é")
        #expect(number == "1.5e3")
        var broken = JSONReader([0x5B, 0x22, 0xFF, 0x22, 0x5D])
        #expect(broken.document() == nil)
    }
}
