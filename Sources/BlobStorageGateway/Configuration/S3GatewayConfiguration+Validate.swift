internal import BlobStorage
internal import BlobStorageAWS

extension S3GatewayConfiguration {
    /// Throws if the configuration contradicts itself.
    ///
    /// A gateway takes such a configuration all the same; call this before, where it comes from outside.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument` for two access keys of one id, of which the second
    ///   would not count, and for a base path that no request can have.
    public func validate() throws {
        var ids: Set<[UInt8]> = []
        for key in accessKeys {
            let id = key.credentials.accessKeyID
            guard ids.insert([UInt8](id.utf8)).inserted else {
                throw Self.invalid(
                    "there are two access keys with the id \"\(EscapedText(id))\"; give one key the "
                        + "rights of both, or the other another id"
                )
            }
        }
        guard basePath.utf8.allSatisfy({ (0x21...0x7E).contains($0) && !"?#".utf8.contains($0) })
        else {
            throw Self.invalid(
                "the base path \"\(EscapedText(basePath))\" has what no path of a request has; "
                    + "write blanks, ?, # and what is not ASCII as %20"
            )
        }
    }

    private static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "gateway", message: message)
    }
}
