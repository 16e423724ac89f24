import BlobStorage
import BlobStorageAWS
import BlobStorageS3
import BlobStorageXML
import Testing

/// Bodies as botocore 1.44.5 sends them; ours escape quotes too, which XML lets mean the same.
@Suite struct S3DocumentsTests {
    private let open = "xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\""

    private func text(_ bytes: [UInt8]) -> String {
        String(decoding: bytes, as: UTF8.self)
            .replacing("&quot;", with: "\"").replacing("&apos;", with: "'")
    }

    @Test func delete() {
        let bytes = S3Documents.delete(
            ["a", "b & <c> \"d\" 'e'", "ü/日本"],
            versionIDs: ["ü/日本": "v"]
        )
        #expect(
            text(bytes) == "<Delete \(open)><Object><Key>a</Key></Object><Object>"
                + "<Key>b &amp; &lt;c&gt; \"d\" 'e'</Key></Object><Object><Key>ü/日本</Key>"
                + "<VersionId>v</VersionId></Object><Quiet>true</Quiet></Delete>"
        )
    }

    @Test func completeMultipartUpload() {
        let bytes = S3Documents.completeMultipartUpload([
            UploadedPart(number: 1, etag: "\"e1\"", byteCount: 5),
            UploadedPart(number: 2, etag: "\"e2\"", byteCount: 5),
        ])
        #expect(
            text(bytes) == "<CompleteMultipartUpload \(open)><Part><PartNumber>1</PartNumber>"
                + "<ETag>\"e1\"</ETag></Part><Part><PartNumber>2</PartNumber><ETag>\"e2\"</ETag>"
                + "</Part></CompleteMultipartUpload>"
        )
    }

    @Test func tagging() throws {
        #expect(
            try text(S3Documents.tagging(BlobTags(["a": "b & c"])))
                == "<Tagging \(open)><TagSet><Tag>"
                + "<Key>a</Key><Value>b &amp; c</Value></Tag></TagSet></Tagging>"
        )
    }

    @Test func createBucket() throws {
        let bytes = try #require(S3Documents.createBucket(region: "eu-west-1"))
        #expect(
            text(bytes) == "<CreateBucketConfiguration \(open)><LocationConstraint>eu-west-1"
                + "</LocationConstraint></CreateBucketConfiguration>"
        )
        #expect(S3Documents.createBucket(region: "us-east-1") == nil)
    }

    @Test func everyKeyThatCanBeNamedIsReadBackTheSame() throws {
        let keys: [BlobKey] = [
            " a ", "a\r\nb", "\t", "\u{85}", "\u{2028}", "]]>", "&#1;", "<!--", "é", "e\u{301}",
            "😀",
        ]
        #expect(keys.allSatisfy(S3Documents.canName))
        let root = try XMLNode.parse(S3Documents.delete(keys))
        let read = try root.children(named: "Object")
            .map { try BlobKey(#require($0.child("Key")).text) }
        #expect(read == keys)
        #expect(!S3Documents.canName("a\u{1}b"))
        #expect(!S3Documents.canName("\u{0}"))
        #expect(!S3Documents.canName("\u{FFFF}"))
    }

    @Test func cors() {
        let rule = CORSRule(
            origins: ["https://a", "https://*.b"],
            methods: ["PUT", "GET"],
            allowedHeaders: ["x"],
            exposedHeaders: ["ETag"],
            maximumAgeSeconds: 60
        )
        #expect(
            text(S3Documents.cors([rule]))
                == "<CORSConfiguration \(open)><CORSRule><AllowedHeader>x</AllowedHeader>"
                + "<AllowedMethod>GET</AllowedMethod><AllowedMethod>PUT</AllowedMethod>"
                + "<AllowedOrigin>https://a</AllowedOrigin><AllowedOrigin>https://*.b</AllowedOrigin>"
                + "<ExposeHeader>ETag</ExposeHeader><MaxAgeSeconds>60</MaxAgeSeconds></CORSRule>"
                + "</CORSConfiguration>"
        )
    }
}
