import BlobStorage
import BlobStorageTestKit
import Testing

/// A store with one defect, and the case that must find it.
struct Defect: Sendable, CustomTestStringConvertible {
    var caseName: String
    var makeSubject: @Sendable () -> ConformanceSubject
    var testDescription: String

    init(_ caseName: String, _ makeStore: @autoclosure @escaping @Sendable () -> any BlobStore) {
        self.caseName = caseName
        makeSubject = { ConformanceSubject(makeStore()) }
        testDescription = "\(type(of: makeStore())), by \(caseName)"
    }
}

@Suite struct BrokenStoreTests {
    static let defects = puts + reads + lists + keys + changes

    private static let puts = [
        Defect("metadata.onePair.exact", LosesMetadata()),
        Defect("metadata.value.leadingSpace.exact", TrimsMetadata()),
        Defect("put.ifAbsent.existing", IgnoresIfAbsent()),
        Defect("concurrent.putIfAbsent.oneWinner", DecidesBeforeWriting()),
        Defect("concurrent.compareAndSwap", DecidesBeforeWriting()),
        Defect("body.throws.midway", KeepsPartialPuts()),
        Defect("body.cancelled.midway", KeepsPartialPuts()),
        Defect("body.wrongLength.tooFew", IgnoresDeclaredLength()),
        Defect("body.throws.atBeginning", WrapsBodyErrors()),
        Defect("body.throws.midway.large", LeavesUploads()),
        Defect("checksum.crc32c.wrong", AcceptsWrongChecksums()),
        Defect("metadata.invalid.value.headerInjection", ChecksHeadersLate()),
        Defect("headers.contentType.guess.extension", GuessesNoType()),
    ]

    private static let reads = [
        Defect("range.suffix.some", IgnoresSuffixes()),
        Defect("range.bounded.middle", CutsRangesShort()),
        Defect("range.bounded.hugeEnd", OverflowsOnHugeRanges()),
        Defect("get.missing", TakesMissingForEmpty()),
        Defect("concurrent.readersDuringReplace", MixesVersions()),
        Defect("get.body.replacedBeforeReading", OpensBodiesLate()),
        Defect("head.precedence.ifMatchesHit.overUnmodifiedSince", IgnoresPrecedence()),
        Defect("get.ifNoneMatches.miss", ReadsConditionsAsFailed()),
    ]

    private static let lists = [
        Defect("put.etag.sameFromHeadGetList", ListsOtherETags()),
        Defect("list.order.astral", OrdersByUTF16()),
        Defect("list.pages.of2", ListsOneTooMany()),
        Defect("list.delimiter.pages.of1", RepeatsCommonPrefixes()),
        Defect("list.startAfter.isKey", StartsAtInsteadOfAfter()),
        Defect("list.prefix.endsInsideName", TakesPrefixesForFolders()),
        Defect("list.delimiter.beforeCombiningMark", FindsDelimitersByCharacter()),
        Defect("list.delimiter.startAfter.insideCommonPrefix", RestartsInsidePrefixes()),
        Defect("list.forgetsDeleted", ListsFromCache()),
        Defect("list.refused.foreignToken", TakesAnyToken()),
    ]

    private static let keys = [
        Defect("keys.distinct.spelling", ChangesKeys.normalizing()),
        Defect("keys.distinct.case", ChangesKeys.lowercasing()),
        Defect("keys.distinct.emptySegment", ChangesKeys.collapsingSlashes()),
        Defect("keys.distinct.doubleDotSegment", ChangesKeys.resolvingDots()),
        Defect("keys.distinct.encodedSlash", ChangesKeys.decodingPercents()),
        Defect("keys.distinct.cutNames", ChangesKeys.cuttingSegments()),
        Defect("keys.distinct.fileAndFolder", HasFolders()),
    ]

    private static let changes = [
        Defect("delete.missing", RefusesToDeleteNothing()),
        Defect("delete.ifMatches.miss", DeletesWhateverTheETag()),
        Defect("deleteMany.1500", DeletesFirst1000()),
        Defect("delete.leavesNeighbours", DeletesContents()),
        Defect("copy.attributes.kept", CopiesWithoutAttributes()),
        Defect("copy.destination.ifMatches.hit", MixesUpCopyConditions()),
        Defect("multipart.invisibleBeforeCompletion", ShowsPartsEarly()),
        Defect("multipart.complete.unordered", SortsPartsItself()),
        Defect("multipart.subsetOfParts", CompletesAllParts()),
        Defect("multipart.ifAbsent.existing.thenAgain", DropsFailedUploads()),
        Defect("unsupported.putIfAbsent", PassesOverConditions()),
    ]

    private func find(_ name: String) throws -> ConformanceCase {
        try #require(BlobStoreConformance.cases.first { $0.name == name })
    }

    @Test("each defect is found", arguments: defects)
    func isFound(_ defect: Defect) async throws {
        let promise = try find(defect.caseName)
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await promise.run(on: defect.makeSubject())
        }
        #expect(failure?.caseName == defect.caseName)
    }

    @Test("the cases that find defects pass on a good store", arguments: defects)
    func passesOnAGoodStore(_ defect: Defect) async throws {
        try await find(defect.caseName)
            .run(on: ConformanceSubject(InMemoryStore(multipartLimits: .small)))
    }

    @Test func findsAReadOnlyStoreThatDeletes() async throws {
        let base = InMemoryStore()
        let subject = ConformanceSubject(DeletesThoughReadOnly(base: base), fixture: base)
        let promise = try find("readOnly.delete")
        await #expect(throws: ConformanceFailure.self) { try await promise.run(on: subject) }
    }

    @Test func aFailureTellsCaseExpectedAndFound() async throws {
        let promise = try find("delete.missing")
        let failure = await #expect(throws: ConformanceFailure.self) {
            try await promise.run(on: ConformanceSubject(RefusesToDeleteNothing()))
        }
        let text = try #require(failure).description
        #expect(text.hasPrefix("delete.missing: expected no error; found head "))
        #expect(failure?.underlying is BlobError)
    }

    @Test func aCaseLeavesNothingBehind() async throws {
        let store = KeepsPartialPuts()
        for name in ["body.throws.midway", "multipart.abort", "keys.beginsWith.//"] {
            _ = try? await find(name).run(on: ConformanceSubject(store))
        }
        #expect(try await store.list(ListOptions()).blobs.isEmpty)
        let uploads = try await store.listMultipartUploads(
            prefix: "",
            continuationToken: nil,
            limit: 10
        )
        #expect(uploads.uploads.isEmpty)
    }
}
