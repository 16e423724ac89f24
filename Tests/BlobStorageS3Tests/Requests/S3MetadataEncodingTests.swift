import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageTestKit
import Testing

@Suite struct S3MetadataEncodingTests {
    @Test(
        "leaves plain values as they are",
        arguments: [
            "1", "a b", "a=b", "a?b", "100%", "UTF-8", "utf8''x", "a,b;c=\"d\"", "~", "=", "?=",
            "a%20b",
        ]
    )
    func plain(value: String) {
        #expect(S3MetadataEncoding.encode(value) == value)
        #expect(S3MetadataEncoding.decode(value) == value)
    }

    /// The encoded form is RFC 8187's `ext-value`.
    @Test(
        "encodes what a header would not keep",
        arguments: [
            ("", "UTF-8''"), ("ü", "UTF-8''%C3%BC"), (" lead", "UTF-8''%20lead"),
            ("trail ", "UTF-8''trail%20"), ("a  b", "UTF-8''a%20%20b"), (" ", "UTF-8''%20"),
            ("UTF-8''x", "UTF-8''UTF-8%27%27x"), ("utf-8''x", "UTF-8''utf-8%27%27x"),
            ("=?UTF-8?Q?x?=", "UTF-8''%3D%3FUTF-8%3FQ%3Fx%3F%3D"), ("€", "UTF-8''%E2%82%AC"),
            ("\u{85}", "UTF-8''%C2%85"), ("ü+%", "UTF-8''%C3%BC%2B%25"),
        ]
    )
    func encoded(value: String, header: String) {
        #expect(S3MetadataEncoding.encode(value) == header)
        #expect(S3MetadataEncoding.decode(header) == value)
    }

    @Test func everyLegalValueComesBack() {
        var generator = SplitMix64(8_187)
        let alphabet = Array(" =?U'TF-8%+aü€😀\u{85}\u{301}_\"\\".unicodeScalars)
        for _ in 0..<20_000 {
            var value = ""
            for _ in 0..<Int.random(in: 0...12, using: &generator) {
                value.unicodeScalars.append(
                    alphabet[Int.random(in: 0..<alphabet.count, using: &generator)]
                )
            }
            let header = S3MetadataEncoding.encode(value)
            #expect(S3MetadataEncoding.decode(header).utf8.elementsEqual(value.utf8), "\(header)")
            #expect(header.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "\(header)")
            #expect(!header.isEmpty && header.utf8.first != 0x20 && header.utf8.last != 0x20)
        }
    }

    /// The examples are RFC 2047's own (section 8), RFC 8187's (section 3.2.3), and what AWS answers.
    @Test(
        "reads what other clients wrote",
        arguments: [
            ("UTF-8''%e2%82%ac%20rates", "€ rates"), ("=?UTF-8?B?w7w=?=", "ü"),
            ("=?UTF-8?Q?=C3=BC_x?=", "ü x"), ("=?utf-8?q?a?= b", "a b"),
            ("=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=", "ab"), ("=?ISO-8859-1?Q?a_b?=", "a b"),
            ("=?iso-8859-1?Q?=E4?=", "ä"), ("=?US-ASCII*EN?Q?Keith_Moore?=", "Keith Moore"),
            ("ü", "ü"),
        ]
    )
    func foreign(header: String, value: String) {
        #expect(S3MetadataEncoding.decode(header) == value)
    }

    @Test(
        "gives verbatim what can't be read",
        arguments: [
            "UTF-8''%", "UTF-8''%zz", "UTF-8''%FF", "UTF-8''%0A", "=?UTF-8?B?!!!?=",
            "=?KOI8-R?Q?x?=", "=?UTF-8?Q?=ZZ?=", "=?UTF-8?X?x?=", "=?UTF-8?Q?x", "=?", "=?=",
            "=?UTF-8?B?Cg==?=", "UTF-8''a+b",
        ]
    )
    func unreadable(header: String) {
        #expect(S3MetadataEncoding.decode(header) == header)
    }

    @Test func metadataBecomesHeadersAndBack() throws {
        let metadata: BlobMetadata = ["a": "1", "b-c.d": "", "e": " ü "]
        var headers = HTTPHeaders()
        try headers.add(metadata, operation: "put", key: "k")
        #expect(
            headers.fields == [
                .init("x-amz-meta-a", "1"), .init("x-amz-meta-b-c.d", "UTF-8''"),
                .init("x-amz-meta-e", "UTF-8''%20%C3%BC%20"),
            ]
        )
    }

    @Test func whatIsTooLongOnceEncodedIsRefusedBeforeItIsSent() throws {
        var headers = HTTPHeaders()
        try headers.add(["a": String(repeating: "x", count: 2_047)], operation: "put", key: "k")
        let error = try #require(throws: BlobError.self) {
            try headers.add(["a": String(repeating: "ü", count: 400)], operation: "put", key: "k")
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.message.contains("2408"))
    }
}
