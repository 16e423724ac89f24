/// A fault that is built into the stores on purpose, so that it is seen that the checks find it.
package enum Mutation: String, Sendable {
    /// Writes that must not replace a blob replace it.
    case dropsCreateOnly
    /// Signed requests leave size and type to the client.
    case trustsClients
    /// An update replaces a record whatever its version is.
    case ignoresVersions
    /// A batch of records leaves out those that are confirmed.
    case hidesRecords
    /// Deleting a blob does nothing.
    case keepsBlobs
    /// Dropping a multipart upload does nothing.
    case keepsUploads
    /// What should be a dry run is none.
    case sweepsForReal
}
