import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageS3
import BlobStorageXML
import Foundation

extension FakeS3 {
    private enum Entry {
        case object([UInt8], Object)
        case prefix([UInt8])

        var bytes: [UInt8] {
            switch self {
            case .object(let key, _): key
            case .prefix(let prefix): prefix
            }
        }
    }

    func list(_ request: FakeRequest, _ state: State) -> FakeAnswer {
        let query = request.query
        let prefix = Array((query["prefix"] ?? "").utf8)
        let delimiter = query["delimiter"].map { Array($0.utf8) }
        let limit = min(query["max-keys"].flatMap { Int($0) } ?? 1_000, 1_000)
        let token = query["continuation-token"].flatMap { Data(base64Encoded: $0) }
            .map { [UInt8]($0) }
        let start = token ?? Array((query["start-after"] ?? "").utf8)
        var entries: [Entry] = []
        for (key, object) in state.objects.sorted(by: { Self.isBefore($0.key, $1.key) }) {
            guard key.starts(with: prefix) else { continue }
            var entry = Entry.object(key, object)
            if let delimiter, !delimiter.isEmpty,
                let end = key.dropFirst(prefix.count).firstRange(of: delimiter)
            {
                entry = .prefix(Array(key[..<end.upperBound]))
            }
            guard Self.isBefore(start, entry.bytes) || (start.isEmpty && token == nil) else {
                continue
            }
            if let last = entries.last, last.bytes == entry.bytes { continue }
            entries.append(entry)
            if entries.count > limit { break }
        }
        let isTruncated = entries.count > limit
        let page = entries.prefix(limit)
        let isEncoded = query["encoding-type"] == "url"
        return Self.document { xml in
            xml.element("ListBucketResult") { xml in
                xml.element("IsTruncated", isTruncated ? "true" : "false")
                if isEncoded { xml.element("EncodingType", "url") }
                if isTruncated, let last = page.last {
                    let token = Data(last.bytes).base64EncodedString()
                    xml.element("NextContinuationToken", token)
                }
                for entry in page { Self.write(entry, isEncoded, &xml) }
            }
        }
    }

    private static func write(_ entry: Entry, _ isEncoded: Bool, _ xml: inout XMLWriter) {
        switch entry {
        case .prefix(let prefix):
            xml.element("CommonPrefixes") { $0.element("Prefix", text(prefix, isEncoded)) }
        case .object(let key, let object):
            xml.element("Contents") { xml in
                xml.element("Key", text(key, isEncoded))
                xml.element("LastModified", AWSDate.extended(object.lastModified))
                xml.element("ETag", object.etag)
                xml.element("Size", String(object.bytes.count))
            }
        }
    }

    func listParts(_ request: FakeRequest, _ state: State) throws -> FakeAnswer {
        let upload = try upload(of: request, state)
        let marker = Int(request.query["part-number-marker"] ?? "") ?? 0
        let limit = min(Int(request.query["max-parts"] ?? "") ?? 1_000, 1_000)
        let rest = upload.parts.sorted { $0.key < $1.key }.filter { $0.key > marker }
        return Self.document { xml in
            xml.element("ListPartsResult") { xml in
                xml.element("IsTruncated", rest.count > limit ? "true" : "false")
                if let last = rest.prefix(limit).last {
                    xml.element("NextPartNumberMarker", String(last.key))
                }
                for (number, part) in rest.prefix(limit) {
                    xml.element("Part") { xml in
                        xml.element("PartNumber", String(number))
                        xml.element("ETag", part.etag)
                        xml.element("Size", String(part.bytes.count))
                    }
                }
            }
        }
    }

    func listUploads(_ request: FakeRequest, _ state: State) -> FakeAnswer {
        let query = request.query
        let prefix = Array((query["prefix"] ?? "").utf8)
        let keyMarker = Array((query["key-marker"] ?? "").utf8)
        let idMarker = query["upload-id-marker"] ?? ""
        let limit = min(query["max-uploads"].flatMap { Int($0) } ?? 1_000, 1_000)
        let isEncoded = query["encoding-type"] == "url"
        let rest =
            state.uploads
            .filter { id, upload in
                guard upload.key.starts(with: prefix) else { return false }
                if keyMarker.isEmpty || Self.isBefore(keyMarker, upload.key) { return true }
                return upload.key == keyMarker && !idMarker.isEmpty && idMarker < id
            }
            .sorted {
                $0.value.key == $1.value.key
                    ? $0.key < $1.key : Self.isBefore($0.value.key, $1.value.key)
            }
        return Self.document { xml in
            xml.element("ListMultipartUploadsResult") { xml in
                xml.element("IsTruncated", rest.count > limit ? "true" : "false")
                if isEncoded { xml.element("EncodingType", "url") }
                if rest.count > limit, let last = rest.prefix(limit).last {
                    xml.element("NextKeyMarker", Self.text(last.value.key, isEncoded))
                    xml.element("NextUploadIdMarker", last.key)
                }
                for (id, upload) in rest.prefix(limit) {
                    xml.element("Upload") { xml in
                        xml.element("Key", Self.text(upload.key, isEncoded))
                        xml.element("UploadId", id)
                        xml.element("Initiated", AWSDate.extended(upload.initiated))
                    }
                }
            }
        }
    }

    private static func text(_ bytes: [UInt8], _ isEncoded: Bool) -> String {
        let text = String(decoding: bytes, as: UTF8.self)
        return isEncoded ? S3PathEncoding.component(text) : text
    }

    static func isBefore(_ a: [UInt8], _ b: [UInt8]) -> Bool { a.lexicographicallyPrecedes(b) }
}
