internal import BlobStorage
internal import BlobStorageCrypto
public import Foundation

/// Signs addresses and cookies of a CloudFront distribution, for files that are not public.
///
///     let signer = try CloudFrontSigner(keyPairID: "K2JCJMDEHXQW5F", privateKey: pem)
///     let url = try signer.signedURL("https://cdn.example.com/a.pdf", expiresAt: end)
///
/// It sends nothing. What is signed can't be taken back, but by taking the key out of the
/// distribution's key group.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/PrivateContent.html
public struct CloudFrontSigner: Sendable {
    /// What is hashed before it is signed.
    @nonexhaustive
    public enum Hash: String, Sendable, Hashable, CaseIterable {
        /// What CloudFront takes a signature for that names none.
        case sha1
        /// Named in each address, and in a cookie of its own.
        case sha256
    }

    /// CloudFront's name for the public key.
    public let keyPairID: String
    /// What is hashed before it is signed.
    public let hash: Hash
    private let key: RSAPrivateKey

    /// Creates a signer.
    ///
    /// - Parameters:
    ///   - keyPairID: CloudFront's name for the public key, such as `K2JCJMDEHXQW5F`.
    ///   - privateKey: The RSA key in PEM, as PKCS#1 or PKCS#8, without a password; it is shown
    ///     nowhere.
    ///   - hash: What is hashed; `.sha1` for what does not know the newer one yet.
    /// - Throws: `BlobError` of kind `invalidArgument` if the id or the key can't be.
    public init(keyPairID: String, privateKey: String, hash: Hash = .sha256) throws {
        let isID = keyPairID.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2D }
        guard (1...128).contains(keyPairID.utf8.count), isID else {
            throw CloudFrontPolicy.invalid("the key pair id has 1 to 128 letters, digits and -")
        }
        do {
            key = try RSAPrivateKey(pem: [UInt8](privateKey.utf8))
        } catch {
            throw CloudFrontPolicy.invalid(error.description)
        }
        self.keyPairID = keyPairID
        self.hash = hash
    }

    /// Signs an address until a time, by a canned policy, which is the shorter.
    ///
    /// - Parameters:
    ///   - url: The address, percent-encoded, with its query if it has one.
    ///   - expiresAt: When the permission ends; part of a second does not count.
    /// - Returns: The address with its signature.
    /// - Throws: `BlobError` of kind `invalidArgument` for no address, or one with a signature.
    public func signedURL(_ url: String, expiresAt: Date) throws -> String {
        let policy = CloudFrontPolicy(resource: url, expiresAt: expiresAt)
        let signature = try signature(of: try policy.statement())
        let end = try CloudFrontPolicy.seconds(expiresAt, "the end")
        return try signed(url, [("Expires", String(end)), ("Signature", signature)])
    }

    /// Signs an address by a policy of one's own, which then stands in the address.
    ///
    /// - Parameters:
    ///   - url: The address, percent-encoded, with its query if it has one.
    ///   - policy: What is allowed; it must be about the address.
    /// - Returns: The address with the policy and its signature; they are good for every address that
    ///   the policy is about.
    /// - Throws: `BlobError` of kind `invalidArgument` for no address, or one with a signature; for a
    ///   policy that CloudFront could not read, or that is about other addresses.
    public func signedURL(_ url: String, policy: CloudFrontPolicy) throws -> String {
        guard policy.covers(url) else {
            throw CloudFrontPolicy.invalid("the policy's resource is not about the address")
        }
        let statement = try policy.statement()
        let signature = try signature(of: statement)
        return try signed(url, [("Policy", Self.base64(statement)), ("Signature", signature)])
    }

    /// Signs cookies for one address, by a canned policy.
    ///
    /// - Parameters:
    ///   - url: The address, percent-encoded, with its query if it has one.
    ///   - expiresAt: When the permission ends; part of a second does not count.
    /// - Returns: The cookies.
    /// - Throws: `BlobError` of kind `invalidArgument` for no address.
    public func signedCookies(for url: String, expiresAt: Date) throws -> CloudFrontCookies {
        let policy = CloudFrontPolicy(resource: url, expiresAt: expiresAt)
        let end = try CloudFrontPolicy.seconds(expiresAt, "the end")
        return cookies(policy, ["Expires": String(end)], try signature(of: policy.statement()))
    }

    /// Signs cookies for all addresses that a policy is about.
    ///
    /// - Parameter policy: What is allowed.
    /// - Returns: The cookies.
    /// - Throws: `BlobError` of kind `invalidArgument` for a policy that CloudFront could not read.
    public func signedCookies(_ policy: CloudFrontPolicy) throws -> CloudFrontCookies {
        let statement = try policy.statement()
        return cookies(
            policy,
            ["Policy": Self.base64(statement)],
            try signature(of: statement)
        )
    }

    private func cookies(
        _ policy: CloudFrontPolicy,
        _ fields: [String: String],
        _ signature: String
    ) -> CloudFrontCookies {
        var fields = fields
        fields["Signature"] = signature
        fields["Key-Pair-Id"] = keyPairID
        if hash == .sha256 { fields["Hash-Algorithm"] = "SHA256" }
        let seconds = policy.expiresAt.timeIntervalSince1970.rounded(.down)
        return CloudFrontCookies(
            values: Dictionary(
                uniqueKeysWithValues: fields.map { ("CloudFront-\($0.key)", $0.value) }
            ),
            expiresAt: Date(timeIntervalSince1970: seconds)
        )
    }

    private func signature(of statement: [UInt8]) throws -> String {
        do {
            let digest: DigestAlgorithm = hash == .sha1 ? .sha1 : .sha256
            return Self.base64(try key.signature(of: statement, digest: digest))
        } catch {
            throw BlobError(.unsupported, operation: "sign", message: error.description)
        }
    }

    /// The address with parameters behind its own; CloudFront takes them out again.
    private func signed(
        _ url: String,
        _ parameters: [(name: String, value: String)]
    ) throws -> String {
        try CloudFrontPolicy.check(url: url, "the address")
        let query = url.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1).dropFirst().first
        for field in query?.split(separator: UInt8(ascii: "&")) ?? [] {
            let name = field.prefix { $0 != UInt8(ascii: "=") }
            guard !Self.reserved.contains(where: { name.elementsEqual($0.utf8) }) else {
                throw CloudFrontPolicy.invalid(
                    "the address has a parameter that is CloudFront's own; "
                        + "sign an address without a signature"
                )
            }
        }
        var parameters = parameters + [("Key-Pair-Id", keyPairID)]
        if hash == .sha256 { parameters.append(("Hash-Algorithm", "SHA256")) }
        // None of the values has a byte to encode.
        let added = parameters.map { "\($0.name)=\($0.value)" }.joined(separator: "&")
        return url + (url.utf8.contains(UInt8(ascii: "?")) ? "&" : "?") + added
    }

    private static let reserved = [
        "Expires", "Policy", "Signature", "Key-Pair-Id", "Hash-Algorithm",
    ]

    /// Base64 with the characters that a URL and a cookie can have, as CloudFront replaces them.
    private static func base64(_ bytes: [UInt8]) -> String {
        let text = Data(bytes).base64EncodedString().utf8.map { byte in
            switch byte {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "="): UInt8(ascii: "_")
            case UInt8(ascii: "/"): UInt8(ascii: "~")
            default: byte
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}

extension CloudFrontSigner: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The name of the key, which is public.
    public var description: String { "CloudFrontSigner \(keyPairID) \(hash.rawValue)" }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows `dump` no more.
    public var customMirror: Mirror { Mirror(self, children: ["keyPairID": keyPairID]) }
}
