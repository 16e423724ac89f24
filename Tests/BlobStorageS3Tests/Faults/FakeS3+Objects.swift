import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageXML
import Foundation

extension FakeS3 {
    func put(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        let checksum = try Self.checksum(of: request.body, request)
        try checkWrite(request, state.objects[request.key])
        let object = Object(
            bytes: request.body,
            etag: Self.etag(request.body),
            lastModified: now,
            headers: Self.kept(request),
            checksum: checksum,
            tags: try FakeRequest.pairs(request.headers["x-amz-tagging"] ?? "")
        )
        state.objects[request.key] = object
        var answer = FakeAnswer(status: 200, headers: ["ETag": object.etag])
        Self.add(checksum, to: &answer.headers)
        return answer
    }

    func get(_ request: FakeRequest, _ state: State) throws -> FakeAnswer {
        guard let object = state.objects[request.key] else { throw FakeError(404, "NoSuchKey") }
        try checkRead(request, object, prefix: "", unchanged: FakeError(304, "NotModified"))
        var answer = FakeAnswer(status: 200, headers: object.headers, body: object.bytes)
        answer.headers["ETag"] = object.etag
        answer.headers["Last-Modified"] = HTTPDate.text(object.lastModified)
        answer.headers["Accept-Ranges"] = "bytes"
        if let text = request.headers["range"] {
            let range = try Self.range(text, in: object.bytes.count)
            answer.status = 206
            answer.body = Array(object.bytes[range])
            answer.headers["Content-Range"] =
                "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(object.bytes.count)"
        } else if request.headers["x-amz-checksum-mode"] == "ENABLED" {
            Self.add(object.checksum, to: &answer.headers)
        }
        answer.headers["Content-Length"] = String(answer.body.count)
        return answer
    }

    func tagging(_ request: FakeRequest, _ state: State) throws -> FakeAnswer {
        guard let object = state.objects[request.key] else { throw FakeError(404, "NoSuchKey") }
        return Self.document { xml in
            xml.element("Tagging") { xml in
                xml.element("TagSet") { xml in
                    for (name, value) in object.tags {
                        xml.element("Tag") { xml in
                            xml.element("Key", name)
                            xml.element("Value", value)
                        }
                    }
                }
            }
        }
    }

    func delete(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        try checkWrite(request, state.objects[request.key])
        state.objects[request.key] = nil
        return FakeAnswer(status: 204)
    }

    func deleteMany(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        let root = try XMLNode.parse(request.body, limits: XMLLimits())
        guard root.isNamed("Delete") else { throw FakeError(400, "MalformedXML") }
        _ = try Self.checksum(of: request.body, request)
        let keys = root.children(named: "Object").compactMap { $0.child("Key")?.text }
        guard (1...1_000).contains(keys.count) else { throw FakeError(400, "MalformedXML") }
        for key in keys { state.objects[Array(key.utf8)] = nil }
        return Self.document { xml in
            xml.element("DeleteResult") { xml in
                guard root.child("Quiet")?.text != "true" else { return }
                for key in keys { xml.element("Deleted") { $0.element("Key", key) } }
            }
        }
    }

    func copy(_ request: FakeRequest, _ state: inout State) throws -> FakeAnswer {
        var (sourceKey, object) = try source(of: request, state)
        guard object.bytes.count <= maximumCopyByteCount else {
            throw FakeError(
                400,
                "InvalidRequest",
                "The specified copy source is larger than the maximum allowable size"
            )
        }
        let replaces = request.headers["x-amz-metadata-directive"] == "REPLACE"
        guard sourceKey != request.key || replaces else {
            throw FakeError(400, "InvalidRequest", "This copy request is illegal")
        }
        try checkWrite(request, state.objects[request.key])
        sourceKey = request.key
        if replaces { object.headers = Self.kept(request) }
        // A copy has the MD5 of its bytes, however its source was uploaded.
        object.etag = Self.etag(object.bytes)
        object.lastModified = now
        state.objects[sourceKey] = object
        return Self.document { xml in
            xml.element("CopyObjectResult") { xml in
                xml.element("LastModified", AWSDate.extended(object.lastModified))
                xml.element("ETag", object.etag)
            }
        }
    }

    /// What a request copies, if its conditions hold.
    func source(of request: FakeRequest, _ state: State) throws -> ([UInt8], Object) {
        let text = request.headers["x-amz-copy-source"] ?? ""
        let path = try FakeRequest.decoded(text.utf8)
        let prefix = Array("\(Self.bucket)/".utf8)
        guard path.starts(with: prefix) else { throw FakeError(404, "NoSuchBucket") }
        let key = Array(path.dropFirst(prefix.count))
        guard let object = state.objects[key] else { throw FakeError(404, "NoSuchKey") }
        try checkRead(
            request,
            object,
            prefix: "x-amz-copy-source-",
            unchanged: FakeError(412, "PreconditionFailed")
        )
        return (key, object)
    }

    // MARK: Conditions, ranges

    func checkWrite(_ request: FakeRequest, _ object: Object?) throws {
        if request.headers["if-none-match"] != nil, object != nil {
            throw FakeError(412, "PreconditionFailed")
        }
        if let etag = request.headers["if-match"] {
            guard let object else { throw FakeError(404, "NoSuchKey") }
            guard object.etag == etag else { throw FakeError(412, "PreconditionFailed") }
        }
    }

    /// - SeeAlso: RFC 9110, section 13.2.2
    private func checkRead(
        _ request: FakeRequest,
        _ object: Object,
        prefix: String,
        unchanged: FakeError
    ) throws {
        func date(_ name: String) -> Date? {
            request.headers[prefix + name].flatMap { HTTPDate.parse($0) }
        }
        if let etag = request.headers[prefix + "if-match"] {
            guard etag == object.etag else { throw FakeError(412, "PreconditionFailed") }
        } else if let date = date("if-unmodified-since"), object.lastModified > date {
            throw FakeError(412, "PreconditionFailed")
        }
        if let etag = request.headers[prefix + "if-none-match"] {
            guard etag != object.etag else { throw unchanged }
        } else if let date = date("if-modified-since"), object.lastModified <= date {
            throw unchanged
        }
    }

    static func range(_ text: String, in count: Int) throws -> Range<Int> {
        let parts = text.dropFirst("bytes=".count)
            .split(separator: "-", omittingEmptySubsequences: false)
        guard text.hasPrefix("bytes="), parts.count == 2 else {
            throw FakeError(400, "InvalidArgument")
        }
        switch (Int(parts[0]), Int(parts[1])) {
        case (let first?, let last) where first < count:
            return first..<min((last ?? count - 1) + 1, count)
        case (nil, let suffix?) where suffix > 0 && count > 0:
            return max(0, count - suffix)..<count
        default: throw FakeError(416, "InvalidRange")
        }
    }

    static func add(_ checksum: Checksum, to headers: inout HTTPHeaders) {
        for (algorithm, header, _) in algorithms where algorithm == checksum.algorithm {
            headers[header] = checksum.base64
            headers["x-amz-checksum-type"] = "FULL_OBJECT"
        }
    }
}
