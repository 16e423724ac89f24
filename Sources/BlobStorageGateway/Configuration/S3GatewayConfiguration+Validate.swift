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
        guard !basePath.utf8.contains(where: { "?#".utf8.contains($0) }) else {
            throw Self.invalid(
                "the base path \"\(EscapedText(basePath))\" has a ? or #, where a path ends"
            )
        }
    }

    private static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "gateway", message: message)
    }
}
