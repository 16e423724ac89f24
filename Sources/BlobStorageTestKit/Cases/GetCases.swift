import BlobStorage
import Foundation

/// Reading whole blobs.
enum GetCases {
    static let all = basics + bodies + changes

    private static let large = CaseScope.pattern(3 << 20 | 1)

    private static let basics: [ConformanceCase] = [
        ConformanceCase("get.whole", .reading) { scope in
            let written = try await scope.seed("a", "text")
            let blob = try await scope.store.get(scope.key("a"))
            try expectEqual(blob.range, 0..<4, "the range of a whole blob")
            try expectEqual(blob.attributes.key, written.key, "the key")
            try expectEqual(blob.attributes.byteCount, 4, "the byte count")
            let bytes = try await blob.body.collect(upTo: 100)
            try expectBytes(bytes, Array("text".utf8), "the bytes")
        },
        ConformanceCase("get.empty", .reading) { scope in
            try await scope.seed("a", "")
            let blob = try await scope.store.get(scope.key("a"))
            try expectEqual(blob.range, 0..<0, "the range of an empty blob")
            try expectEqual(blob.attributes.byteCount, 0, "the byte count")
            try await expectBytes(blob.body.collect(upTo: 100), [], "the bytes")
        },
        ConformanceCase("get.missing", .reading) { scope in
            try await expectError(.notFound, from: "get of a blob that never was") {
                try await scope.store.get(scope.key("a"))
            }
        },
        ConformanceCase("get.missing.besideOthers", .reading) { scope in
            try await scope.seedAll(["a/b", "ab", "a/"])
            try await expectError(.notFound, from: "get of the beginning of other keys") {
                try await scope.store.get(scope.key("a"))
            }
            try await expectError(.notFound, from: "get of a key that goes on") {
                try await scope.store.get(scope.key("a/b/c"))
            }
        },
        ConformanceCase("get.attributes.sameAsHead", .reading) { scope in
            let headers = ContentHeaders(contentType: "text/css", contentLanguage: "en")
            let options = PutOptions(headers: headers, metadata: ["a": "1", "b": "2"])
            try await scope.seed("a", options: options)
            let head = try await scope.store.head(scope.key("a"))
            let get = try await scope.store.get(scope.key("a")).attributes
            try expectEqual(get.etag, head.etag, "get's etag")
            try expectEqual(get.byteCount, head.byteCount, "get's byte count")
            try expectEqual(get.headers, head.headers, "get's headers")
            try expectEqual(get.metadata, head.metadata, "get's metadata")
            try expectEqual(get.checksum, head.checksum, "get's checksum")
            try expectEqual(seconds(get), seconds(head), "the second of get's lastModified")
        },
        ConformanceCase("head.missing", .reading) { scope in
            try await scope.seedAll(["a/b", "ab"])
            try await expectError(.notFound, from: "head of a blob that is not there") {
                try await scope.store.head(scope.key("a"))
            }
        },
        ConformanceCase("head.key", .reading) { scope in
            try await scope.seed("e\u{301}")
            let found = try await scope.store.head(scope.key("e\u{301}")).key
            try expectSameText([found.text], [scope.key("e\u{301}").text], "head's key")
        },
        ConformanceCase("head.lastModified.sameInListing", .reading) { scope in
            try await scope.seed("a")
            let head = try await scope.store.head(scope.key("a"))
            let page = try await scope.store.list(ListOptions(prefix: scope.prefix))
            let listed = page.blobs.map { $0.lastModified.timeIntervalSince1970.rounded(.down) }
            try expectEqual(listed, [seconds(head)], "the seconds of lastModified in a listing")
        },
    ]

    private static func seconds(_ attributes: BlobAttributes) -> Double {
        attributes.lastModified.timeIntervalSince1970.rounded(.down)
    }

    private static let bodies: [ConformanceCase] = [
        ConformanceCase("get.body.byteCount", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), large)
            let body = try await scope.store.get(scope.key("a")).body
            guard let byteCount = body.byteCount else { return }
            try expectEqual(byteCount, Int64(large.count), "the body's byte count")
        },
        ConformanceCase("get.body.secondReading", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), large)
            let body = try await scope.store.get(scope.key("a")).body
            try await expectBytes(body.collect(upTo: large.count), large, "the bytes")
            guard body.isReplayable else {
                try await expectError(.closed, from: "the second reading of a body") {
                    try await body.collect(upTo: large.count)
                }
                return
            }
            try await expectBytes(body.collect(upTo: large.count), large, "the second reading")
        },
        ConformanceCase("get.body.leftEarly", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), large)
            for _ in 0..<20 {
                let blob = try await scope.store.get(scope.key("a"))
                for try await chunk in blob.body where !chunk.isEmpty { break }
            }
            try await scope.expectBlob(scope.key("a"), large)
        },
        ConformanceCase("get.body.neverRead", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), large)
            for _ in 0..<20 { _ = try await scope.store.get(scope.key("a")) }
            try await scope.expectBlob(scope.key("a"), large)
        },
        ConformanceCase("get.body.twoAtOnce", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), large)
            try await scope.fixture.put(scope.key("b"), Array(large.reversed()))
            var a = try await scope.store.get(scope.key("a")).body.makeAsyncIterator()
            var b = try await scope.store.get(scope.key("b")).body.makeAsyncIterator()
            var foundA: [UInt8] = []
            var foundB: [UInt8] = []
            var (isAtEndA, isAtEndB) = (false, false)
            while !isAtEndA || !isAtEndB {
                if !isAtEndA, let chunk = try await a.next() {
                    foundA += chunk
                } else {
                    isAtEndA = true
                }
                if !isAtEndB, let chunk = try await b.next() {
                    foundB += chunk
                } else {
                    isAtEndB = true
                }
            }
            try expectBytes(foundA, large, "the first body")
            try expectBytes(foundB, Array(large.reversed()), "the second body")
        },
    ]

    private typealias Change = @Sendable (CaseScope) async throws -> Void

    private static let replace: Change = { scope in
        try await scope.fixture.put(scope.key("a"), "new")
    }

    private static let delete: Change = { scope in
        try await scope.fixture.delete(scope.key("a"))
    }

    private static let changes = [
        opened("replacedBeforeReading", Array("old".utf8), chunksBefore: 0, replace),
        opened("replacedBeforeReading.large", large, chunksBefore: 0, replace),
        opened("replacedMeanwhile", large, chunksBefore: 1, replace),
        opened("deletedBeforeReading", Array("old".utf8), chunksBefore: 0, delete),
        opened("deletedBeforeReading.large", large, chunksBefore: 0, delete),
        opened("deletedMeanwhile", large, chunksBefore: 1, delete),
    ]

    private static let fairFailures: Set<BlobError.Kind> = [
        .preconditionFailed, .notFound, .conflict,
    ]

    /// A blob that was opened stays what it was.
    private static func opened(
        _ name: String,
        _ bytes: [UInt8],
        chunksBefore: Int,
        _ change: @escaping Change
    ) -> ConformanceCase {
        ConformanceCase("get.body.\(name)", .reading) { scope in
            try await scope.fixture.put(scope.key("a"), bytes)
            let blob = try await scope.store.get(scope.key("a"))
            var iterator = blob.body.makeAsyncIterator()
            var found: [UInt8] = []
            for _ in 0..<chunksBefore { found += try await iterator.next() ?? [] }
            try await change(scope)
            do {
                while let chunk = try await iterator.next() { found += chunk }
            } catch let error as BlobError where fairFailures.contains(error.kind) {
                // A store that reads a large blob in ranges may find that the version is gone.
                if bytes.count == large.count { return }
                throw error
            }
            try expectBytes(found, bytes, "the bytes of the version that was opened")
        }
    }
}
