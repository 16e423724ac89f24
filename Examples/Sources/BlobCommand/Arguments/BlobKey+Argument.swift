import BlobStorage

extension BlobKey {
    /// Reads a key from the command line.
    ///
    /// - Throws: ``UsageError`` if it is no key.
    init(argument: String) throws {
        do {
            try self.init(argument)
        } catch let error as BlobError {
            throw UsageError(error.message)
        }
    }
}
