import BlobStorage

/// What goes wrong with one request.
enum Fault: Sendable, Hashable {
    /// What the server did before its answer got lost.
    enum Effect: Sendable, Hashable, CaseIterable {
        case nothing
        case all
    }

    /// No connection.
    case refuse
    /// The connection is reset before the body is sent.
    case resetBefore
    /// It is reset in the middle of the body.
    case resetMid
    /// It is reset after the body.
    case resetAfter(Effect)
    /// Nothing more comes until a time limit passes.
    case stall(Effect)
    /// The answer comes in pieces, each just in time.
    case trickle
    /// The answer's body breaks off.
    case truncate
    /// An error answer.
    case status(Int, String, retryAfter: Int?, Effect)
    /// 200, and an error in the body.
    case okWithError(Effect)
    /// The answer's length is off by so much.
    case wrongLength(Int)
    /// `Content-Range` is another than was asked for.
    case wrongRange
    /// A bit of the body flips on its way.
    case wrongChecksum
    /// The answer names another etag.
    case wrongETag
    /// The session token is expired from now on.
    case expiredToken
    /// The client's clock is off by so many seconds from now on.
    case clock(Int)

    static func random(using random: inout some RandomNumberGenerator) -> Fault {
        let effect = Effect.allCases.randomElement(using: &random) ?? .nothing
        func status(_ status: Int, _ code: String, _ effect: Effect) -> Fault {
            let delay = Bool.random(using: &random) ? Int.random(in: 1...40, using: &random) : nil
            return .status(status, code, retryAfter: delay, effect)
        }
        switch Int.random(in: 0..<24, using: &random) {
        case 0: return .refuse
        case 1: return .resetBefore
        case 2: return .resetMid
        case 3: return .resetAfter(effect)
        case 4: return .stall(effect)
        case 5: return .trickle
        case 6: return .truncate
        case 7: return status(408, "RequestTimeout", .nothing)
        case 8: return status(409, "ConditionalRequestConflict", .nothing)
        case 9: return status(412, "PreconditionFailed", .nothing)
        case 10: return status(429, "TooManyRequests", .nothing)
        case 11: return status(500, "InternalError", effect)
        case 12: return status(502, "", effect)
        case 13: return status(503, "SlowDown", .nothing)
        case 14: return status(503, "ServiceUnavailable", effect)
        case 15: return status(504, "", effect)
        case 16: return .okWithError(effect)
        case 17: return .wrongLength(Bool.random(using: &random) ? 1 : -1)
        case 18: return .wrongRange
        case 19: return .wrongChecksum
        case 20: return .wrongETag
        case 21: return .expiredToken
        case 22: return .clock(Bool.random(using: &random) ? 1_200 : -1_200)
        default: return .resetAfter(.all)
        }
    }

    /// Whether nobody can tell from the answer if the server did what was asked.
    var isAmbiguous: Bool {
        switch self {
        case .resetBefore, .resetMid, .resetAfter, .stall, .truncate, .trickle, .okWithError: true
        case .status(let status, let code, _, _): status >= 500 && code != "SlowDown"
        case .refuse, .wrongLength, .wrongRange, .wrongChecksum, .wrongETag, .expiredToken, .clock:
            false
        }
    }

    /// The kinds of error that are right if an operation ends in one.
    var kinds: Set<BlobError.Kind> {
        switch self {
        case .refuse, .resetBefore, .resetMid, .resetAfter, .truncate, .okWithError, .wrongRange:
            [.unavailable]
        case .stall, .trickle: [.timedOut]
        case .status(408, _, _, _): [.timedOut]
        case .status(409, _, _, _): [.conflict]
        // An If-Match of the store's own, on a read that goes on, fails as a conflict.
        case .status(412, _, _, _): [.preconditionFailed, .alreadyExists, .conflict]
        case .status(429, _, _, _): [.throttled]
        // The answer to a HEAD does not say that it is to slow down.
        case .status(_, "SlowDown", _, _): [.throttled, .unavailable]
        case .status: [.unavailable]
        // A byte less is found by the checksum, one more by the server at its end.
        case .wrongLength: [.unavailable, .integrityFailure, .conflict]
        case .wrongChecksum: [.integrityFailure]
        // A part is completed, or a copy or read pinned, by an etag that isn't there.
        case .wrongETag: [.invalidArgument, .preconditionFailed, .conflict]
        // One is survived; see ``FaultJudge``.
        case .expiredToken, .clock: []
        }
    }
}
