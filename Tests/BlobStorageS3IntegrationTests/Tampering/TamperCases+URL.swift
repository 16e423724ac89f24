import BlobStorage
import BlobStorageAWS
import Foundation

/// Changes to presigned URLs.
enum URLTampering {
    /// Whatever becomes of one byte of a URL, it is another URL.
    static func flips(_ family: inout TamperFamily) {
        let original = family.original.target
        let query = original.firstIndex(of: UInt8(ascii: "?")) ?? original.endIndex
        let name = original.firstRange(of: Array("X-Amz-Signature".utf8)) ?? 0..<0
        for index in original.indices {
            let part =
                index < query ? "path" : name.contains(index) ? "name of the signature" : "query"
            for mask: UInt8 in [0x01, 0x20, 0x80] {
                var changed = original
                changed[index] ^= mask
                guard meaning(changed) != meaning(original) else { continue }
                family.refuse("\(part), byte \(index) ^ \(mask)") { $0.target = changed }
            }
        }
    }

    /// A target with the digits of its escapes in one case, which means the same.
    private static func meaning(_ target: [UInt8]) -> [UInt8] {
        var bytes = target
        for index in bytes.indices where bytes[index] == UInt8(ascii: "%") {
            for digit in bytes[(index + 1)...].prefix(2).indices
            where (0x41...0x46).contains(bytes[digit]) { bytes[digit] |= 0x20 }
        }
        return bytes
    }

    static let parameterNames = [
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
        "X-Amz-SignedHeaders", "X-Amz-Signature",
    ]

    /// What is dropped, added, doubled, re-ordered and re-cased in a query.
    static func queries(_ family: inout TamperFamily) {
        let pairs = pairs(of: family.original)
        func query(_ family: inout TamperFamily, _ name: String, _ changed: [String]) {
            guard changed != pairs else { return }
            family.refuse(name) { setPairs(changed, of: &$0) }
        }
        for (index, pair) in pairs.enumerated() {
            let name = pair.prefix { $0 != "=" }
            func replaced(_ text: String) -> [String] {
                var changed = pairs
                changed[index] = text
                return changed
            }
            let value = pair.dropFirst(name.count + 1)
            var dropped = pairs
            dropped.remove(at: index)
            query(&family, "\(name) dropped", dropped)
            query(&family, "\(name) doubled", pairs + [pair])
            query(&family, "\(name) there before as another", ["\(name)=1"] + pairs)
            query(&family, "\(name) there after as another", pairs + ["\(name)=1"])
            query(&family, "\(name) is empty", replaced("\(name)="))
            query(&family, "\(name) has no value", replaced(String(name)))
            let lower = replaced("\(name.lowercased())=\(value)")
            query(&family, "\(name) has its name in lower case", lower)
            let upper = replaced("\(name.uppercased())=\(value)")
            query(&family, "\(name) has its name in upper case", upper)
            for end in ["%00", "+", "%20", "%0A", "x", "%2C"] {
                query(&family, "\(name) ends with \(end)", replaced(pair + end))
            }
            query(&family, "\(name) begins with a space", replaced("\(name)=%20\(value)"))
        }
        for added in [
            "x=1", "acl", "uploads", "uploadId=1&partNumber=1", "versionId=null", "tagging",
            "response-content-type=text%2Fhtml", "x-amz-meta-extra=1", "x-id=PutObject",
            "X-Amz-Security-Token=abc", "Signature=a&Expires=1&AWSAccessKeyId=b", "delete",
            "x-amz-acl=public-read", "X-Amz-Foo=1",
        ] {
            query(&family, "with \(added)", pairs + [added])
        }
        family.accept("the query in another order") { setPairs(pairs.reversed(), of: &$0) }
        family.accept("the query begins with another") { message in
            setPairs(Array(pairs.dropFirst(2) + pairs.prefix(2)), of: &message)
        }
    }

    /// Values of the signature's own parameters, well formed or not.
    static func values(_ family: inout TamperFamily, _ place: TamperPlace) {
        func value(_ name: String, _ text: String) {
            let encoded = AWSPercentEncoding.encode(text)
            family.refuse("\(name)=\(text)") { setValue(name, encoded, of: &$0) }
        }
        for text in [
            "+1", "1e9", "+900", "-900", "0", "604801", "604800", "901", "899", "0900", "900.0",
            "9e2", "0x384", "99999999999999999999", "4294968196", "18446744073709552516", "٩٠٠",
            "９００", "900s", "9 00", "NaN", "-1",
        ] { value("X-Amz-Expires", text) }
        for text in [
            "AWS4-HMAC-SHA1", "AWS4-HMAC-SHA512", "AWS4-ECDSA-P256-SHA256", "aws4-hmac-sha256",
            "AWS4-HMAC-SHA256-PAYLOAD", "none",
        ] { value("X-Amz-Algorithm", text) }
        let stamp = AWSDate.basic(place.date)
        for text in [
            AWSDate.basic(place.date.addingTimeInterval(1)),
            AWSDate.basic(place.date.addingTimeInterval(-1)),
            AWSDate.basic(place.date.addingTimeInterval(86_400)),
            AWSDate.basic(place.date.addingTimeInterval(-86_400)), AWSDate.extended(place.date),
            stamp.lowercased(), String(stamp.dropLast()), stamp + "Z", String(stamp.prefix(8)),
            "99991231T235959Z", "00000000T000000Z", "1749990896",
        ] { value("X-Amz-Date", text) }
        let day = String(stamp.prefix(8))
        let id = place.credentials.accessKeyID
        for text in [
            "\(id)/20200101/us-east-1/s3/aws4_request", "\(id)/\(day)/us-west-2/s3/aws4_request",
            "\(id)/\(day)/US-EAST-1/s3/aws4_request", "\(id)/\(day)/us-east-1/sts/aws4_request",
            "\(id)/\(day)/us-east-1/s3/aws4_requesT", "\(id)/\(day)/us-east-1/s3",
            "\(id)/\(day)/us-east-1/s3/aws4_request/", "/\(day)/us-east-1/s3/aws4_request",
            "\(place.other.accessKeyID)/\(day)/us-east-1/s3/aws4_request",
            "AKIANOBODY/\(day)/us-east-1/s3/aws4_request", "\(id)", "////",
            "\(id)/\(day)//s3/aws4_request", "\(id.lowercased())/\(day)/us-east-1/s3/aws4_request",
        ] { value("X-Amz-Credential", text) }
        let names = parameter("X-Amz-SignedHeaders", of: family.original)
            .replacingOccurrences(of: "%3B", with: ";")
        let list = names.split(separator: ";").map(String.init)
        var lists = [
            "", ";", names + ";", ";" + names, names.uppercased(), names + ";x-amz-absent",
            names + ";user-agent", "Host", names + ";" + names, names.replacing(";", with: ","),
            names.replacing(";", with: " "),
        ]
        if list.count > 1 {
            lists.append(list.reversed().joined(separator: ";"))
            for name in list { lists.append(list.filter { $0 != name }.joined(separator: ";")) }
        }
        for text in lists { value("X-Amz-SignedHeaders", text) }
        let signature = parameter("X-Amz-Signature", of: family.original)
        for text in [
            String(signature.dropLast()), signature + "0", signature.uppercased(),
            String(repeating: "0", count: 64), String(signature.reversed()), "0x" + signature,
            String(signature.prefix(32)), signature + signature,
        ] where text != signature { value("X-Amz-Signature", text) }
    }

    /// Other spellings of a path, most of which name another key.
    static func paths(_ family: inout TamperFamily, _ place: TamperPlace) {
        let target = family.original.targetText
        let path = String(target.prefix { $0 != "?" })
        let rest = target.dropFirst(path.count)
        let key = "a/b%20c.txt"
        func refuse(_ changed: String) {
            family.refuse("path \(changed)") { $0.targetText = changed + rest }
        }
        for other in [
            "a%252Fb%20c.txt", "a//b%20c.txt", "a/./b%20c.txt", "a/x/../b%20c.txt", "a/b+c.txt",
            "A/b%20c.txt", "a/b%20c.TXT", "a/b%20c.txt/", "/a/b%20c.txt", "a/b%20c.txt%00",
            "a/b%20c.txt%20", "a%5Cb%20c.txt", "a/b%2520c.txt", "a/b%E2%80%8B%20c.txt", "a/b",
            "..%2Fother/a/b%20c.txt", "%2E/a/b%20c.txt", "a/b%C2%A0c.txt", "a%C0%AFb%20c.txt", "",
            "a/b%2zc.txt", "a/b%20c.txt;x", "a/b%20c.txt%3F", "a/b%20c.txt%23",
        ] { refuse(place.path(other)) }
        for other in [
            "/\(place.bucket)x/\(key)", "/\(key)", "/", "//\(place.bucket)/\(key)",
            "/\(place.bucket.uppercased())/\(key)", "/./\(place.bucket)/\(key)", "*",
        ] { refuse(other) }
        family.accept("the key with an escaped letter") { message in
            message.targetText = place.path("%61/b%20c.txt") + rest
        }
        family.accept("the slash of the key escaped") { message in
            message.targetText = place.path("a%2Fb%20c.txt") + rest
        }
    }

    static func methods(_ family: inout TamperFamily) {
        for method in [
            "GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "put", "get", "Get", "COPY",
        ] where method != family.original.method {
            family.refuse("method \(method)") { $0.method = method }
        }
    }

    // MARK: Parts of a target

    static func pairs(of message: WireMessage) -> [String] {
        let query = message.targetText.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        return query.split(separator: "&").map(String.init)
    }

    static func setPairs(_ pairs: [String], of message: inout WireMessage) {
        let path = message.targetText.prefix { $0 != "?" }
        message.targetText = "\(path)?\(pairs.joined(separator: "&"))"
    }

    static func parameter(_ name: String, of message: WireMessage) -> String {
        let pair = pairs(of: message).first { $0.hasPrefix("\(name)=") } ?? ""
        return String(pair.dropFirst(name.count + 1))
    }

    /// Sets a parameter to a value that is encoded already.
    static func setValue(_ name: String, _ value: String, of message: inout WireMessage) {
        let changed = pairs(of: message).map { pair in
            pair.hasPrefix("\(name)=") ? "\(name)=\(value)" : pair
        }
        setPairs(changed, of: &message)
    }
}
