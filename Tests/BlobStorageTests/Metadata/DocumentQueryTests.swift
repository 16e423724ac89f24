import BlobStorage
import Foundation
import Testing

@Suite struct DocumentQueryTests {
    private let position = DocumentPosition(created: 12, id: "a-b_c")

    @Test func aTokenLeadsToItsPosition() throws {
        var query = DocumentQuery(owner: "o.p", state: .pending, keyPrefix: "a.b/")
        query.continuationToken = query.token(after: position)
        #expect(try query.start() == position)
        query.limit = 5
        #expect(try query.start() == position)
    }

    @Test func aTokenIsForOneQuery() throws {
        let token = DocumentQuery(owner: "ab").token(after: position)
        let others = [
            DocumentQuery(),
            DocumentQuery(owner: "a"),
            DocumentQuery(owner: "a", keyPrefix: "b"),
            DocumentQuery(owner: "ab", state: .pending),
            DocumentQuery(owner: "ab", createdFrom: Date(timeIntervalSince1970: 1)),
            DocumentQuery(owner: "ab", createdBefore: Date(timeIntervalSince1970: 1)),
        ]
        for var other in others {
            other.continuationToken = token
            let error = try #require(throws: BlobError.self) { try other.start() }
            #expect(error.kind == .invalidArgument)
            #expect(error.message == "the continuation token is from another query")
        }
    }

    @Test(
        "refuses what is no token",
        arguments: [
            "", "documents1", "documents1.a.b", "documents2.x.1.a", "documents1.x.y.a", "...",
        ]
    )
    func refuses(_ token: String) throws {
        let error = try #require(throws: BlobError.self) {
            try DocumentQuery(continuationToken: token).start()
        }
        #expect(error.kind == .invalidArgument)
    }

    @Test func twinsAreDifferentQueries() {
        #expect(DocumentQuery(owner: "\u{E9}") != DocumentQuery(owner: "e\u{301}"))
        #expect(DocumentQuery(owner: "a") == DocumentQuery(owner: "a"))
    }
}
