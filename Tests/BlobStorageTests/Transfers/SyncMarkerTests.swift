import Testing

@testable import BlobStorage

@Suite struct SyncMarkerTests {
    @Test func passesNoBlobThatIsNotDealtWith() {
        var marker = SyncMarker(startAfter: nil)
        #expect(marker.text == nil)
        for key in ["a", "b", "c", "d"] as [BlobKey] { marker.found(key) }
        #expect(marker.text == nil)
        marker.ended("b", isFailure: false)
        marker.ended("d", isFailure: false)
        #expect(marker.text == nil)
        marker.ended("a", isFailure: false)
        #expect(marker.text == "b")
        marker.ended("c", isFailure: false)
        #expect(marker.text == "d")
    }

    @Test func stopsBeforeTheFirstFailure() {
        var marker = SyncMarker(startAfter: "0")
        #expect(marker.text == "0")
        for key in ["a", "b", "c", "d"] as [BlobKey] { marker.found(key) }
        marker.ended("c", isFailure: true)
        marker.ended("a", isFailure: false)
        marker.ended("d", isFailure: false)
        #expect(marker.text == "a")
        marker.ended("b", isFailure: true)
        #expect(marker.text == "a")
    }

    @Test func comparesBytes() {
        var marker = SyncMarker(startAfter: nil)
        for key in ["e\u{301}", "é"] as [BlobKey] { marker.found(key) }
        marker.ended("e\u{301}", isFailure: false)
        #expect(marker.text.map { Array($0.utf8) } == Array("e\u{301}".utf8))
    }
}
