import BlobStorage

/// An error, and what it is about; a command knows that best, and the advice depends on it.
struct PlacedError: Error {
    /// What an error is about.
    enum Place: String {
        /// A file of the user's, or a standard stream.
        case localFile
        /// The one store of the command.
        case store
        /// The store that a sync reads.
        case source
        /// The store that a sync writes.
        case destination
        /// One of the two stores of a sync; which one is not known.
        case eitherStore
    }

    let error: BlobError
    let place: Place

    init(_ error: BlobError, at place: Place) {
        self.error = error
        self.place = place
    }

    /// Does some work, and tells the place of its failure.
    static func placing<Result>(
        at place: Place,
        _ work: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await work()
        } catch let error as BlobError {
            throw PlacedError(error, at: place)
        }
    }
}
