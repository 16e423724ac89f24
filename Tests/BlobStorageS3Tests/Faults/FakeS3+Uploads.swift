import BlobStorage
import BlobStorageAWS
import BlobStorageCrypto
import BlobStorageHTTP
import BlobStorageXML

extension FakeS3 {
    func createUpload(_ request: FakeRequest, _ state: inout State) -> FakeAnswer {
        state.uploadCount += 1
        // Ids rise, so that listings by id are in the order of their beginning.
        let id = "upload-\(1_000_000 + state.uploadCount)"
        let name = request.headers["x-amz-checksum-algorithm"]
        state.uploads[id] = Upload(
            key: request.key,
            headers: Self.kept(request),
            algorithm: ["CRC32": .crc32, "CRC32C": .crc32C][name ?? ""] ?? .crc64NVME,
            initiated: now
        )
        return Self.document { xml in
            xml.element("InitiateMultipartUploadResult") { $0.element("UploadId", id) }
        }
    }

    func upload(of request: FakeRequest, _ state: State) throws -> Upload {
        guard let upload = state.uploads[request.query["uploadId"] ?? ""],
            upload.key == request.key
        else { throw FakeError(404, "NoSuchUpload") }
        return upload
    }

    func putPart(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        _ = try upload(of: request, state)
        let checksum = try Self.checksum(of: request.body, request)
        let part = Part(bytes: request.body, etag: Self.etag(request.body))
        state.uploads[request.query["uploadId"] ?? ""]?.parts[try number(of: request)] = part
        var answer = FakeAnswer(status: 200, headers: ["ETag": part.etag])
        Self.add(checksum, to: &answer.headers)
        return answer
    }

    func copyPart(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        _ = try upload(of: request, state)
        let (_, object) = try source(of: request, state)
        var bytes = object.bytes
        if let text = request.headers["x-amz-copy-source-range"] {
            bytes = Array(bytes[try Self.range(text, in: bytes.count)])
        }
        let part = Part(bytes: bytes, etag: Self.etag(bytes))
        state.uploads[request.query["uploadId"] ?? ""]?.parts[try number(of: request)] = part
        return Self.document { xml in
            xml.element("CopyPartResult") { $0.element("ETag", part.etag) }
        }
    }

    private func number(of request: FakeRequest) throws -> Int {
        guard let number = Int(request.query["partNumber"] ?? ""), (1...10_000).contains(number)
        else { throw FakeError(400, "InvalidArgument") }
        return number
    }

    func complete(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        let upload = try upload(of: request, state)
        let root = try XMLNode.parse(request.body, limits: XMLLimits())
        guard root.isNamed("CompleteMultipartUpload") else { throw FakeError(400, "MalformedXML") }
        var bytes: [UInt8] = []
        var digests: [UInt8] = []
        var last = 0
        let nodes = root.children(named: "Part")
        for (index, node) in nodes.enumerated() {
            let number = Int(node.child("PartNumber")?.text ?? "") ?? 0
            guard number > last else { throw FakeError(400, "InvalidPartOrder") }
            last = number
            guard let part = upload.parts[number], part.etag == node.child("ETag")?.text else {
                throw FakeError(400, "InvalidPart")
            }
            guard index == nodes.count - 1 || part.bytes.count >= minimumPartByteCount else {
                throw FakeError(400, "EntityTooSmall")
            }
            bytes += part.bytes
            digests += (try? DigestAlgorithm.md5.digest(of: part.bytes)) ?? []
        }
        guard !nodes.isEmpty else { throw FakeError(400, "MalformedXML") }
        let checksum = Checksum.of(bytes, upload.algorithm)
        for (algorithm, header, _) in Self.algorithms {
            guard let sent = request.headers[header] else { continue }
            guard algorithm == upload.algorithm, sent == checksum.base64 else {
                throw FakeError(400, "BadDigest")
            }
        }
        try checkWrite(request, state.objects[request.key])
        let object = Object(
            bytes: bytes,
            etag: Self.etag(digests, partCount: nodes.count),
            lastModified: now,
            headers: upload.headers,
            checksum: checksum
        )
        state.objects[request.key] = object
        state.uploads[request.query["uploadId"] ?? ""] = nil
        return Self.document { xml in
            xml.element("CompleteMultipartUploadResult") { $0.element("ETag", object.etag) }
        }
    }
}
