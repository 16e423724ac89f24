internal import BlobStorage

extension S3Doctor {
    /// Which checksums the endpoint checks and keeps.
    mutating func checksums() async throws {
        var kept: Set<ChecksumAlgorithm> = []
        for algorithm in ChecksumAlgorithm.allCases {
            let key = try key(algorithm.rawValue)
            let works = try await find("checksum \(algorithm.rawValue)") { [store] in
                try await store.checksumProblem(algorithm, key)
            }
            if works { kept.insert(algorithm) }
        }
        vendor.checksums = kept
        var keptOfParts: Set<ChecksumAlgorithm> = []
        for algorithm in Self.combinable where kept.contains(algorithm) {
            let key = try key("parts \(algorithm.rawValue)")
            let works = try await find("multipart checksum \(algorithm.rawValue)") { [store] in
                try await store.multipartChecksumProblem(algorithm, key)
            }
            if works { keptOfParts.insert(algorithm) }
        }
        vendor.multipartChecksums = keptOfParts
        vendor.defaultChecksum = Self.combinable.first(where: keptOfParts.contains)
        guard let algorithm = kept.contains(.sha256) ? ChecksumAlgorithm.sha256 : kept.first else {
            vendor.acceptsTrailers = false
            return
        }
        let key = try key("trailer")
        vendor.acceptsTrailers = try await find("checksum trailer") { [store] in
            let bytes = Array("trailer".utf8)
            let options = PutOptions(checksum: .compute(algorithm))
            let put = try await store.putStream(key, BlobBody(bytes), Int64(bytes.count), options)
            let found = try await store.head(key)
            guard found.byteCount == Int64(bytes.count) else {
                return "the blob has \(found.byteCount) bytes, not \(put.byteCount)"
            }
            return found.checksum == .of(bytes, algorithm) ? nil : "it was not kept"
        }
    }
}

extension S3Store {
    fileprivate func checksumProblem(
        _ algorithm: ChecksumAlgorithm,
        _ key: BlobKey
    ) async throws -> String? {
        let bytes = Array("checksum".utf8)
        let right = Checksum.of(bytes, algorithm)
        try await put(key, bytes, options: PutOptions(checksum: .compute(algorithm)))
        guard try await head(key).checksum == right else { return "it was not kept" }
        let wrong = Checksum.of([], algorithm)
        do {
            try await putClaiming(key, bytes, wrong)
            return "a wrong one was accepted"
        } catch let error as BlobError
            where [.integrityFailure, .invalidArgument].contains(error.kind)
        {
            return nil
        }
    }

    fileprivate func multipartChecksumProblem(
        _ algorithm: ChecksumAlgorithm,
        _ key: BlobKey
    ) async throws -> String? {
        // Two parts, since Ceph treats the checksum of one differently.
        let first = [UInt8](repeating: 0x61, count: Int(multipartLimits.minimumPartByteCount))
        let last = Array("part".utf8)
        let options = MultipartOptions(checksum: algorithm)
        let upload = try await createMultipartUpload(key, options: options)
        let parts = [
            try await sendPart(1, first, of: upload, algorithm, "uploadPart"),
            try await sendPart(2, last, of: upload, algorithm, "uploadPart"),
        ]
        let right = Checksum.of(first + last, algorithm)
        try await complete(
            upload,
            parts,
            WriteCondition.none,
            checksum: right,
            "completeMultipartUpload"
        )
        let found = try await head(key).checksum
        guard found != right else { return nil }
        return found.map { "the blob has \($0), not \(right)" }
            ?? "it was not kept for the whole blob"
    }
}
