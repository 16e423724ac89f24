import BlobStorage

/// What to do about a failure; none is better than one that does not help.
struct Remedy {
    let text: String

    /// Finds a remedy.
    ///
    /// - Returns: `nil` if the message says all there is to say.
    init?(for error: BlobError, at place: PlacedError.Place, command: String) {
        let text: String? =
            switch place {
            case .localFile: nil
            case .store: Self.forStore(error, command: command)
            case .source, .destination, .eitherStore: Self.forSync(error, at: place)
            }
        guard let text else { return nil }
        self.text = text
    }

    private static func forStore(_ error: BlobError, command: String) -> String? {
        switch error.kind {
        case .notFound: "See what is there with: blob ls --recursive"
        case .storeNotFound: "Make the store with: blob init"
        case .alreadyExists: "Leave out --if-absent to replace it."
        case .preconditionFailed: "See the version that is there with: blob stat"
        case .rangeNotSatisfiable: "See the size with: blob stat"
        case .permissionDenied: "Check who may read and write the store."
        case .unauthenticated: "Check the credentials."
        case .outOfSpace: "Make room, and try again; nothing was changed."
        case .integrityFailure where command == "put": "Nothing was changed."
        case .integrityFailure: "The blob in the store is damaged; restore it from a copy."
        case .corrupted where command != "fsck" && isForCheck(error):
            "Check the store with: blob fsck"
        case .throttled, .conflict, .timedOut, .unavailable: "The same command may succeed later."
        case .outcomeUnknown: "See what is there with: blob stat"
        default: nil
        }
    }

    private static func forSync(_ error: BlobError, at place: PlacedError.Place) -> String? {
        switch (error.kind, place) {
        case (.storeNotFound, .source), (.permissionDenied, .source):
            "Check the SOURCE_URL; this is the store that is read."
        case (.permissionDenied, .destination): "Check who may write the destination."
        case (.outOfSpace, _):
            "Make room at the destination, and sync again; it goes on where it was."
        case (.integrityFailure, _) where error.operation == "get":
            "The blob in the source is damaged; restore it from a copy."
        case (.throttled, _), (.timedOut, _), (.conflict, _), (.unavailable, _):
            "A sync that runs again goes on where this one was."
        default: nil
        }
    }

    /// Whether a check of the store tells more: not about what is no blob, which is left alone, and
    /// not about a path on which no store lies.
    private static func isForCheck(_ error: BlobError) -> Bool {
        error.key != nil && error.underlying == nil && !error.message.contains("never followed")
    }
}
