import BlobStorage
import Testing

@Suite struct PrefixedStoreTests {
    let base = InMemoryStore()

    @Test("keeps blobs under the prefix, and names them without it", arguments: nastyKeys)
    func roundTrip(_ key: BlobKey) async throws {
        let store = base.prefixed("p/")
        let written = try await store.put(key, "text")
        #expect(written.key == key)
        #expect(try await store.head(key) == written)
        let blob = try await store.get(key)
        #expect(blob.attributes == written)
        #expect(try await blob.body.collect(upTo: 10) == Array("text".utf8))
        #expect(try await base.head(BlobKey("p/" + key.text)).etag == written.etag)
        #expect(try await store.list(prefix: "").keys() == [key])
        let copy: BlobKey = "copy"
        #expect(try await store.copy(key, to: copy).key == copy)
        #expect(try await store.delete([key, copy]).isEmpty)
        #expect(try await base.list().keys().isEmpty)
    }

    @Test func prefixAndKeyDoNotMergeIntoOneCharacter() async throws {
        try await base.prefixed("e").put("\u{301}", "decomposed")
        #expect(try await base.exists("e\u{301}"))
        #expect(try await !base.exists("\u{E9}"))
        #expect(try await base.prefixed("e").list().keys() == ["\u{301}"])
    }

    @Test("lists as a store would that holds only the part", arguments: ["p/", "p", "e", ""])
    func listsLikeAStoreOfItsOwn(prefix: String) async throws {
        let model = InMemoryStore()
        let store = base.prefixed(prefix)
        for key in nastyKeys {
            try await base.put(key, "outside")
            if prefix.isEmpty { try await model.put(key, "outside") }
        }
        if !prefix.isEmpty { try await base.put(BlobKey(prefix), "the prefix itself") }
        for key in try await base.list(prefix: prefix).keys() where !prefix.isEmpty {
            let rest = String(decoding: key.text.utf8.dropFirst(prefix.utf8.count), as: UTF8.self)
            if !rest.isEmpty { try await model.put(BlobKey(rest), "left over") }
        }
        for key in nastyKeys {
            try await store.put(key, "inside")
            try await model.put(key, "inside")
        }
        for listPrefix in ["", "a", "a/", "e", "\u{301}"] {
            for delimiter in [nil, "/", "\u{301}", "b"] as [String?] {
                for startAfter in [nil, "", "a", "a/", "a/b", "e", "\u{FFFF}"] as [String?] {
                    for limit in [1, 3, 1_000] {
                        let options = ListOptions(
                            prefix: listPrefix,
                            delimiter: delimiter,
                            startAfter: startAfter,
                            limit: limit
                        )
                        let found = try await store.pages(options)
                        let expected = try await model.pages(options)
                        #expect(found == expected, "\(options)")
                    }
                }
            }
        }
    }

    @Test func namesBothLengthsOfAKeyThatGetsTooLong() async throws {
        let store = base.prefixed("tenant/")
        let longest = try BlobKey(String(repeating: "k", count: 1_017))
        try await store.put(longest, "fits")
        #expect(try await store.list().keys() == [longest])
        let key = try BlobKey(String(repeating: "k", count: 1_018))
        let error = await #expect(throws: BlobError.self) { try await store.put(key, "no") }
        #expect(error?.kind == .invalidArgument)
        #expect(error?.key == key)
        #expect(error?.message.contains("1018 bytes") == true)
        #expect(error?.message.contains("1025") == true)
        let failures = try await store.delete([key, longest])
        #expect(failures.map(\.key) == [key])
        #expect(failures.map(\.error.kind) == [.invalidArgument])
        #expect(try await !store.exists(longest))
        await #expect(throws: BlobError.self) { try await store.copy(longest, to: key) }
    }

    @Test func errorsNameTheCallersKey() async throws {
        let store = base.prefixed("p/").prefixed("q/")
        let error = await #expect(throws: BlobError.self) { try await store.get("a") }
        #expect(error?.description == "get \"a\": notFound: there is no such blob")
        let copyError = await #expect(throws: BlobError.self) {
            try await store.copy("a", to: "b")
        }
        #expect(copyError?.key == "a")
        try await store.put("a", "1")
        let options = PutOptions(condition: .ifAbsent)
        let putError = await #expect(throws: BlobError.self) {
            try await store.put("a", "2", options: options)
        }
        #expect(putError?.kind == .alreadyExists)
        #expect(putError?.key == "a")
    }

    @Test func errorsOfABodyAndOfABulkDeleteNameTheCallersKey() async throws {
        var broken = InterceptedStore(base)
        broken.onGet = { base, key, options in
            let blob = try await base.get(key, range: nil, options: options)
            let chunks = MadeChunks { _ in
                throw BlobError(.unavailable, operation: "get", key: key, message: "cut")
            }
            return Blob(attributes: blob.attributes, range: blob.range, body: BlobBody(chunks))
        }
        broken.onDelete = { _, keys in
            keys.map { key in
                let error = BlobError(.conflict, operation: "delete", key: key, message: "busy")
                return DeleteFailure(key: key, error: error)
            }
        }
        let store = broken.prefixed("p/")
        try await store.put("a", "1")
        let body = try await store.get("a").body
        let error = await #expect(throws: BlobError.self) { try await body.collect(upTo: 9) }
        #expect(error?.key == "a")
        let failures = try await store.delete(["a"])
        #expect(failures.map(\.key) == ["a"])
        #expect(failures.map(\.error.key) == ["a"])
    }

    @Test func errorOfABodyThatIsWrittenIsLeftAsItIs() async throws {
        let chunks = MadeChunks { _ in
            throw BlobError(.corrupted, operation: "get", key: "p/other", message: "elsewhere")
        }
        let store = base.prefixed("p/")
        let error = await #expect(throws: BlobError.self) {
            try await store.put("a", BlobBody(chunks))
        }
        #expect(error?.key == "p/other")
    }

    @Test func mediaTypeComesFromTheCallersKey() async throws {
        let store = base.prefixed("x.")
        let attributes = try await store.put("jpg", "no extension")
        #expect(attributes.headers.contentType == "application/octet-stream")
    }

    @Test func bodyInMemoryStaysInMemory() async throws {
        let store = base.prefixed("p/")
        try await store.put("a", "1")
        #expect(try await store.get("a").body.bytesInMemory == Array("1".utf8))
    }

    @Test func multipartIsFoundByACast() async throws {
        let plain: any BlobStore = base
        let store = try #require(plain.prefixed("p/") as? any MultipartBlobStore)
        #expect(!(InterceptedStore(base).prefixed("p/") is any MultipartBlobStore))
        let upload = try await store.createMultipartUpload("a")
        #expect(upload.key == "a")
        _ = try await base.createMultipartUpload("p/")
        _ = try await base.createMultipartUpload("other")
        let page = try await store.listMultipartUploads(
            prefix: "",
            continuationToken: nil,
            limit: 10
        )
        #expect(page.uploads.map(\.upload) == [upload])
        let part = try await store.uploadPart(1, of: upload, Array("part".utf8))
        #expect(try await store.parts(of: upload) == [part])
        #expect(try await store.completeMultipartUpload(upload, parts: [part]).key == "a")
        #expect(try await base.exists("p/a"))
        let error = await #expect(throws: BlobError.self) { try await store.parts(of: upload) }
        #expect(error?.key == "a")
        try await store.abortMultipartUpload(upload)
    }
}

extension BlobListing {
    func keys() async throws -> [BlobKey] {
        var keys: [BlobKey] = []
        for try await blob in self { keys.append(blob.key) }
        return keys
    }
}

extension BlobStore {
    /// The texts of all pages of a listing, page by page.
    func pages(_ options: ListOptions) async throws -> [[[UInt8]]] {
        var options = options
        var pages: [[[UInt8]]] = []
        while true {
            let page = try await list(options)
            pages.append(page.entries.map { Array($0.text.utf8) })
            guard let token = page.continuationToken else { return pages }
            options.continuationToken = token
        }
    }
}
