import BlobStorage

/// What the tool says about a failure: what, why and what to do.
struct ErrorReport {
    private struct Record: Encodable {
        let operation: String
        var key: String?
        let kind: String
        let message: String
        var remedy: String?
    }

    private struct Envelope: Encodable {
        let error: Record
    }

    private let text: String
    private let remedy: String?
    private let record: Record

    init(_ error: any Error, command: String) {
        switch error {
        case let error as UsageError:
            let name = command.isEmpty ? "blob" : "blob \(command)"
            text = error.description
            remedy = "See: \(name) --help"
            record = Record(operation: command, kind: "usage", message: text, remedy: remedy)
        case let error as BlobError:
            text = error.description
            remedy = Self.remedy(error, command: command)
            record = Record(
                operation: error.operation,
                key: error.key?.text,
                kind: error.kind.rawValue,
                message: error.message,
                remedy: remedy
            )
        default:
            text = "\(command): \(error)"
            remedy = nil
            record = Record(operation: command, kind: "other", message: "\(error)")
        }
    }

    /// Writes to the standard error.
    func log(isJSON: Bool) {
        if isJSON, let line = try? JSONLine(Envelope(error: record)) {
            StandardStream.log(line.text + "\n")
            return
        }
        let advice = remedy.map { "\n      \($0)" } ?? ""
        StandardStream.log("blob: \(DisplayText(message: text))\(advice)\n")
    }

    private static func remedy(_ error: BlobError, command: String) -> String? {
        switch error.kind {
        case .notFound where error.operation == "open": "Check the path."
        case .notFound: "See what is there with: blob ls --recursive"
        case .storeNotFound: "Make the store with: blob init"
        case .alreadyExists: "Leave out --if-absent to replace it."
        case .preconditionFailed: "See the version that is there with: blob stat"
        case .rangeNotSatisfiable: "See the size with: blob stat"
        case .permissionDenied: "Check who may read and write the store."
        case .unauthenticated: "Check the credentials."
        case .outOfSpace: "Make room, and try again; nothing was changed."
        case .integrityFailure: "The bytes were changed on their way, or in the store; try again."
        case .corrupted where command != "fsck": "Check the store with: blob fsck"
        case .throttled, .conflict, .timedOut, .unavailable: "The same command may succeed later."
        case .outcomeUnknown: "See what is there with: blob stat"
        default: nil
        }
    }
}
