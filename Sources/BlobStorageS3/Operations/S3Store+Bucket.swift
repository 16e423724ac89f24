internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHTTP

extension S3Store {
    /// Makes the bucket, if there is none.
    ///
    /// - Throws: `BlobError` of kind `permissionDenied` if the bucket may not be seen, as one of
    ///   somebody else may not, or not be made; `alreadyExists` if only then the
    ///   store says that it is somebody else's.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    public func prepare() async throws {
        do {
            return try await findBucket()
        } catch let error as BlobError where [.notFound, .storeNotFound].contains(error.kind) {
            try await createBucket()
        }
    }

    /// Throws unless the bucket is there and may be seen.
    func findBucket() async throws {
        _ = try await perform(S3Call("HeadBucket", .head), "prepare") { $0.status }
    }

    private func createBucket() async throws {
        var call = S3Call("CreateBucket", .put)
        // AWS wants the region of every bucket but those of us-east-1 named, and others want none.
        if vendor.name == S3Vendor.aws.name,
            let document = S3Documents.createBucket(region: client.region)
        {
            call.body = .bytes(document)
            call.headers["Content-Type"] = "application/xml"
        }
        do {
            _ = try await client.send(call) { $0.status }
        } catch let failure as AWSFailure {
            switch failure.answer?.code {
            case "BucketAlreadyOwnedByYou":
                return
            case "BucketAlreadyExists":
                // Some stores say this to the owner too.
                do {
                    return try await findBucket()
                } catch is BlobError {
                    throw S3FailureContext("prepare").error(failure)
                }
            default:
                throw S3FailureContext("prepare").error(failure)
            }
        }
    }
}
