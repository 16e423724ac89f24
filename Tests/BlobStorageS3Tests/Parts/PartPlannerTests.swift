import BlobStorage
import BlobStorageS3
import Testing

@Suite struct PartPlannerTests {
    private let mebibyte: Int64 = 1 << 20
    private let gibibyte: Int64 = 1 << 30

    private func planner(
        _ vendor: S3Vendor = .aws,
        preferred: Int64 = 8 << 20
    ) -> PartPlanner {
        PartPlanner(vendor, preferredPartByteCount: preferred)
    }

    /// The part size is the least whole MiB that lets 10,000 parts do, worked out by hand.
    @Test(
        "plans every size up to the largest object",
        arguments: [
            (0, 8 << 20, 1),
            (1, 8 << 20, 1),
            (8 << 20, 8 << 20, 1),
            ((8 << 20) + 1, 8 << 20, 2),
            (80_000 << 20, 8 << 20, 10_000),
            ((80_000 << 20) + 1, 9 << 20, 8_889),
            (5 << 40, 525 << 20, 9_987),
            (50_000 << 30, 5 << 30, 10_000),
            ((50_000 << 30) - 1, 5 << 30, 10_000),
        ] as [(Int64, Int64, Int)]
    )
    func sizes(byteCount: Int64, partByteCount: Int64, partCount: Int) throws {
        let plan = try planner().plan(byteCount: byteCount, operation: "put", key: "k")
        #expect(plan.partByteCount == partByteCount)
        #expect(plan.partCount == partCount)
        #expect(plan.range(ofPart: 1).lowerBound == 0)
        #expect(plan.range(ofPart: plan.partCount).upperBound == byteCount)
    }

    @Test func partsCoverTheBlobWithoutGaps() throws {
        for byteCount in [1, 25 << 20, 123_456_789_012, 49_999 << 30] as [Int64] {
            let plan = try planner().plan(byteCount: byteCount, operation: "put", key: "k")
            var end: Int64 = 0
            for number in 1...plan.partCount {
                let range = plan.range(ofPart: number)
                #expect(range.lowerBound == end)
                #expect(!range.isEmpty)
                #expect(number == plan.partCount || Int64(range.count) == plan.partByteCount)
                end = range.upperBound
            }
            #expect(end == byteCount)
        }
    }

    @Test(
        "refuses what is larger than the store takes",
        arguments: [
            (S3Vendor.aws, 50_000 << 30), (.cloudflareR2, (5 << 40) - (5 << 30)),
            (.backblazeB2, 10_000_000_000_000), (.googleCloud, 5 << 40), (.minio, 5 << 40),
        ]
            as [(S3Vendor, Int64)]
    )
    func tooLarge(vendor: S3Vendor, limit: Int64) throws {
        _ = try planner(vendor).plan(byteCount: limit, operation: "put", key: "k")
        for byteCount in [limit + 1, .max] {
            let error = try #require(throws: BlobError.self) {
                try planner(vendor).plan(byteCount: byteCount, operation: "put", key: "k")
            }
            #expect(error.kind == .tooLarge)
            #expect(error.message.contains(String(limit)))
        }
    }

    @Test func aVendorWithLargerLimitsNeedsNoOtherArithmetic() throws {
        let large = PartPlanner(
            limits: MultipartLimits(
                minimumPartByteCount: 5 << 20,
                maximumPartByteCount: .max,
                maximumPartCount: 100_000
            ),
            maximumByteCount: .max
        )
        let plan = try large.plan(byteCount: .max, operation: "put", key: "k")
        // (2^63 − 1) / 100,000, rounded up to whole MiB, is 87,960,931 MiB.
        #expect(plan.partByteCount == 87_960_931 << 20)
        #expect(plan.partCount == 100_000)
        #expect(plan.range(ofPart: plan.partCount).upperBound == .max)
        #expect(large.limit == .max)
        let one = PartPlanner(
            limits: MultipartLimits(
                minimumPartByteCount: 1,
                maximumPartByteCount: .max,
                maximumPartCount: 1
            ),
            maximumByteCount: .max
        )
        let whole = try one.plan(byteCount: .max, operation: "put", key: "k")
        #expect(whole.partByteCount == .max)
        #expect(whole.partCount == 1)
    }

    @Test func preferredSizeIsBroughtIntoTheVendorsLimits() throws {
        #expect(planner(preferred: 1).partByteCount == 5 * mebibyte)
        #expect(planner(preferred: .max).partByteCount == 5 * gibibyte)
        #expect(planner(preferred: -1).partByteCount == 5 * mebibyte)
    }

    @Test func unknownLengthKeepsTheSizeWhileThousandPartsDo() throws {
        var schedule = planner().schedule()
        for _ in 1...1_125 {
            #expect(try schedule.next(operation: "put", key: "k") == 8 * mebibyte)
        }
        #expect(schedule.byteCount == 9_000 * mebibyte)
        #expect(try schedule.next(operation: "put", key: "k") == 9 * mebibyte)
    }

    @Test func unknownLengthGrowsToAThousandthAndReachesWhatIsDocumented() throws {
        var schedule = planner().schedule()
        var last: Int64 = 0
        for _ in 1...10_000 {
            let before = schedule.byteCount
            let size = try schedule.next(operation: "put", key: "k")
            #expect(size >= last)
            #expect(size <= max(8 * mebibyte, before / 1_000))
            last = size
        }
        #expect(last == 5 * gibibyte)
        // 16.9 TiB, as the documentation says.
        #expect((16_950..<17_000).contains((schedule.byteCount * 1_000) >> 40))
        let error = try #require(throws: BlobError.self) {
            try schedule.next(operation: "put", key: "k")
        }
        #expect(error.kind == .tooLarge)
        #expect(error.message.contains(String(schedule.byteCount)))
    }

    @Test(
        "reaches more from larger parts",
        arguments: [(64 << 20, 27_382), (5 << 30, 48_828)] as [(Int64, Int64)]
    )
    func largerParts(preferred: Int64, thousandthsOfTebibyte: Int64) throws {
        var schedule = planner(preferred: preferred).schedule()
        while (try? schedule.next(operation: "put", key: "k")) != nil {}
        let found = (schedule.byteCount * 1_000) >> 40
        #expect(abs(found - thousandthsOfTebibyte) <= 1)
        #expect(schedule.partCount == 10_000)
    }

    @Test func unknownLengthEndsAtTheLargestObject() throws {
        var schedule = planner(.minio).schedule()
        while (try? schedule.next(operation: "put", key: "k")) != nil {}
        #expect(schedule.byteCount == 5 << 40)
        #expect(schedule.partCount < 10_000)
    }

    @Test func equalPartsHaveOneSizeAndTheErrorStatesTheLimit() throws {
        var schedule = planner(.cloudflareR2).schedule()
        for _ in 1...10_000 {
            #expect(try schedule.next(operation: "put", key: "k") == 8 * mebibyte)
        }
        let error = try #require(throws: BlobError.self) {
            try schedule.next(operation: "put", key: "k")
        }
        #expect(error.kind == .tooLarge)
        #expect(error.message.contains(String(80_000 * mebibyte)))
    }

    @Test func partsInFlightStayWithinTheMemoryOfTheFirst() {
        let planner = planner()
        #expect(planner.concurrency(ofParts: 8 << 20, atMost: 8) == 8)
        #expect(planner.concurrency(ofParts: 10 << 20, atMost: 8) == 6)
        #expect(planner.concurrency(ofParts: 33 << 20, atMost: 8) == 1)
        #expect(planner.concurrency(ofParts: 5 << 30, atMost: 8) == 1)
    }
}
