import BlobStorage
import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageHandler
import Foundation
import Testing

@testable import BlobStorageGateway

/// Nothing that a signature covers can be changed: the part of it that needs no server.
@Suite struct TamperTests {
    private let authenticator = GatewayFixture.authenticator()

    private func presignedTarget(
        _ method: HTTPMethod = .put,
        headers: HTTPHeaders = ["content-type": "text/plain", "x-amz-meta-owner": "u1"]
    ) throws -> String {
        let request = HTTPRequest(
            method,
            HTTPURL(.http, host: "127.0.0.1", port: 9_000, path: "/examplebucket/a/b%20c.txt"),
            headers: headers
        )
        return try SigV4Signer(service: "s3").presign(
            request,
            expiresIn: .seconds(900),
            region: "eu-west-1",
            credentials: GatewayFixture.credentials,
            at: GatewayFixture.date
        ).target
    }

    private let sent: HTTPHeaders = [
        "Host": "127.0.0.1:9000", "Content-Type": "text/plain", "x-amz-meta-owner": "u1",
    ]

    private func isAccepted(
        _ target: String,
        method: String = "PUT",
        headers: HTTPHeaders? = nil
    ) -> Bool {
        let request = try? GatewayFixture.request(
            method,
            target: target,
            headers: headers ?? sent
        )
        guard let request else { return false }
        return (try? authenticator.authenticate(request)) != nil
    }

    /// What a target means, spelled in one way: a hexadecimal digit's case changes nothing.
    private func meaning(_ target: String) -> [UInt8] {
        var rest = [UInt8](target.utf8)[...]
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            bytes.append(byte)
            guard byte == UInt8(ascii: "%") else { continue }
            for digit in rest.prefix(2) {
                bytes.append((0x41...0x46).contains(digit) ? digit | 0x20 : digit)
            }
            rest = rest.dropFirst(2)
        }
        return bytes
    }

    @Test func everyFlippedBitOfAPresignedURLIsRefused() throws {
        let target = try presignedTarget()
        try #require(isAccepted(target))
        var counts = (changes: 0, same: 0)
        for index in target.utf8.indices {
            for bit in 0..<8 {
                var bytes = [UInt8](target.utf8)
                bytes[target.utf8.distance(from: target.utf8.startIndex, to: index)] ^= 1 << bit
                // A server would not even get further than the request line with the others.
                guard let changed = String(validating: bytes, as: UTF8.self) else { continue }
                if meaning(changed) == meaning(target) {
                    counts.same += 1
                    continue
                }
                counts.changes += 1
                #expect(!isAccepted(changed), "\(changed)")
            }
        }
        print("presigned URL: \(counts.changes) flips refused, \(counts.same) mean the same")
        #expect(counts.changes > 2_000)
        #expect(counts.same < 30)
    }

    @Test func everyByteDroppedDoubledOrSwappedIsRefused() throws {
        let target = try presignedTarget()
        let bytes = [UInt8](target.utf8)
        var count = 0
        for index in bytes.indices {
            var dropped = bytes
            dropped.remove(at: index)
            var doubled = bytes
            doubled.insert(bytes[index], at: index)
            var swapped = bytes
            if index + 1 < bytes.count { swapped.swapAt(index, index + 1) }
            for changed in [dropped, doubled, swapped] where changed != bytes {
                let text = String(decoding: changed, as: UTF8.self)
                // An empty pair (`&&`) is none.
                guard !text.contains("&&"), !text.contains("?&") else { continue }
                count += 1
                #expect(!isAccepted(text), "\(text)")
            }
        }
        #expect(count > 700)
    }

    @Test func otherMethodsAreRefused() throws {
        let target = try presignedTarget()
        for method in ["GET", "HEAD", "POST", "DELETE", "put", "OPTIONS", "PATCH"] {
            #expect(!isAccepted(target, method: method))
        }
    }

    @Test(
        "refuses another value of a signed header, none, two, and one that is not signed",
        arguments: ["Host", "Content-Type", "x-amz-meta-owner"]
    )
    func headers(_ name: String) throws {
        let target = try presignedTarget()
        let value = try #require(sent[name])
        for other in [nil, "", "\(value)x", value.uppercased() + "A", "\(value),\(value)"] {
            var changed = sent
            changed[name] = other
            #expect(!isAccepted(target, headers: changed))
        }
        var doubled = sent
        doubled.append(name, value)
        #expect(!isAccepted(target, headers: doubled))
        var added = sent
        added["x-amz-acl"] = "public-read"
        #expect(!isAccepted(target, headers: added))
    }

    @Test(
        "a value is not split in two",
        arguments: ["x-amz-meta-owner", "cache-control", "expires", "content-disposition"]
    )
    func splitValues(_ name: String) throws {
        let target = try presignedTarget(headers: [name: "a,b"])
        #expect(isAccepted(target, headers: ["Host": "127.0.0.1:9000", name: "a,b"]))
        let split: HTTPHeaders = [
            "Host": "127.0.0.1:9000", name: "a", name.uppercased(): "b",
        ]
        #expect(!isAccepted(target, headers: split))
    }

    @Test(
        "refuses parameters of the signature that are missing, doubled or re-cased",
        arguments: [
            "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires",
            "X-Amz-SignedHeaders", "X-Amz-Signature",
        ]
    )
    func parameters(_ name: String) throws {
        let target = try presignedTarget()
        let parts = target.split(separator: "?", maxSplits: 1)
        let pairs = parts[1].split(separator: "&").map(String.init)
        let index = try #require(pairs.firstIndex { $0.hasPrefix("\(name)=") })
        func joined(_ change: (inout [String]) -> Void) -> String {
            var changed = pairs
            change(&changed)
            return "\(parts[0])?\(changed.joined(separator: "&"))"
        }
        #expect(!isAccepted(joined { $0.remove(at: index) }))
        #expect(!isAccepted(joined { $0.append(pairs[index]) }))
        #expect(!isAccepted(joined { $0.insert("\(name)=", at: 0) }))
        #expect(!isAccepted(joined { $0[index] = "\(name)=" }))
        #expect(!isAccepted(joined { $0[index] = name }))
        #expect(!isAccepted(joined { $0[index] = pairs[index].lowercased() }))
        #expect(!isAccepted(joined { $0[index] += "%00" }))
        #expect(!isAccepted(joined { $0[index] += "+" }))
        // The order of a query means nothing, here as at S3.
        #expect(isAccepted(joined { $0.reverse() }))
    }

    @Test(
        "refuses other times of life",
        arguments: [
            "+1", "1e9", "-1", "0", "604801", "99999999999999999999", "٣", "0x10", "9 00", "900.0",
            "", "18446744073709551617", "901", "0900",
        ]
    )
    func expiry(_ text: String) throws {
        let encoded = AWSPercentEncoding.encode(text)
        let target = try presignedTarget().replacing(
            "X-Amz-Expires=900",
            with: "X-Amz-Expires=\(encoded)"
        )
        #expect(!isAccepted(target))
    }

    @Test func aSlashMayBeEscapedSinceItIsTheSameKey() throws {
        // S3 and radosgw decode the path before they canonicalize it; whoever takes the path apart
        // decodes it first too, so that no signature for one key is good for another.
        let target = try presignedTarget()
        #expect(isAccepted(target.replacing("/a/b%20c.txt", with: "/a%2Fb%20c.txt")))
        #expect(!isAccepted(target.replacing("/a/b%20c.txt", with: "/a%252Fb%20c.txt")))
        #expect(!isAccepted(target.replacing("/a/b%20c.txt", with: "/a//b%20c.txt")))
        #expect(!isAccepted(target.replacing("/a/b%20c.txt", with: "/a/./b%20c.txt")))
        #expect(!isAccepted(target.replacing("/a/b%20c.txt", with: "/a/x/../b%20c.txt")))
        #expect(!isAccepted(target.replacing("/a/b%20c.txt", with: "/a/b+c.txt")))
        #expect(!isAccepted(target.replacing("/a/b%20c.txt", with: "/a/B%20c.txt")))
    }
}
