import Foundation
import Testing

@testable import BlobStorageAWS

@Suite struct HTTPDateTests {
    @Test(
        "reads the three forms of RFC 9110",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ]
    )
    func forms(_ text: String) {
        // RFC 9110, 5.6.7; `date -u -d '1994-11-06 08:49:37' +%s`
        #expect(HTTPDate.parse(text)?.timeIntervalSince1970 == 784_111_777)
    }

    @Test(
        "refuses what is no date",
        arguments: [
            "", "now", "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nov 1994 24:49:37 GMT",
            "Sun, 06 Nov 1994 08:49 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 29 Feb 2023 08:49:37 GMT",
            "Sun, 06 Nov 99999999999 08:49:37 GMT", "Sun, \u{0660}6 Nov 1994 08:49:37 GMT",
        ]
    )
    func refused(_ text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }

    @Test(
        "counts days as the calendar does",
        arguments: [
            // `date -u -d … +%s`
            ((1970, 1, 1), 0), ((2000, 2, 29), 951_782_400), ((2100, 3, 1), 4_107_542_400),
            ((2024, 12, 31), 1_735_603_200), ((1, 1, 1), -62_135_596_800),
            ((9999, 12, 31), 253_402_214_400),
        ]
    )
    func days(_ date: (Int, Int, Int), _ seconds: Int) {
        let found = CivilTime.date(date.0, date.1, date.2, 0, 0, 0)
        #expect(found?.timeIntervalSince1970 == TimeInterval(seconds))
    }
}
