import BlobStorage
import BlobStorageAWS
import BlobStorageS3
import Foundation

/// Changes to header fields, and to who signs.
enum HeaderTampering {
    /// Changes each header that is signed, and adds some that are not.
    static func bound(_ family: inout TamperFamily, _ names: [String]) {
        for name in names {
            let value = family.original[name] ?? ""
            for (change, other) in [
                ("longer", value + "x"), ("before", "x" + value), ("empty", ""),
                ("twice in one", "\(value),\(value)"), ("quoted", "\"\(value)\""),
                ("swapped", swappedCase(value)), ("percent-encoded", value + "%00"),
            ] where other != value {
                family.refuse("\(name) \(change)") { $0[name] = other }
            }
            family.refuse("\(name) dropped") { $0[name] = nil }
            family.refuse("\(name) doubled") { $0.headers.append((name: name, value: value)) }
            family.refuse("\(name) there before as another") { message in
                message.headers.insert((name: name, value: "1"), at: 0)
            }
            family.refuse("\(name) there after as another") { message in
                message.headers.append((name: name, value: "1"))
            }
            family.refuse("\(name) under another name") { message in
                message[name] = nil
                message.headers.append((name: name + "x", value: value))
            }
            family.accept("\(name) in other letters") { message in
                message[name] = nil
                message.headers.append((name: name.uppercased(), value: value))
            }
        }
        family.accept("the headers in another order") { $0.headers.reverse() }
    }

    private static func swappedCase(_ text: String) -> String {
        let swapped = text.utf8.map { byte in
            (0x41...0x5A).contains(byte & 0xDF) ? byte ^ 0x20 : byte
        }
        return String(decoding: swapped, as: UTF8.self)
    }

    /// Headers that would change what a write does, which nobody signed.
    static func added(_ family: inout TamperFamily) {
        for (name, value) in [
            ("x-amz-acl", "public-read"), ("x-amz-meta-extra", "1"), ("x-amz-tagging", "a=b"),
            ("x-amz-storage-class", "STANDARD_IA"), ("x-amz-copy-source", "/other/key"),
            ("x-amz-website-redirect-location", "/evil"), ("x-amz-security-token", "token"),
            ("x-amz-server-side-encryption", "AES256"), ("x-amz-checksum-crc32", "AAAAAA=="),
            ("X-AMZ-Meta-Extra", "1"), ("x-amz-grant-read", "id=1"),
            ("x-amz-object-lock-legal-hold", "ON"), ("Content-MD5", "AAAAAAAAAAAAAAAAAAAAAA=="),
            ("Content-MD5", "no hash"), ("Transfer-Encoding", "chunked"),
            ("Content-Length", "1"),
        ] {
            family.refuse("with \(name): \(value)") { message in
                message.headers.append((name: name, value: value))
            }
        }
    }

    /// Signatures of two kinds at once.
    static func both(_ family: inout TamperFamily, _ authorization: String) {
        family.refuse("an Authorization header too") { message in
            message.headers.append((name: "Authorization", value: authorization))
        }
        for other in ["AWS AKID:c2ln", "Basic dTpw", "Bearer token", ""] {
            family.refuse("with Authorization: \(other)") { message in
                message.headers.append((name: "Authorization", value: other))
            }
        }
    }

    /// Changes to an `Authorization` header.
    static func authorization(_ family: inout TamperFamily, _ place: TamperPlace) {
        let text = family.original["Authorization"] ?? ""
        func refuse(_ other: String) {
            family.refuse("Authorization: \(other)") { $0["Authorization"] = other }
        }
        let day = String(AWSDate.basic(place.date).prefix(8))
        refuse(text.replacing("AWS4-HMAC-SHA256", with: "AWS4-HMAC-SHA1"))
        refuse(text.replacing("AWS4-HMAC-SHA256", with: "aws4-hmac-sha256"))
        refuse(text.replacing("AWS4-HMAC-SHA256 ", with: ""))
        refuse(text.replacing("us-east-1", with: "us-west-2"))
        refuse(text.replacing("/s3/", with: "/sts/"))
        refuse(text.replacing("aws4_request", with: "aws4_reques"))
        refuse(text.replacing(day, with: "20200101"))
        refuse(text.replacing(place.credentials.accessKeyID, with: place.other.accessKeyID))
        refuse(text.replacing(place.credentials.accessKeyID, with: "AKIANOBODY"))
        refuse(text.replacing("SignedHeaders=", with: "SignedHeaders=a;"))
        refuse(text.replacing("host;", with: ""))
        refuse(text.replacing("content-type;", with: ""))
        refuse(text.replacing(";x-amz-date", with: ""))
        refuse(text.replacing("host;", with: "host;host;"))
        refuse(text.replacing("Signature=", with: "Signature=0"))
        refuse(text.replacing("Signature=", with: "signature="))
        refuse(text + "0")
        refuse(String(text.dropLast()))
        refuse(text + ", Signature=\(String(repeating: "0", count: 64))")
        refuse("Basic \(Data("a:b".utf8).base64EncodedString())")
        for index in text.utf8.indices {
            let offset = text.utf8.distance(from: text.utf8.startIndex, to: index)
            var bytes = Array(text.utf8)
            bytes[offset] ^= 1
            let changed = String(decoding: bytes, as: UTF8.self)
            // A comma and a blank may be anything that separates.
            guard text.utf8[index] != UInt8(ascii: ","), text.utf8[index] != UInt8(ascii: " ")
            else { continue }
            family.refuse("Authorization, byte \(offset)") { $0["Authorization"] = changed }
        }
    }
}
