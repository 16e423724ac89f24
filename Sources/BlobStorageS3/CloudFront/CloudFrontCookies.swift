public import Foundation

/// Cookies that open addresses of a CloudFront distribution: for many files at once, or for
/// addresses that must stay as they are.
///
/// Whoever has them has the permission; they belong into no log.
public struct CloudFrontCookies: Sendable, Hashable {
    /// Values by names, such as `CloudFront-Policy`.
    public let values: [String: String]
    /// When the permission ends.
    public let expiresAt: Date

    /// The values of the `Set-Cookie` headers that give a browser the cookies, in the order of names.
    ///
    /// They are gone when the browser is closed, not sent unencrypted, and hidden from scripts.
    ///
    /// - Parameters:
    ///   - domain: The domain that both the page and the distribution are under, such as
    ///     `example.com`; `nil` for the host alone that answers.
    ///   - path: The path that the browser sends the cookies to.
    /// - Returns: One value for each cookie.
    /// - Throws: `BlobError` of kind `invalidArgument` for a domain or path that no header can carry.
    public func setCookieHeaders(domain: String? = nil, path: String = "/") throws -> [String] {
        for text in [domain ?? "-", path] {
            let isPlain = text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3B }
            guard isPlain, !text.isEmpty else {
                throw CloudFrontPolicy.invalid("the cookie's domain or path can't be in a header")
            }
        }
        let attributes = (domain.map { "; Domain=\($0)" } ?? "") + "; Path=\(path)"
        return values.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value)\(attributes); Secure; HttpOnly" }
    }
}

extension CloudFrontCookies: CustomStringConvertible, CustomDebugStringConvertible,
    CustomReflectable
{
    /// The names alone.
    public var description: String { values.keys.sorted().joined(separator: ", ") }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// Shows `dump` no more.
    public var customMirror: Mirror { Mirror(self, children: ["names": description]) }
}
