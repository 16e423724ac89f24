public import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Store {
    /// Deletes a blob; one that is not there counts as deleted.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html
    public func delete(_ key: BlobKey, options: DeleteOptions) async throws {
        var call = S3Call("DeleteObject", .delete, key)
        if let etag = options.ifMatches {
            try require(.ifMatches(etag), "delete", key)
            call.headers["If-Match"] = etag.text
        }
        do {
            _ = try await client.send(call) { $0.status }
        } catch let failure as AWSFailure {
            let context = S3FailureContext(
                "delete",
                key: key,
                condition: options.condition,
                // Without a condition it is done by being done again.
                isChange: options.ifMatches != nil
            )
            let error = context.error(failure)
            guard options.ifMatches == nil, error.kind == .notFound else { throw error }
        }
    }

    /// Deletes many blobs, as many a request as the vendor takes.
    ///
    /// A key that XML can't hold, such as one with most control characters, has a request of its own.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
    public func delete(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        var failures: [DeleteFailure] = []
        let limit = vendor.maximumDeleteKeyCount
        // XML can't hold every key.
        let batched = limit > 0 ? keys.filter(S3Documents.canName) : []
        let single = limit > 0 ? keys.filter { !S3Documents.canName($0) } : keys
        for start in stride(from: 0, to: batched.count, by: max(1, limit)) {
            let end = min(batched.count, start + limit)
            failures += try await deleteBatch(Array(batched[start..<end]))
        }
        for key in single {
            do {
                try await delete(key, options: DeleteOptions())
            } catch let error as BlobError {
                failures.append(DeleteFailure(key: key, error: error))
            }
        }
        return failures
    }

    private func deleteBatch(_ keys: [BlobKey]) async throws -> [DeleteFailure] {
        let document = S3Documents.delete(keys)
        var call = S3Call("DeleteObjects", .post, query: [("delete", nil)], body: .bytes(document))
        call.headers["Content-Type"] = "application/xml"
        try addDocumentChecksum(of: document, to: &call.headers)
        return try await perform(call, "delete") { response in
            let head = S3AnswerHead(response)
            let answer = try S3DeleteAnswer(try await response.document(), head: head)
            let context = S3FailureContext("delete")
            return answer.failures.map {
                DeleteFailure(key: $0.key, error: context.error($0))
            }
        }
    }
}
