internal import BlobStorage
internal import BlobStorageHandler

extension GatewayCall {
    /// Does what is asked.
    ///
    /// - Throws: `GatewayError`; `BlobError` of the bucket's store.
    func answer(_ operation: Operation) async throws -> HTTPServerResponse {
        switch operation {
        case .listBuckets: try await listBuckets()
        case .headBucket: try await headBucket()
        case .createBucket: try await createBucket()
        case .deleteBucket: try await deleteBucket()
        case .bucketSetting: try await bucketSetting()
        case .putBucketCORS: try await putBucketCORS()
        case .deleteBucketCORS: try await deleteBucketCORS()
        case .putBucketPolicy: try await putBucketPolicy()
        case .deleteBucketPolicy: try await deleteBucketPolicy()
        case .putBucketLifecycle: try await putBucketLifecycle()
        case .deleteBucketLifecycle: try await deleteBucketLifecycle()
        case .listObjects: try await listObjects()
        case .listObjectsV2: try await listObjectsV2()
        case .listMultipartUploads: try await listMultipartUploads()
        case .deleteObjects: try await deleteObjects()
        case .getObject: try await getObject()
        case .headObject: try await headObject()
        case .putObject: try await putObject()
        case .copyObject: try await copyObject()
        case .deleteObject: try await deleteObject()
        case .getObjectAttributes: try await getObjectAttributes()
        case .getObjectACL: try await getObjectACL()
        case .getObjectTagging: try await getObjectTagging()
        case .putObjectTagging: try await putObjectTagging()
        case .deleteObjectTagging: try await deleteObjectTagging()
        case .createMultipartUpload: try await createMultipartUpload()
        case .uploadPart: try await uploadPart()
        case .uploadPartCopy: try await uploadPartCopy()
        case .listParts: try await listParts()
        case .completeMultipartUpload: try await completeMultipartUpload()
        case .abortMultipartUpload: try await abortMultipartUpload()
        }
    }
}
