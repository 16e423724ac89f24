import BlobStorage
import BlobStorageTestKit
import Testing

/// A metadata store with one defect, and the case that must find it.
struct MetadataDefect: Sendable, CustomTestStringConvertible {
    var caseName: String
    var makeStore: @Sendable () -> any MetadataStore
    var testDescription: String

    init(_ caseName: String, _ make: @autoclosure @escaping @Sendable () -> any MetadataStore) {
        self.caseName = caseName
        makeStore = make
        testDescription = "\(type(of: make())), by \(caseName)"
    }
}

@Suite struct BrokenMetadataStoreTests {
    static let defects = records + changes + reads + pages

    private static let records = [
        MetadataDefect("text.nul.exact", ChangesRecords.cuttingAtNUL()),
        MetadataDefect(
            "roundTrip.times.everyMillisecondOfHalfASecond",
            ChangesRecords.keepingSecondsOnly()
        ),
        MetadataDefect("text.twins.case.distinct", ChangesRecords.foldingCase()),
        MetadataDefect("text.blanks.exact", ChangesRecords.trimming()),
        MetadataDefect("roundTrip.emptyTexts", ChangesRecords.takingEmptyForNone()),
        MetadataDefect("roundTrip.attributes.oneLargeValue", ChangesRecords.cuttingAttributes()),
        MetadataDefect("text.looksLikeNumber.exact", ChangesRecords.takingNumbersForNumbers()),
        MetadataDefect("text.twins.spelling.distinct", ComparesOwnersAsCharacters()),
        MetadataDefect("refused.owner.empty", ValidatesNothing()),
        MetadataDefect("refused.time.notANumber", ValidatesNothing()),
    ]

    private static let changes = [
        MetadataDefect("update.version.stale", IgnoresVersions()),
        MetadataDefect("update.version.unknown.future", IgnoresVersions()),
        MetadataDefect("race.insert.oneWinner", LooksBeforeWriting()),
        MetadataDefect("race.update.oneWinner", LooksBeforeWriting()),
        MetadataDefect("race.update.noLostUpdate", LooksBeforeWriting()),
        MetadataDefect("race.deleteAgainstUpdate", LooksBeforeWriting()),
        MetadataDefect("race.delete.oneWinner", LooksBeforeWriting()),
        MetadataDefect("insert.existing", InsertsOver()),
        MetadataDefect("update.missing", InsertsWhenUpdating()),
        MetadataDefect("update.afterDelete", InsertsWhenUpdating()),
        MetadataDefect("update.toNothing", MergesUpdates()),
        MetadataDefect("update.created.other", KeepsTheTimeOfCreation()),
        MetadataDefect("insert.givesVersionOne", CountsVersionsOn()),
        MetadataDefect("delete.version.stale", DeletesAnyVersion()),
        MetadataDefect("delete.missing", RefusesToDeleteNoRecord()),
        MetadataDefect("delete.version.missing", DeletesVersionsOfNothing()),
        MetadataDefect("delete.leavesNeighbours", DeletesByPrefix()),
        MetadataDefect("race.readersSeeWholeRecords", TearsRecords()),
    ]

    private static let reads = [
        MetadataDefect("batch.250", ReadsFirst100()),
        MetadataDefect("batch.someMissing", WantsEveryRecord()),
        MetadataDefect("batch.readsLatest", ReadsFromCache()),
        MetadataDefect("query.order.newestFirst", Reorders.oldestFirst()),
        MetadataDefect("query.order.sameTime.greatestIDFirst", Reorders.leastIDFirst()),
        MetadataDefect("query.order.digits", Reorders.byDigits()),
        MetadataDefect("query.filter.time.before", ChangesQueries.includingTheEnd()),
        MetadataDefect("query.filter.time.from", ChangesQueries.excludingTheBeginning()),
        MetadataDefect(
            "query.filter.prefix.wholeKey",
            ChangesQueries.takingPrefixesForFolders()
        ),
        MetadataDefect("update.movesBetweenStates", ForgetsToMoveStates()),
    ]

    private static let pages = [
        MetadataDefect("pages.of2", ChangesQueries.listingOneTooMany()),
        MetadataDefect("refused.query.token.foreign", ChangesQueries.startingAnew()),
        MetadataDefect("pages.underChange.newerComes", PagesByOffset()),
        MetadataDefect("pages.underChange.seenAreDeleted", PagesByOffset()),
        MetadataDefect("refused.query.token.ofAnotherOwner", PagesByOffset()),
        MetadataDefect("pages.sameTime", PagesByTime()),
        MetadataDefect("pages.rareMatches", FiltersAfterTheLimit()),
    ]

    private func find(_ name: String) throws -> MetadataConformanceCase {
        try #require(MetadataStoreConformance.cases.first { $0.name == name })
    }

    @Test("each defect is found", arguments: defects)
    func isFound(_ defect: MetadataDefect) async throws {
        let promise = try find(defect.caseName)
        let subject = MetadataConformanceSubject(defect.makeStore())
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await promise.run(on: subject)
        }
        #expect(failure?.caseName == defect.caseName)
    }

    @Test func namesAreUnique() {
        let names = MetadataStoreConformance.cases.map(\.name)
        #expect(Set(names).count == names.count)
        #expect(names.count >= 60)
    }

    @Test func aCaseLeavesNothingBehind() async throws {
        let store = IgnoresVersions()
        let subject = MetadataConformanceSubject(store)
        try? await find("update.version.stale").run(on: subject)
        try await find("pages.of7").run(on: subject)
        #expect(try await store.query(DocumentQuery()).records.isEmpty)
    }

    @Test func aFailureTellsCaseExpectedAndFound() async throws {
        let promise = try find("delete.missing")
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await promise.run(on: MetadataConformanceSubject(RefusesToDeleteNoRecord()))
        }
        let text = try #require(failure).description
        #expect(text.hasPrefix("delete.missing: expected no error; found record"))
    }
}
