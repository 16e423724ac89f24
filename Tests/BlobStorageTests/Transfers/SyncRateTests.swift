import Testing

@testable import BlobStorage

@Suite struct SyncRateTests {
    @Test func aTimeBeyondAllMeasureIsNotTold() {
        var rate = SyncRate()
        var report = SyncReport()
        report.total = SyncReport.Tally(blobCount: 1, byteCount: .max)
        report.isTotalKnown = true
        report.done.byteCount = 1
        report.elapsed = .seconds(100)
        rate.measure(&report)
        #expect(report.timeLeft == nil)
    }
}
