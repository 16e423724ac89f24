public import BlobStorage
internal import BlobStorageHTTP

extension S3Store {
    /// Lists a page of blobs.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html
    public func list(_ options: ListOptions) async throws -> BlobPage {
        try options.validate()
        var call = S3Call("ListObjectsV2", .get, query: [("list-type", "2")])
        if vendor.encodesListings { call.query.append(("encoding-type", "url")) }
        call.query.append(("max-keys", String(options.limit)))
        if !options.prefix.isEmpty { call.query.append(("prefix", options.prefix)) }
        if let delimiter = options.delimiter { call.query.append(("delimiter", delimiter)) }
        if let token = options.continuationToken {
            call.query.append(try Self.parameter(of: token))
        } else if let start = options.startAfter, !start.isEmpty {
            call.query.append(("start-after", start))
        }
        return try await perform(call, "list") { [token = options.continuationToken] response in
            let answer = try S3ListAnswer(
                try await response.document(),
                head: S3AnswerHead(response),
                token: try token.map { try Self.parameter(of: $0).value }
            )
            var page = try answer.page()
            if let next = page.continuationToken {
                page.continuationToken =
                    answer.isMended ? page.last.map { Self.keyMark + $0 } : Self.tokenMark + next
            }
            return page
        }
    }

    /// What a token of the store's own begins with; some stores take any text for one of theirs, and
    /// list nothing.
    private static let tokenMark = "token:"
    /// What a token begins with that names the last entry, where the store's own can't be read.
    private static let keyMark = "after:"

    /// The parameter that a token stands for.
    private static func parameter(of token: String) throws -> (name: String, value: String) {
        for (mark, name) in [(tokenMark, "continuation-token"), (keyMark, "start-after")]
        where UTF8Order.hasPrefix(token, mark) {
            let rest = Array(token.utf8.dropFirst(mark.utf8.count))
            return (name, String(decoding: rest, as: UTF8.self))
        }
        let message = "the continuation token is not from this store"
        throw BlobError(.invalidArgument, operation: "list", message: message)
    }
}

extension BlobPage {
    /// The text of the last entry, in byte order.
    fileprivate var last: String? {
        guard let key = blobs.last?.key.text else { return commonPrefixes.last }
        guard let prefix = commonPrefixes.last else { return key }
        return UTF8Order.compare(key, prefix) < 0 ? prefix : key
    }
}
