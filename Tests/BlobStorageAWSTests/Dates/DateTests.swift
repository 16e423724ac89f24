import BlobStorage
import Foundation
import Testing

@testable import BlobStorageAWS

@Suite struct AWSDateTests {
    // Seconds by `date -u -d … +%s` of GNU coreutils.
    private static let published: [(Double, String)] = [
        (0, "1970-01-01T00:00:00Z"), (-1, "1969-12-31T23:59:59Z"),
        (951_782_399, "2000-02-28T23:59:59Z"), (951_782_400, "2000-02-29T00:00:00Z"),
        (951_868_800, "2000-03-01T00:00:00Z"), (1_369_353_600, "2013-05-24T00:00:00Z"),
        (1_709_164_799, "2024-02-28T23:59:59Z"), (1_709_164_800, "2024-02-29T00:00:00Z"),
        (1_709_251_200, "2024-03-01T00:00:00Z"), (1_735_689_599, "2024-12-31T23:59:59Z"),
        (4_107_542_399, "2100-02-28T23:59:59Z"), (4_107_542_400, "2100-03-01T00:00:00Z"),
        (253_402_300_799, "9999-12-31T23:59:59Z"), (-62_135_596_800, "0001-01-01T00:00:00Z"),
        (-2_203_891_200, "1900-03-01T00:00:00Z"), (-2_203_891_201, "1900-02-28T23:59:59Z"),
    ]

    @Test("writes and reads moments", arguments: published)
    func moments(_ seconds: Double, _ text: String) {
        let date = Date(timeIntervalSince1970: seconds)
        #expect(AWSDate.extended(date) == text)
        #expect(AWSDate.parse(text) == date)
        let basic = text.filter { $0 != "-" && $0 != ":" }
        #expect(AWSDate.basic(date) == basic)
        #expect(AWSDate.parse(basic) == date)
        #expect(HTTPDate.parse(HTTPDate.text(date)) == date)
    }

    @Test func everyDayOfFourCenturiesFollowsTheOneBefore() {
        var expected = CivilTime(Date(timeIntervalSince1970: -11_676_096_000))
        #expect(expected.year == 1_600 && expected.month == 1 && expected.day == 1)
        for day in 1...(146_097 + 400) {
            let date = Date(timeIntervalSince1970: -11_676_096_000 + Double(day) * 86_400)
            let time = CivilTime(date)
            let isNext =
                time.day == expected.day + 1 && time.month == expected.month
                || time.day == 1 && time.month == expected.month % 12 + 1 && expected.day >= 28
            if !isNext || time.date != date || time.weekday != (expected.weekday + 1) % 7 {
                Issue.record("\(time) follows \(expected)")
                return
            }
            expected = time
        }
    }

    @Test func fractionsAndOffsetsCount() throws {
        #expect(
            try #require(AWSDate.parse("2009-10-12T17:50:30.000Z")).timeIntervalSince1970
                == 1_255_369_830
        )
        #expect(
            try #require(AWSDate.parse("2009-10-12T17:50:30.250Z")).timeIntervalSince1970
                == 1_255_369_830.25
        )
        #expect(AWSDate.parse("2009-10-12T19:50:30+02:00") == AWSDate.parse("2009-10-12T17:50:30Z"))
        #expect(AWSDate.parse("2009-10-12T12:20:30-0530") == AWSDate.parse("2009-10-12T17:50:30Z"))
        #expect(AWSDate.parse("2016-12-31T23:59:60Z") == AWSDate.parse("2017-01-01T00:00:00Z"))
        let date = Date(timeIntervalSince1970: 1_255_369_830.25)
        #expect(AWSDate.extended(date, withMilliseconds: true) == "2009-10-12T17:50:30.250Z")
        #expect(AWSDate.extended(date) == "2009-10-12T17:50:30Z")
        #expect(AWSDate.basic(Date(timeIntervalSince1970: -0.5)) == "19691231T235959Z")
        #expect(AWSDate.basic(.distantFuture).utf8.count == 16)
        #expect(AWSDate.basic(Date(timeIntervalSince1970: .infinity)) == "99991231T235959Z")
        #expect(AWSDate.basic(Date(timeIntervalSince1970: .nan)) == "00010101T000000Z")
    }

    @Test(
        "refuses what is no date",
        arguments: [
            "", "2013", "20130524T000000", "20130524T000000ZZ", "2013-05-24",
            "2013-13-01T00:00:00Z",
            "2013-00-01T00:00:00Z", "2013-02-29T00:00:00Z", "1900-02-29T00:00:00Z",
            "2013-05-24T24:00:00Z",
            "2013-05-24T00:60:00Z", "2013-05-24T00:00:61Z", "2013-05-24 00:00:00Z",
            "2013-05-24T00:00:00.Z",
            "20130524T00:00:00Z", "2013-0524T000000Z", "٢٠١٣٠٥٢٤T000000Z", "+013-05-24T00:00:00Z",
            "2013-05-24T00:00:00+99:00", "0000-01-01T00:00:00Z", "2013-04-31T00:00:00Z",
        ]
    )
    func refused(_ text: String) {
        #expect(AWSDate.parse(text) == nil)
    }
}

@Suite struct HTTPDateTests {
    // RFC 9110, section 5.6.7, has one moment in all three forms.
    @Test(
        "reads the three forms",
        arguments: [
            "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994",
        ]
    )
    func forms(_ text: String) throws {
        let date = try #require(
            HTTPDate.parse(text, now: Date(timeIntervalSince1970: 1_700_000_000))
        )
        #expect(date.timeIntervalSince1970 == 784_111_777)
        #expect(HTTPDate.text(date) == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test func twoDigitsAreAtMostFiftyYearsAhead() throws {
        let now = try #require(AWSDate.parse("2023-11-14T00:00:00Z"))
        for (digits, year) in [
            ("23", "2023"), ("73", "2073"), ("74", "1974"), ("99", "1999"), ("00", "2000"),
        ] {
            let date = try #require(
                HTTPDate.parse("Sunday, 06-Nov-\(digits) 08:49:37 GMT", now: now)
            )
            #expect(AWSDate.extended(date).hasPrefix("\(year)-11-06"))
        }
    }

    @Test(
        "refuses what is no date",
        arguments: [
            "", "Sun", "Sun, 06 Nov 1994 08:49:37", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 6 Nov 1994 08:49:37 GMT",
            "sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 94 08:49:37 GMT",
            "Sunday, 06-Nov-1994 08:49:37 GMT", "Sun Nov 6 08:49:37 1994",
            "Sun, 06 Nov 1994 08:49:37 GMT ",
            "Mon, 06 Now 1994 08:49:37 GMT", "-1", "0", "784111777",
            "Sun, 06 Nov 1994 25:49:37 GMT",
        ]
    )
    func refused(_ text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }
}
