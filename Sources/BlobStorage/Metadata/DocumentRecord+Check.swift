package import Foundation

extension DocumentRecord {
    /// The most bytes of an owner's name.
    public static let maximumOwnerByteCount = 512
    /// The most bytes of a file's name.
    public static let maximumFileNameByteCount = 1_024
    /// The most bytes of a media type, and of an etag.
    public static let maximumShortTextByteCount = 256

    /// Throws unless every store could keep the record.
    ///
    /// - Parameter operation: The operation to name in an error.
    /// - Throws: ``BlobError`` of kind `invalidArgument`, or `tooLarge` for too many or too long
    ///   attributes.
    public func validate(operation: String) throws {
        try Self.check(owner, "owner", 1...Self.maximumOwnerByteCount, operation)
        try Self.check(fileName, "file name", 0...Self.maximumFileNameByteCount, operation)
        try Self.check(contentType, "content type", 0...Self.maximumShortTextByteCount, operation)
        try Self.check(etag?.text, "etag", 0...Self.maximumShortTextByteCount, operation)
        if let byteCount, byteCount < 0 {
            let message = "the byte count is \(byteCount); it can't be negative"
            throw BlobError(.invalidArgument, operation: operation, message: message)
        }
        for (name, date) in [("created", created), ("uploaded", uploaded), ("expires", expires)] {
            guard let date, !DocumentTime.range.contains(DocumentTime.milliseconds(of: date)) else {
                continue
            }
            let message = "the time \"\(name)\" is out of bounds; a record's times are from the "
            throw BlobError(
                .invalidArgument,
                operation: operation,
                message: message + "year 1970 to the year 9999"
            )
        }
        try attributes.validate(operation: operation)
    }

    private static func check(
        _ text: String?,
        _ name: String,
        _ range: ClosedRange<Int>,
        _ operation: String
    ) throws {
        guard let count = text?.utf8.count, !range.contains(count) else { return }
        let bounds = "\(range.lowerBound) to \(range.upperBound)"
        let message = "the \(name) has \(count) bytes; it has \(bounds)"
        throw BlobError(.invalidArgument, operation: operation, message: message)
    }

    /// Decides whether an update of this record may replace the one that is there.
    ///
    /// - Parameter current: The record that is there; `nil` if there is none.
    /// - Returns: The record to keep, with its new version.
    /// - Throws: ``BlobError`` of kind `notFound`, `preconditionFailed` or `invalidArgument`.
    public func replacing(_ current: DocumentRecord?) throws -> DocumentRecord {
        try replacing(version: current?.version, created: current?.created)
    }

    /// Decides whether an update of this record may replace one with this version and this time of
    /// creation; `nil` if there is none.
    package func replacing(version found: Int64?, created foundTime: Date?) throws -> DocumentRecord
    {
        guard let found else { throw BlobError.noSuchDocument(id, "update") }
        guard found == version else {
            throw BlobError.versionConflict(id, found: found, version, "update")
        }
        guard foundTime == created else {
            let message = "the time \"created\" of the record \"\(id)\" can't change"
            throw BlobError(.invalidArgument, operation: "update", message: message)
        }
        var next = self
        next.version = version + 1
        return next
    }
}

extension BlobError {
    /// There is no record of that id.
    package static func noSuchDocument(_ id: DocumentID, _ operation: String) -> BlobError {
        BlobError(.notFound, operation: operation, message: "there is no record \"\(id)\"")
    }

    /// A record of that id is there already.
    package static func documentExists(_ id: DocumentID) -> BlobError {
        BlobError(
            .alreadyExists,
            operation: "insert",
            message: "there is a record \"\(id)\" already; ids are used once"
        )
    }

    /// The record is not the version that the caller's change is based on.
    package static func versionConflict(
        _ id: DocumentID,
        found: Int64,
        _ expected: Int64,
        _ operation: String
    ) -> BlobError {
        BlobError(
            .preconditionFailed,
            operation: operation,
            message: "the record \"\(id)\" has version \(found), not \(expected); read it again"
        )
    }
}
