import Testing

@testable import DocumentService

@Suite struct RequestTargetTests {
    @Test func pathAndQueryAreDecodedOnce() throws {
        let target = try RequestTarget("/api/documents/a%2Fb?search=%C3%A9+x%2B&limit=5&empty")
        #expect(target.path == ["api", "documents", "a/b"])
        #expect(target.query == ["search": "é x+", "limit": "5", "empty": ""])
        #expect(try RequestTarget("/").path == [])
        #expect(try RequestTarget("/?a=b").path == [])
        #expect(try RequestTarget("/a//b/").path == ["a", "", "b", ""])
    }

    @Test(
        "a target that can be read in two ways is refused",
        arguments: ["", "*", "http://a/b", "/%", "/%4", "/%zz", "/?a=%e9", "/%FF", "/?a=1&a=2"]
    )
    func refusals(_ target: String) {
        let problem = #expect(throws: Problem.self) { try RequestTarget(target) }
        #expect(problem?.kind == .invalidRequest)
    }
}
