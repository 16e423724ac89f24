import BlobStorage
import BlobStorageAWS
import BlobStorageS3
import Foundation

/// Changes to bodies, plain or in the chunks of `aws-chunked`.
enum BodyTampering {
    /// Other bodies where the length is bound, or not.
    static func lengths(_ family: inout TamperFamily) {
        let body = family.original.body
        family.add("a body one byte longer", family.original.withBody(body + [1]))
        family.add("a body one byte shorter", family.original.withBody(body.dropLast()))
        family.add("no body", family.original.withBody([]))
        family.refuse("a body that ends early") { $0.body.removeLast() }
        family.refuse("no byte of the body") { $0.body = [] }
        for text in ["-1", "+5", "5, 5", "0x5", "5 5", "99999999999999999999", "٥", ""] {
            family.refuse("Content-Length: \(text)") { $0["Content-Length"] = text }
        }
        family.refuse("no length at all") { $0["Content-Length"] = nil }
        let size = String(body.count, radix: 16)
        let chunked = Array("\(size)\r\n".utf8) + body + Array("\r\n0\r\n\r\n".utf8)
        family.refuse("HTTP's chunks without a length") { message in
            message["Content-Length"] = nil
            message["Transfer-Encoding"] = "chunked"
            message.body = chunked
        }
        family.refuse("HTTP's chunks and a length") { message in
            message["Transfer-Encoding"] = "chunked"
            message.body = chunked
        }
        family.refuse("an unknown transfer coding") { $0["Transfer-Encoding"] = "gzip" }
    }

    /// Each byte of the body as another.
    static func flips(_ family: inout TamperFamily) {
        for index in family.original.body.indices {
            family.refuse("body, byte \(index)") { $0.body[index] ^= 1 }
        }
    }

    /// What stands where in one chunk of 40 bytes, with its signature, and the last chunk.
    private static func region(of index: Int) -> String {
        switch index {
        case ..<19: "chunk head"
        case ..<83: "chunk signature"
        case ..<85: "line end of the chunk head"
        case ..<125: "data"
        case ..<127: "line end of the data"
        case ..<211: "last chunk"
        default: "trailers"
        }
    }

    /// Changes to the frames of a body in chunks.
    static func chunks(_ family: inout TamperFamily) {
        for index in family.original.body.indices {
            family.refuse("\(region(of: index)), byte \(index)") { $0.body[index] ^= 1 }
        }
        let original = family.original
        let body = original.body
        let text = String(decoding: body, as: UTF8.self)
        func replace(_ name: String, _ old: String, _ new: String) {
            guard let range = text.range(of: old) else { return }
            let changed = text.replacingCharacters(in: range, with: new)
            family.add(name, original.withBody(Array(changed.utf8)))
        }
        replace("a chunk without signature", ";chunk-signature", ";chunk-x")
        replace("a chunk of a negative size", "28;", "-28;")
        replace("a chunk of a huge size", "28;", "ffffffffffffffff28;")
        for count in [1, 2, 3, 60, 90, body.count] where count <= body.count {
            family.add("cut by \(count)", original.withBody(body.dropLast(count)))
        }
        family.add("with more behind the last chunk", original.withBody(body + Array("x".utf8)))
        family.add("all twice", original.withBody(body + body))
        family.refuse("no decoded length") { $0["x-amz-decoded-content-length"] = nil }
        for count in ["39", "41", "0", "-40", "1e2", ""] {
            family.refuse("decoded length \(count)") { $0["x-amz-decoded-content-length"] = count }
        }
        for word in [
            "UNSIGNED-PAYLOAD", "STREAMING-UNSIGNED-PAYLOAD-TRAILER",
            "STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER",
            "STREAMING-NOTHING", "",
        ] where word != original["x-amz-content-sha256"] {
            family.refuse("payload \(word)") { $0["x-amz-content-sha256"] = word }
        }
    }
}

/// Changes to forms.
struct FormTampering {
    static let boundary = "----FormBoundary7MA4YWxkTrZu0gW"

    /// One part of a form.
    struct Field {
        var name: String
        var value: [UInt8]
        var isFile = false

        init(_ name: String, _ value: String) {
            self.name = name
            self.value = Array(value.utf8)
        }

        init(file: [UInt8]) {
            name = "file"
            value = file
            isFile = true
        }
    }

    static func body(_ fields: [Field]) -> [UInt8] {
        var all: [UInt8] = []
        for field in fields {
            var head = "--\(boundary)\r\nContent-Disposition: form-data; name=\"\(field.name)\""
            if field.isFile { head += "; filename=\"a.txt\"\r\nContent-Type: text/plain" }
            all += Array("\(head)\r\n\r\n".utf8) + field.value + [13, 10]
        }
        return all + Array("--\(boundary)--\r\n".utf8)
    }

    static func message(
        _ form: PresignedForm,
        _ place: TamperPlace,
        _ fields: [Field]
    ) -> WireMessage {
        let path = form.url.replacingOccurrences(of: "http://\(place.authority)", with: "")
        return WireMessage(
            "POST",
            path,
            [
                ("Host", place.authority),
                ("Content-Type", "multipart/form-data; boundary=\(boundary)"),
            ]
        ).withBody(body(fields))
    }

    static func family(_ form: PresignedForm, _ place: TamperPlace, file: [UInt8]) -> TamperFamily {
        let fields = form.fields.sorted { $0.key < $1.key }.map { Field($0.key, $0.value) }
        let all = fields + [Field(file: file)]
        let original = message(form, place, all)
        var family = TamperFamily("form", original)
        func add(_ name: String, _ changed: [Field]) {
            family.add(name, original.withBody(body(changed)))
        }
        for (index, field) in fields.enumerated() {
            func replaced(_ value: [UInt8]) -> [Field] {
                var changed = all
                changed[index].value = value
                return changed
            }
            var missing = all
            missing.remove(at: index)
            add("\(field.name) missing", missing)
            add("\(field.name) behind the file", missing + [field])
            add("\(field.name) twice", [field] + all)
            add("\(field.name) before as another", [Field(field.name, "1")] + all)
            let another = [Field(field.name, "1"), Field(file: file)]
            add("\(field.name) last as another", fields + another)
            add("\(field.name) longer", replaced(field.value + [0x78]))
            add("\(field.name) empty", replaced([]))
            for byte in field.value.indices {
                var value = field.value
                value[byte] ^= 1
                add("\(field.name), byte \(byte)", replaced(value))
            }
        }
        for (name, value) in [
            ("acl", "public-read"), ("x-amz-meta-extra", "1"), ("Cache-Control", "no-cache"),
            ("Content-Disposition", "inline"), ("x-amz-tagging", "a"), ("unlisted", "1"),
            ("x-amz-storage-class", "STANDARD_IA"), ("x-amz-website-redirect-location", "/e"),
            ("success_action_redirect", "http://evil.example/"), ("bucket", "other"),
            ("X-Amz-Meta-Extra", "1"), ("x-amz-checksum-crc32", "AAAAAA=="),
        ] { add("with \(name)", [Field(name, value)] + all) }
        add("without a file", fields)
        add("a file of too few bytes", fields + [Field(file: [])])
        add("a file of too many bytes", fields + [Field(file: file + file)])
        add("a file before the fields", [Field(file: file)] + fields)
        for count in [4, 20, 60] {
            family.add("cut by \(count)", original.withBody(original.body.dropLast(count)))
        }
        family.refuse("another bucket") { $0.targetText = "/\(place.bucket)x" }
        family.refuse("as PUT") { $0.method = "PUT" }
        family.refuse("another boundary") { message in
            message["Content-Type"] = "multipart/form-data; boundary=x"
        }
        family.refuse("no boundary") { $0["Content-Type"] = "multipart/form-data" }
        family.refuse("another type") { $0["Content-Type"] = "text/plain" }
        return family
    }
}
