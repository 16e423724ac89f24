import BlobStorage

/// Uploads in parts that succeed.
enum MultipartCases {
    static let all = basics + attributes + conditions

    private static let basics: [ConformanceCase] = [
        ConformanceCase("multipart.onePart", .multipart()) { scope in
            try await expectCompleted(scope, parts: [1])
        },
        ConformanceCase("multipart.threeParts", .multipart()) { scope in
            try await expectCompleted(scope, parts: [1, 2, 3])
        },
        ConformanceCase("multipart.uploadedInAnyOrder", .multipart()) { scope in
            try await expectCompleted(scope, parts: [3, 1, 2])
        },
        ConformanceCase("multipart.gapsInNumbers", .multipart()) { scope in
            try await expectCompleted(scope, parts: [2, 7, 100])
        },
        ConformanceCase("multipart.highestNumber", .multipart()) { scope in
            let highest = try scope.multipart.multipartLimits.maximumPartCount
            try await expectCompleted(scope, parts: [1, highest])
        },
        ConformanceCase("multipart.partsAtTheSameTime", .multipart()) { scope in
            let store = try scope.multipart
            let upload = try await store.createMultipartUpload(scope.key("a"))
            let parts = try await withThrowingTaskGroup(of: UploadedPart.self) { group in
                for number in 1...4 {
                    let bytes = try scope.partBytes(number, of: [1, 2, 3, 4])
                    group.addTask { try await store.uploadPart(number, of: upload, bytes) }
                }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let sorted = parts.sorted { $0.number < $1.number }
            try await store.completeMultipartUpload(upload, parts: sorted)
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1, 2, 3, 4]))
        },
        ConformanceCase("multipart.part.sentAgain", .multipart()) { scope in
            let store = try scope.multipart
            let upload = try await store.createMultipartUpload(scope.key("a"))
            _ = try await store.uploadPart(1, of: upload, Array("first".utf8))
            let part = try await store.uploadPart(1, of: upload, Array("second try".utf8))
            try await store.completeMultipartUpload(upload, parts: [part])
            try await scope.expectBlob(scope.key("a"), "second try")
        },
        ConformanceCase("multipart.part.streamed", .multipart()) { scope in
            let store = try scope.multipart
            let upload = try await store.createMultipartUpload(scope.key("a"))
            let bytes = CaseScope.pattern(300_000)
            let body = BlobBody.stream(bytes, byteCount: Int64(bytes.count))
            let part = try await store.uploadPart(1, of: upload, body, checksum: nil)
            try expectEqual(part.byteCount, Int64(bytes.count), "the byte count of the part")
            try expectEqual(part.number, 1, "the number of the part")
            try await store.completeMultipartUpload(upload, parts: [part])
            try await scope.expectBlob(scope.key("a"), bytes)
        },
        ConformanceCase("multipart.part.etag.differsByContent", .multipart()) { scope in
            let store = try scope.multipart
            let upload = try await store.createMultipartUpload(scope.key("a"))
            let first = try await store.uploadPart(1, of: upload, Array("first".utf8))
            let second = try await store.uploadPart(1, of: upload, Array("other".utf8))
            try expect(first.etag != second.etag, "two etags", found: "\(first.etag) twice")
        },
        ConformanceCase("multipart.subsetOfParts", .multipart(.subsetOfParts)) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1, 2, 3, 4])
            let store = try scope.multipart
            try await store.completeMultipartUpload(upload, parts: [parts[0], parts[2]])
            let expected = try scope.fullPart(1) + scope.fullPart(3)
            try await scope.expectBlob(scope.key("a"), expected)
            try await expectEqual(scope.uploadNames(), [], "the uploads left")
        },
        ConformanceCase("multipart.invisibleBeforeCompletion", .multipart()) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1, 2])
            try await scope.expectMissing(scope.key("a"))
            try await scope.expectListing([])
            try await scope.expectListing(scope.options(delimiter: "/"), [])
            try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            try await scope.expectListing(["a"])
        },
        ConformanceCase("multipart.replaces", .multipart()) { scope in
            let old = try await scope.seed("a", options: PutOptions(metadata: ["old": "1"]))
            let (upload, parts) = try await scope.upload("a", parts: [1, 2])
            try await scope.expectUnchanged(old)
            let new = try await scope.multipart.completeMultipartUpload(upload, parts: parts)
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1, 2]))
            try expect(new.etag != old.etag, "another etag", found: "\(new.etag) again")
            try await expectEqual(scope.store.head(old.key).metadata, [:], "the metadata")
        },
        ConformanceCase("multipart.twoUploadsOfOneKey", .multipart()) { scope in
            let store = try scope.multipart
            let (first, firstParts) = try await scope.upload("a", parts: [1, 2])
            let second = try await store.createMultipartUpload(scope.key("a"))
            try expect(first.id != second.id, "two ids", found: "\(first.id) twice")
            let part = try await store.uploadPart(1, of: second, Array("second".utf8))
            try await store.completeMultipartUpload(second, parts: [part])
            try await scope.expectBlob(scope.key("a"), "second")
            try await store.completeMultipartUpload(first, parts: firstParts)
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1, 2]))
        },
        ConformanceCase("multipart.readInRanges", .multipart()) { scope in
            try await expectCompleted(scope, parts: [1, 2])
            let bytes = try scope.partBytes(of: [1, 2])
            let border = Int64(try scope.fullPart(1).count)
            let range = ByteRange.bounded((border - 1)..<(border + 3))
            let found = try await scope.bytes(scope.key("a"), range: range)
            try expectBytes(found, Array(bytes[Int(border - 1)..<Int(border + 3)]), "the bytes")
        },
    ]

    private static func expectCompleted(_ scope: CaseScope, parts numbers: [Int]) async throws {
        let (upload, parts) = try await scope.upload("a", parts: numbers)
        let bytes = try scope.partBytes(of: numbers)
        let written = try await scope.multipart.completeMultipartUpload(upload, parts: parts)
        try expectEqual(written.byteCount, Int64(bytes.count), "the byte count")
        try await scope.expectBlob(scope.key("a"), bytes)
        try await expectEqual(scope.uploadNames(), [], "the uploads left after completion")
    }

    private static let attributes: [ConformanceCase] =
        [
            ConformanceCase("multipart.attributes.kept", .multipart()) { scope in
                let headers = ContentHeaders(
                    contentType: "text/css",
                    contentEncoding: "gzip",
                    contentLanguage: "de",
                    contentDisposition: "inline",
                    cacheControl: "no-cache"
                )
                let options = MultipartOptions(headers: headers, metadata: ["a": "1", "b": " ü "])
                let (upload, parts) = try await scope.upload("a", parts: [1, 2], options: options)
                try await scope.multipart.completeMultipartUpload(upload, parts: parts)
                let found = try await scope.store.head(scope.key("a"))
                try expectEqual(found.headers, headers, "the headers")
                try expectEqual(found.metadata, options.metadata, "the metadata")
            },
            ConformanceCase("multipart.attributes.typeGuessed", .multipart()) { scope in
                let (upload, parts) = try await scope.upload("a.jpg", parts: [1])
                try await scope.multipart.completeMultipartUpload(upload, parts: parts)
                let found = try await scope.store.head(scope.key("a.jpg"))
                try expectEqual(found.headers.contentType, "image/jpeg", "the media type")
            },
            ConformanceCase("multipart.etag.sameFromHeadGetList", .multipart()) { scope in
                let (upload, parts) = try await scope.upload("a", parts: [1, 2])
                let etag = try await scope.multipart
                    .completeMultipartUpload(upload, parts: parts).etag
                try await expectEqual(scope.store.head(scope.key("a")).etag, etag, "head's etag")
                let blob = try await scope.store.get(scope.key("a"))
                try expectEqual(blob.attributes.etag, etag, "get's etag")
                let page = try await scope.store.list(scope.options())
                try expectEqual(page.blobs.map(\.etag), [etag], "the etags listed")
            },
        ] + ChecksumAlgorithm.allCases.flatMap(checksums)

    private static func checksums(_ algorithm: ChecksumAlgorithm) -> [ConformanceCase] {
        let name = "multipart.checksum.\(algorithm.rawValue)"
        return [
            ConformanceCase("\(name).ofBlob", .multipart(checksum: algorithm)) { scope in
                let options = MultipartOptions(checksum: algorithm)
                let (upload, parts) = try await scope.upload("a", parts: [1, 2], options: options)
                let written = try await scope.multipart
                    .completeMultipartUpload(upload, parts: parts)
                let found = try await scope.store.head(scope.key("a")).checksum
                try expectEqual(written.checksum, found, "the checksum that complete gives")
                let right = Checksum.of(try scope.partBytes(of: [1, 2]), algorithm)
                try expectEqual(found, right, "the checksum of the whole blob")
            },
            ConformanceCase("\(name).ofPart", .multipart(checksum: algorithm)) { scope in
                let store = try scope.multipart
                let upload = try await store.createMultipartUpload(
                    scope.key("a"),
                    options: MultipartOptions(checksum: algorithm)
                )
                let bytes = Array("text".utf8)
                let right = Checksum.of(bytes, algorithm)
                let part = try await store.uploadPart(
                    1,
                    of: upload,
                    BlobBody(bytes),
                    checksum: right
                )
                try await store.completeMultipartUpload(upload, parts: [part])
                try await scope.expectBlob(scope.key("a"), bytes)
            },
            ConformanceCase("\(name).ofPart.wrong", .multipart(checksum: algorithm)) { scope in
                let store = try scope.multipart
                let upload = try await store.createMultipartUpload(
                    scope.key("a"),
                    options: MultipartOptions(checksum: algorithm)
                )
                let wrong = Checksum.of([1], algorithm)
                try await expectError(.integrityFailure, from: "a part with a wrong checksum") {
                    let body = BlobBody(Array("text".utf8))
                    return try await store.uploadPart(1, of: upload, body, checksum: wrong)
                }
                try await expectEqual(store.parts(of: upload).count, 0, "the count of parts")
            },
        ]
    }

    private static let conditions: [ConformanceCase] = [
        ConformanceCase("multipart.ifAbsent.missing", .multipart(.putIfAbsent)) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            _ = try await scope.multipart
                .completeMultipartUpload(upload, parts: parts, condition: .ifAbsent)
            try await scope.expectBlob(scope.key("a"), try scope.partBytes(of: [1]))
        },
        ConformanceCase("multipart.ifAbsent.existing.thenAgain", .multipart(.putIfAbsent)) {
            scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            let old = try await scope.seed("a")
            let store = try scope.multipart
            try await expectError(.alreadyExists, from: "complete if absent over a blob") {
                try await store.completeMultipartUpload(upload, parts: parts, condition: .ifAbsent)
            }
            try await scope.expectUnchanged(old)
            // The upload is still there.
            try await expectEqual(store.parts(of: upload), parts, "the parts of the upload")
            try await store.completeMultipartUpload(upload, parts: parts)
            try await scope.expectBlob(old.key, try scope.partBytes(of: [1]))
        },
        ConformanceCase("multipart.ifMatches.hit", .multipart(.putIfMatches)) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            let old = try await scope.seed("a")
            _ = try await scope.multipart
                .completeMultipartUpload(upload, parts: parts, condition: .ifMatches(old.etag))
            try await scope.expectBlob(old.key, try scope.partBytes(of: [1]))
        },
        ConformanceCase("multipart.ifMatches.miss", .multipart(.putIfMatches)) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            let old = try await scope.seed("a")
            let other = try await scope.seed("b", "other")
            try await expectError(.preconditionFailed, from: "complete if another etag matches") {
                let condition = WriteCondition.ifMatches(other.etag)
                return try await scope.multipart
                    .completeMultipartUpload(upload, parts: parts, condition: condition)
            }
            try await scope.expectUnchanged(old)
        },
        ConformanceCase("multipart.ifMatches.missing", .multipart(.putIfMatches)) { scope in
            let (upload, parts) = try await scope.upload("a", parts: [1])
            let other = try await scope.seed("b", "other")
            try await expectError(.preconditionFailed, from: "complete if matches, with no blob") {
                let condition = WriteCondition.ifMatches(other.etag)
                return try await scope.multipart
                    .completeMultipartUpload(upload, parts: parts, condition: condition)
            }
            try await scope.expectMissing(scope.key("a"))
        },
    ]
}
