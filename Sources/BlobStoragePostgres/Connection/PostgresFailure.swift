import BlobStorage

/// A call of PostgreSQL that failed.
struct PostgresFailure: Error, Sendable, Hashable {
    /// The five characters of the error's code in the SQL standard; empty if no server said anything.
    let state: String
    /// What PostgreSQL, or its library, says.
    let message: String
    /// Whether the connection is gone, and with it the answer of what was under way.
    let isLost: Bool
    /// Whether the time for an answer was over.
    var isTimeout = false

    /// Whether the server takes no changes.
    var isOfStandby: Bool { state == "25006" }

    /// Whether the same statements may do better at once: others were in the way, or the server that
    /// they went to ended, or is the wrong one.
    var isWorthAnotherAttempt: Bool {
        isLost && !isTimeout || isOfStandby || ["40001", "40P01"].contains(state)
    }

    /// The kind of error that it is to the store's caller.
    var kind: BlobError.Kind {
        switch state {
        case "": return isTimeout ? .timedOut : .unavailable
        case "42501": return .permissionDenied
        case "3D000", "42P01", "3F000": return .storeNotFound
        case "53100": return .outOfSpace
        case "53300": return .throttled
        case "55P03", "57014": return .timedOut
        case "XX001", "XX002": return .corrupted
        default: break
        }
        switch state.prefix(2) {
        case "28": return .unauthenticated
        case "40": return .conflict
        case "54": return .tooLarge
        // The server, or the table, is not what the statements are made for.
        case "0A", "22", "23", "42": return .unsupported
        default: return .unavailable
        }
    }

    /// The error for the store's caller.
    ///
    /// - Parameters:
    ///   - operation: What was called.
    ///   - address: Which database.
    /// - Returns: The error.
    func error(_ operation: String, _ address: PostgresAddress) -> BlobError {
        var text = "the database \(address): \(EscapedText(message))"
        if state == "42P01" { text += "; prepare() makes the table" }
        if !state.isEmpty { text += " (SQLSTATE \(state))" }
        return BlobError(kind, operation: operation, message: text)
    }
}

extension PostgresFailure {
    /// A connection that could not be made.
    ///
    /// - Parameter text: All that libpq tells: `… failed: FATAL:  28P01: password … LOCATION: …`; the
    ///   words before the code are in the server's language.
    init(refusal text: String) {
        let code = #/:  ([0-9A-Z]{5}): /#
        guard let match = text.firstMatch(of: code) else {
            self.init(state: "", message: text, isLost: true)
            return
        }
        let state = String(match.output.1)
        let rest = text[match.range.upperBound...].prefix { $0 != ";" }
        self.init(
            state: state,
            message: text[..<match.range.lowerBound] + ": " + rest,
            isLost: state.hasPrefix("57P")
        )
    }
}
