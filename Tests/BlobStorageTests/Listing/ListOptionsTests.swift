import BlobStorage
import Testing

@Suite struct ListOptionsTests {
    @Test func textsAreComparedAsBytes() {
        let composed = "\u{e9}"
        let decomposed = "e\u{301}"
        #expect(composed == decomposed, "String tells them apart, or this proves nothing")
        let all = [
            ListOptions(), ListOptions(prefix: composed), ListOptions(prefix: decomposed),
            ListOptions(delimiter: composed), ListOptions(delimiter: decomposed),
            ListOptions(startAfter: composed), ListOptions(startAfter: decomposed),
            ListOptions(continuationToken: composed),
            ListOptions(continuationToken: decomposed), ListOptions(limit: 1),
        ]
        for (index, options) in all.enumerated() {
            for (other, others) in all.enumerated() {
                #expect((options == others) == (index == other))
            }
        }
        #expect(Set(all).count == all.count)
    }
}
