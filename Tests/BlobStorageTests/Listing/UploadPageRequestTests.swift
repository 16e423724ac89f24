import BlobStorage
import Foundation
import Testing

@Suite struct UploadPageRequestTests {
    private static func listed(_ key: BlobKey, _ id: String) -> ListedMultipartUpload {
        ListedMultipartUpload(
            upload: MultipartUpload(key: key, id: id),
            created: Date(timeIntervalSince1970: 0)
        )
    }

    private static let all = [
        listed("b", "2"), listed("a", "3"), listed("a", "1"), listed("a:\u{301}", "5"),
        listed("\u{e9}", "0"), listed("e\u{301}", "0"),
    ]

    @Test("pages come by key and then by id", arguments: 1...7)
    func pages(_ limit: Int) throws {
        var token: String?
        var found: [String] = []
        repeat {
            let page = try UploadPageRequest(prefix: "", continuationToken: token, limit: limit)
                .cut(Self.all.shuffled())
            #expect(page.uploads.count <= limit)
            found += page.uploads.map { "\($0.upload.key.text) \($0.upload.id)" }
            token = page.continuationToken
        } while token != nil
        let expected = ["a 1", "a 3", "a:\u{301} 5", "b 2", "e\u{301} 0", "\u{e9} 0"]
        #expect(utf8(found) == utf8(expected))
    }

    @Test func aPageIsFoundEvenIfTheUploadOfItsTokenIsGone() throws {
        let first = try UploadPageRequest(prefix: "", continuationToken: nil, limit: 2).cut(
            Self.all
        )
        let rest = Self.all.filter { $0.upload.id != "3" }
        let second = try UploadPageRequest(
            prefix: "",
            continuationToken: first.continuationToken,
            limit: 1
        ).cut(rest)
        #expect(second.uploads.map(\.upload.id) == ["5"])
    }

    @Test("rejects another store's token", arguments: ["", "x", "1:"])
    func tokens(_ token: String) throws {
        let error = try #require(throws: BlobError.self) {
            try UploadPageRequest(prefix: "", continuationToken: token, limit: 1)
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test func aLimitOutOfBoundsIsToldOfTheRightOperation() throws {
        let error = try #require(throws: BlobError.self) {
            try UploadPageRequest(prefix: "", continuationToken: nil, limit: 0)
        }
        #expect(error.kind == .invalidArgument && error.operation == "listMultipartUploads")
    }

    @Test func aPartMustBeTheOneThatTheStoreHas() throws {
        let part = UploadedPart(number: 1, etag: "\"1\"", byteCount: 3)
        #expect(try part.check(against: part, key: "k") == part)
        let again = UploadedPart(number: 1, etag: "\"2\"", byteCount: 3)
        for found in [again, nil] {
            let error = try #require(throws: BlobError.self) {
                try part.check(against: found, key: "k")
            }
            #expect(error.kind == .invalidArgument)
        }
    }
}
