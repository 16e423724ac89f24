import Testing

@testable import BlobStorageXML

/// A listing as S3's reference for ListObjectsV2 shows it, with escapes added.
let listing = """
    <?xml version="1.0" encoding="UTF-8"?>
    <ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">
        <Name>example-bucket</Name>
        <Prefix></Prefix>
        <KeyCount>2</KeyCount>
        <IsTruncated>false</IsTruncated>
        <Contents>
            <Key>a&amp;b &lt;&#233;&#x1F600;&gt;&#13;&#10;é</Key>
            <ETag>&quot;70ee1738b6b21e2c8a43f3a5ab0eee71&quot;</ETag>
            <Size>11</Size>
        </Contents>
        <Contents><Key><![CDATA[<&>]]>!</Key><Size/></Contents>
        <!-- a comment --><?target data?>
        <Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"
            id='a"&apos;&#10;'/>
    </ListBucketResult>
    """

func parse(_ text: String, limits: XMLLimits = XMLLimits()) throws -> XMLNode {
    try XMLNode.parse(Array(text.utf8), limits: limits)
}

@Suite struct XMLNodeTests {
    @Test func aListingIsReadWhole() throws {
        let root = try parse(listing)
        #expect(root.name == "ListBucketResult")
        #expect(root.isNamed("ListBucketResult"))
        #expect(!root.isNamed("ListBucketResul"))
        #expect(
            root.children.map(\.name) == [
                "Name", "Prefix", "KeyCount", "IsTruncated", "Contents", "Contents", "Grantee",
            ]
        )
        #expect(root.child("Name")?.text == "example-bucket")
        #expect(root.child("Prefix")?.text == "")
        #expect(root.child("Missing") == nil)
        #expect(root.attribute("xmlns") == nil)
        let contents = root.children(named: "Contents")
        #expect(contents.count == 2)
        #expect(contents[0].child("Key")?.text == "a&b <é😀>\r\né")
        #expect(contents[0].child("ETag")?.text == "\"70ee1738b6b21e2c8a43f3a5ab0eee71\"")
        #expect(contents[0].children.map(\.name) == ["Key", "ETag", "Size"])
        #expect(contents[1].child("Key")?.text == "<&>!")
        #expect(contents[1].child("Size")?.text == "")
        #expect(root.children(named: "Key").isEmpty)
        let bytes = contents[0].child("Size")?.withTextBytes { Array($0) }
        #expect(bytes == Array("11".utf8))
    }

    @Test func attributesGoByTheirLocalNames() throws {
        let grantee = try #require(try parse(listing).child("Grantee"))
        #expect(grantee.attribute("type") == "CanonicalUser")
        #expect(grantee.attribute("id") == "a\"'\n")
        #expect(grantee.attribute("xsi:type") == nil)
        #expect(grantee.attribute("xsi") == nil)
        #expect(grantee.text.isEmpty)
    }

    @Test func namesAreLocalNames() throws {
        let root = try parse("<s3:A xmlns:s3=\"urn:x\"><s3:B>1</s3:B><B>2</B></s3:A>")
        #expect(root.name == "A")
        #expect(root.children(named: "B").map(\.text) == ["1", "2"])
    }

    @Test func textBetweenChildrenIsJoined() throws {
        let root = try parse("<a>1<b>x<c>y</c>z</b>2<!-- - -->3<b/>4</a>")
        #expect(root.text == "1234")
        #expect(root.child("b")?.text == "xz")
        #expect(root.child("b")?.child("c")?.text == "y")
    }

    @Test func aNodeOutlivesItsRoot() throws {
        let key: XMLNode? = try {
            try parse(listing).children(named: "Contents").last?.child("Key")
        }()
        #expect(key?.text == "<&>!")
    }

    @Test func manyNamesAreKeptApart() throws {
        let names = (0..<500).map { "n\($0)" }
        let text = "<r>" + names.map { "<\($0)>\($0)</\($0)>" }.joined() + "</r>"
        let children = try parse(text).children
        #expect(children.map(\.name) == names)
        #expect(children.map(\.text) == names)
    }

    @Test(
        "reads a document whatever is around its root",
        arguments: [
            "\u{FEFF}<a/>", "<a/>\n<!-- end -->\n", "\n<a/>", "<!-- before --><a/>",
            "<?xml version='1.0' encoding='utf-8' standalone=\"yes\"?><a/>",
            "<?xml version=\"1.0\"?><a/>",
        ]
    )
    func wrappings(_ text: String) throws {
        #expect(try parse(text).name == "a")
    }

    @Test func lineEndsAreNormalized() throws {
        #expect(try parse("<a>1\r\n2\r3\n4&#13;&#10;5&#9;</a>").text == "1\n2\n3\n4\r\n5\t")
    }

    @Test(
        "takes a reference to a character that XML 1.0 allows",
        arguments: [
            ("&#9;", "\t"), ("&#x0D;", "\r"), ("&#x20AC;", "€"), ("&#x10FFFF;", "\u{10FFFF}"),
            ("&#x85;", "\u{85}"), ("&#127;", "\u{7F}"), ("&#xFFFD;", "\u{FFFD}"),
        ]
    )
    func legalReferences(_ reference: String, _ expected: String) throws {
        #expect(try parse("<a>\(reference)</a>").text == expected)
        #expect(try parse("<a b='\(reference)'/>").attribute("b") == expected)
    }

    @Test func manyTasksReadAtOnce() async throws {
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<32 {
                group.addTask { try parse(listing).children.count }
            }
            for try await count in group { #expect(count == 7) }
        }
    }
}
