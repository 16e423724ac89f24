internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// Who sent a request, and its body as they meant it.
struct Caller: Sendable {
    /// The rights of the access key whose signature is right, or of anybody.
    let rights: [GatewayRight]
    /// The access key's id; `nil` for an unsigned request.
    let accessKeyID: String?
    /// The header fields as they count: with those that a presigned URL carries in its query, and
    /// without the `aws-chunked` of `Content-Encoding`, whose frames ``body`` has lost.
    let headers: HTTPHeaders
    /// The body without chunk framing.
    ///
    /// Reading it to its end throws a `GatewayError` unless its length,
    /// its hash, its chunks' signatures and its checksums are what the request said.
    let body: BlobBody
    /// What the body must hash to, to be kept with the blob; from a header or a trailer.
    let checksum: DeclaredChecksum?

    private let plan: BodyPlan
    private let source: BlobBody

    /// A checksum that a request brings along.
    enum DeclaredChecksum: Sendable, Hashable {
        /// It stood in a header.
        case known(Checksum)
        /// It comes after the body, which verifies it; the store may compute its own meanwhile.
        case trailing(ChecksumAlgorithm)
    }

    /// The body and the checksum to put it with, so that no byte is hashed twice by one algorithm
    /// without need.
    ///
    /// - Parameter kept: The checksums that the store can keep.
    /// - Returns: The body, and what the store has to do; `nil` leaves it to the store. A checksum
    ///   that the store can't keep is checked by the body alone.
    func upload(keeping kept: Set<ChecksumAlgorithm>) -> (body: BlobBody, checksum: PutChecksum?) {
        switch checksum {
        case .known(let checksum) where kept.contains(checksum.algorithm):
            // The store checks that itself.
            (plan.body(of: source, leavingChecksum: true), .expect(checksum))
        case .trailing(let algorithm) where kept.contains(algorithm): (body, .compute(algorithm))
        case .known, .trailing, nil: (body, nil)
        }
    }

    init(
        rights: [GatewayRight],
        accessKeyID: String?,
        request: GatewayRequest,
        headers: HTTPHeaders,
        payload: PayloadHash,
        chunkSigner: ChunkSigner?
    ) throws(GatewayError) {
        let plan = try BodyPlan(
            request,
            headers: headers,
            payload: payload,
            chunkSigner: chunkSigner
        )
        self.init(
            rights: rights,
            accessKeyID: accessKeyID,
            headers: plan.headers,
            plan: plan,
            of: request.body
        )
    }

    init(
        rights: [GatewayRight],
        accessKeyID: String?,
        headers: HTTPHeaders,
        plan: BodyPlan,
        of body: BlobBody
    ) {
        self.rights = rights
        self.accessKeyID = accessKeyID
        self.headers = headers
        checksum = plan.checksum
        self.plan = plan
        source = body
        self.body = plan.body(of: body)
    }
}
