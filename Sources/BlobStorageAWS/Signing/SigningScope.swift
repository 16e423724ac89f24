internal import BlobStorage
package import BlobStorageCrypto
package import Foundation

/// When, where and for what a signature is good.
package struct SigningScope: Sendable {
    /// The moment as signatures write it, `20130524T000000Z`; the first 8 bytes are the day.
    package let timestamp: [UInt8]
    package let region: String
    package let service: String

    package init(at date: Date, region: String, service: String) {
        var timestamp: [UInt8] = []
        timestamp.reserveCapacity(16)
        AWSDate.appendBasic(CivilTime(date), to: &timestamp)
        self.timestamp = timestamp
        self.region = region
        self.service = service
    }

    var timestampText: String { String(decoding: timestamp, as: UTF8.self) }

    /// Appends `20130524/us-east-1/s3/aws4_request`.
    package func append(to text: inout [UInt8]) {
        text.append(contentsOf: timestamp[..<8])
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: region.utf8)
        text.append(UInt8(ascii: "/"))
        text.append(contentsOf: service.utf8)
        text.append(contentsOf: "/aws4_request".utf8)
    }

    /// Appends the same as a query has it, with its slashes encoded.
    func appendEncoded(to text: inout [UInt8]) {
        text.append(contentsOf: timestamp[..<8])
        text.append(contentsOf: "%2F".utf8)
        AWSPercentEncoding.append(region, to: &text)
        text.append(contentsOf: "%2F".utf8)
        AWSPercentEncoding.append(service, to: &text)
        text.append(contentsOf: "%2Faws4_request".utf8)
    }

    /// Appends the lines that every string to sign begins with: what is signed, when, and the scope.
    func appendHead(_ algorithm: StaticString, to text: inout [UInt8]) {
        algorithm.withUTF8Buffer { text.append(contentsOf: $0) }
        text.append(UInt8(ascii: "\n"))
        text.append(contentsOf: timestamp)
        text.append(UInt8(ascii: "\n"))
        append(to: &text)
        text.append(UInt8(ascii: "\n"))
    }
}

/// A secret key bound to a day, a region and a service.
package final class SigningKey: Sendable {
    let key: HMACKey

    package init(secretAccessKey: String, scope: SigningScope) {
        let day = HMACKey([UInt8]("AWS4\(secretAccessKey)".utf8)).code(
            for: [UInt8](scope.timestamp[..<8])
        )
        let region = HMACKey(day.bytes).code(for: [UInt8](scope.region.utf8))
        let service = HMACKey(region.bytes).code(for: [UInt8](scope.service.utf8))
        let request = HMACKey(service.bytes).code(for: [UInt8]("aws4_request".utf8))
        key = HMACKey(request.bytes)
    }

    /// The signature of a string to sign.
    package func signature(of stringToSign: [UInt8]) -> SHA256Digest {
        key.code(for: stringToSign)
    }
}

/// A key shows nothing of itself, to `dump` neither.
extension SigningKey: CustomStringConvertible, CustomReflectable {
    package var description: String { "SigningKey" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
