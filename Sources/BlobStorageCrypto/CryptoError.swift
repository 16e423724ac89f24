/// What OpenSSL can't do here, such as MD5 where policy forbids it.
package struct CryptoError: Error, Sendable, CustomStringConvertible {
    package let description: String

    package init(_ description: String) {
        self.description = description
    }
}
