import BlobStorage

/// What the tool says about a failure: what, why and what to do.
struct ErrorReport {
    private struct Record: Encodable {
        let operation: String
        var place: String?
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

    /// Reports an error.
    ///
    /// - Parameters:
    ///   - error: What was thrown.
    ///   - command: The command's name.
    ///   - place: What the error is about, if it does not know that itself.
    init(_ error: any Error, command: String, place: PlacedError.Place = .store) {
        let placed = error as? PlacedError
        let place = placed?.place ?? place
        switch placed?.error ?? error {
        case let error as UsageError:
            let name = command.isEmpty ? "blob" : "blob \(command)"
            text = error.description
            remedy = error.remedy ?? "See: \(name) --help"
            record = Record(operation: command, kind: "usage", message: text, remedy: remedy)
        case let error as BlobError:
            let isLocal = error.message.utf8.starts(with: "the local file \"".utf8)
            let place = isLocal ? .localFile : place
            let isSide = place == .source || place == .destination
            text = isSide ? "\(place.rawValue): \(error)" : error.description
            remedy = Remedy(for: error, at: place, command: command)?.text
            record = Record(
                operation: error.operation,
                place: place.rawValue,
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
}
