import BlobStorage
import Testing

@Suite struct ListPositionTests {
    @Test(
        "tells which keys come before it",
        arguments: [
            (.atLeast("b"), "a", true), (.atLeast("b"), "b", false), (.atLeast("b"), "ba", false),
            (.after("b"), "b", true), (.after("b"), "b\u{0}", false), (.after("b"), "c", false),
            (.past("b/"), "b/x", true), (.past("b/"), "b/", true), (.past("b/"), "b0", false),
            (.past("b/"), "a", true), (.past("e"), "e\u{301}", true), (.past("e"), "\u{e9}", false),
        ] as [(ListPosition, String, Bool)]
    )
    func isAfter(_ position: ListPosition, _ key: String, _ expected: Bool) {
        #expect(position.isAfter(key) == expected)
    }
}
