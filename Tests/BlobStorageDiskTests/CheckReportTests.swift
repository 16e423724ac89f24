import Testing

@testable import BlobStorageDisk

@Suite struct CheckReportTests {
    private let limit = CheckReport.maximumFindingCount

    @Test func anyNumberOfHarmlessFindingsIsClean() {
        var report = CheckReport()
        for number in 0..<limit { report.add(.emptyFolder, "e\(number)", "") }
        for number in 0..<limit { report.add(.leftover, "l\(number)", "", isRepaired: true) }
        #expect(report.isClean)
        #expect(report.findings.count == limit && report.findingCount == 2 * limit)
        #expect(report.unrepairedCounts == [.emptyFolder: limit])
        #expect(report.repairedCounts == [.leftover: limit])
        report.add(.checksumMismatch, "rotten", "")
        #expect(!report.isClean)
    }

    @Test func damageTakesThePlaceOfWhatIsHarmlessOrRepaired() {
        var report = CheckReport()
        report.add(.unreadable, "first", "")
        for number in 1..<limit {
            let isRepaired = number.isMultiple(of: 2)
            report.add(isRepaired ? .leftover : .emptyFolder, "", "", isRepaired: isRepaired)
        }
        report.add(.checksumMismatch, "second", "")
        report.add(.emptyFolder, "one more", "")
        report.add(.specialFile, "third", "")
        #expect(report.findings.count == limit && report.findingCount == limit + 3)
        #expect(report.findings.first?.path == "first")
        #expect(report.findings.suffix(2).map(\.path) == ["second", "third"])
        #expect(report.unrepairedCounts[.emptyFolder] == limit / 2 + 1)
    }

    @Test func ofTooMuchDamageTheFirstIsKept() {
        var report = CheckReport()
        report.add(.emptyFolder, "", "")
        for number in 0...limit { report.add(.checksumMismatch, "\(number)", "") }
        #expect(report.findings.count == limit && report.findingCount == limit + 2)
        #expect(report.findings.first?.path == "0")
        #expect(report.findings.last?.path == "\(limit - 1)")
    }
}
