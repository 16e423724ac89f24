import BlobStorage

/// The headers that describe the content: kept exactly, or refused before anything is kept.
enum HeaderCases {
    static let all = exact + guessed + invalid

    private static let exactHeaders: [(String, ContentHeaders)] = [
        ("contentType", ContentHeaders(contentType: "image/png")),
        ("contentType.parameters", ContentHeaders(contentType: "text/plain; charset=utf-8")),
        ("contentType.unregistered", ContentHeaders(contentType: "application/x-Mixed+Case")),
        ("contentEncoding", ContentHeaders(contentEncoding: "gzip")),
        ("contentLanguage", ContentHeaders(contentLanguage: "de-CH, en")),
        ("contentDisposition", ContentHeaders(contentDisposition: "inline")),
        (
            "contentDisposition.quotes",
            ContentHeaders(contentDisposition: "attachment; filename=\"a \\\"b\\\";c.txt\"")
        ),
        (
            "contentDisposition.encoded",
            ContentHeaders(contentDisposition: "attachment; filename*=UTF-8''%e2%82%ac%20.txt")
        ),
        ("cacheControl", ContentHeaders(cacheControl: "public, max-age=31536000, immutable")),
        // The date of RFC 9110, section 5.6.7.
        ("expires", ContentHeaders(expires: "Sun, 06 Nov 1994 08:49:37 GMT")),
        (
            "all",
            ContentHeaders(
                contentType: "text/css",
                contentEncoding: "br",
                contentLanguage: "en",
                contentDisposition: "attachment",
                cacheControl: "no-store",
                expires: "Sun, 06 Nov 1994 08:49:37 GMT"
            )
        ),
    ]

    private static let exact = exactHeaders.map { name, headers in
        ConformanceCase("headers.\(name).exact", .writing()) { scope in
            let key = scope.key("a.txt")
            try await scope.store.put(key, "text", options: PutOptions(headers: headers))
            var expected = headers
            expected.contentType = headers.contentType ?? "text/plain"
            try await expectEqual(scope.store.head(key).headers, expected, "head's headers")
            let blob = try await scope.store.get(key)
            try expectEqual(blob.attributes.headers, expected, "get's headers")
        }
    }

    private static let guesses: [(String, key: String, type: String)] = [
        ("extension", "cat.jpg", "image/jpeg"),
        ("upperCase", "DATA.JSON", "application/json"),
        ("lastExtension", "a.txt.gz", "application/gzip"),
        ("unknownExtension", "a.zzzz", ContentType.unknown),
        ("noExtension", "a", ContentType.unknown),
        ("folderExtension", "a.txt/b", ContentType.unknown),
        ("trailingDot", "a.", ContentType.unknown),
    ]

    private static let guessed = guesses.map { name, key, type in
        ConformanceCase("headers.contentType.guess.\(name)", .writing()) { scope in
            let written = try await scope.store.put(scope.key(key), "text")
            try expectEqual(written.headers.contentType, type, "the media type that put gives")
            let found = try await scope.store.head(scope.key(key))
            try expectEqual(found.headers.contentType, type, "the media type of \"\(key)\"")
        }
    }

    private static let invalidValues: [(String, String)] = [
        ("empty", ""),
        ("leadingSpace", " text/plain"),
        ("trailingSpace", "text/plain "),
        ("lineFeed", "text/plain\nx-injected: 1"),
        ("carriageReturn", "text/plain\r\nx-injected: 1"),
        ("control", "text/plain\u{1}"),
        ("nonASCII", "attachment; filename=\"ü\""),
        ("tooLong", String(repeating: "a", count: 1_025)),
    ]

    private static let invalid = invalidValues.map { name, value in
        ConformanceCase("headers.invalid.\(name)", .writing()) { scope in
            for index in 0..<6 {
                let headers = headers(value, at: index)
                try await expectRefused(PutOptions(headers: headers), scope)
            }
        }
    }

    private static func headers(_ value: String, at index: Int) -> ContentHeaders {
        ContentHeaders(
            contentType: index == 0 ? value : nil,
            contentEncoding: index == 1 ? value : nil,
            contentLanguage: index == 2 ? value : nil,
            contentDisposition: index == 3 ? value : nil,
            cacheControl: index == 4 ? value : nil,
            expires: index == 5 ? value : nil
        )
    }

    /// Throws unless a put with these options is refused before it reads a byte of its body.
    static func expectRefused(_ options: PutOptions, _ scope: CaseScope) async throws {
        let old = try await scope.seed("old")
        let body = CountedChunks([[1], [2]])
        for key in [old.key, scope.key("new")] {
            try await expectError(.invalidArgument, from: "put with \(options)") {
                try await scope.store.put(key, BlobBody(body), options: options)
            }
        }
        try expectEqual(body.chunksTaken, 0, "the count of chunks that were read from the body")
        try await scope.expectUnchanged(old)
        try await scope.expectMissing(scope.key("new"))
    }
}
