package import BlobStorageCrypto

/// Signs the chunks of one body, each over the signature before it.
package struct ChunkSigner: Sendable {
    private static let emptyHash: StaticString =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

    private let key: SigningKey
    private let scope: SigningScope
    /// The signature before, in hexadecimal.
    private var previous: [UInt8] = []
    /// The last string to sign.
    private(set) var stringToSign: [UInt8] = []

    /// - Parameters:
    ///   - key: The key of the request.
    ///   - scope: The scope of the request.
    ///   - seed: The signature of the request's headers.
    package init(key: SigningKey, scope: SigningScope, seed: SHA256Digest) {
        self.key = key
        self.scope = scope
        seed.appendHex(to: &previous)
    }

    /// The signature of the next chunk's data, in hexadecimal.
    mutating func signature(ofChunk data: UnsafeRawBufferPointer) -> [UInt8] {
        var hasher = SHA256()
        hasher.update(data)
        return signature(ofChunk: hasher.finish())
    }

    /// The signature of the next chunk, from its data's hash, in hexadecimal.
    package mutating func signature(ofChunk hash: SHA256Digest) -> [UInt8] {
        begin("AWS4-HMAC-SHA256-PAYLOAD")
        Self.emptyHash.withUTF8Buffer { stringToSign.append(contentsOf: $0) }
        stringToSign.append(UInt8(ascii: "\n"))
        return finish(hash)
    }

    /// The signature of the trailers, in hexadecimal; each is `name:value` and a newline.
    package mutating func signature(ofTrailers trailers: [UInt8]) -> [UInt8] {
        begin("AWS4-HMAC-SHA256-TRAILER")
        return finish(SHA256.digest(of: trailers))
    }

    private mutating func begin(_ algorithm: StaticString) {
        stringToSign.removeAll(keepingCapacity: true)
        scope.appendHead(algorithm, to: &stringToSign)
        stringToSign.append(contentsOf: previous)
        stringToSign.append(UInt8(ascii: "\n"))
    }

    private mutating func finish(_ hash: SHA256Digest) -> [UInt8] {
        hash.appendHex(to: &stringToSign)
        previous.removeAll(keepingCapacity: true)
        key.signature(of: stringToSign).appendHex(to: &previous)
        return previous
    }
}

/// Keys and signatures are not for logs.
extension ChunkSigner: CustomStringConvertible, CustomReflectable {
    package var description: String { "ChunkSigner" }

    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
