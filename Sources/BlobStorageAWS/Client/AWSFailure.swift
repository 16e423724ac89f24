internal import BlobStorage
package import BlobStorageHTTP

/// Why a request failed for good: what a service's client makes its own errors of.
package struct AWSFailure: Error, Sendable {
    /// What an error answer said.
    package struct Answer: Sendable, Hashable {
        package var status: Int
        package var headers: HTTPHeaders
        /// The service's name for the error; `nil` if the answer had no readable body.
        package var code: String?
        package var message: String?
        package var requestID: String?
        /// Further elements of the error document, such as `Region`, by name; only those that can't
        /// hold a secret.
        package var details: [String: String]

        package init(
            status: Int,
            headers: HTTPHeaders = HTTPHeaders(),
            code: String? = nil,
            message: String? = nil,
            requestID: String? = nil,
            details: [String: String] = [:]
        ) {
            self.status = status
            self.headers = headers
            self.code = code
            self.message = message
            self.requestID = requestID
            self.details = details
        }
    }

    package enum Cause: Sendable {
        /// The service answered with an error, or with 200 and an error in the body.
        case answer(Answer)
        /// There was no answer, or no end of it.
        case transport(HTTPError)
        /// An answer that isn't what the protocol promises: cut, malformed, a field missing.
        case badAnswer(String)
        /// The time given for all attempts was up.
        case deadline
    }

    package var cause: Cause
    /// How many times the request was sent.
    package var attemptCount: Int
    /// Whether an attempt whose outcome nobody knows may have done what was asked.
    package var mayHaveHappened: Bool
    /// Why the attempt before the deadline failed, if the cause is the deadline.
    package var lastCause: Cause?

    package init(
        _ cause: Cause,
        attemptCount: Int = 1,
        mayHaveHappened: Bool = false,
        lastCause: Cause? = nil
    ) {
        self.cause = cause
        self.attemptCount = attemptCount
        self.mayHaveHappened = mayHaveHappened
        self.lastCause = lastCause
    }

    /// What the service answered, if it did.
    package var answer: Answer? {
        guard case .answer(let answer) = cause else { return nil }
        return answer
    }
}

extension AWSFailure: CustomStringConvertible {
    /// The cause, what may have happened and the number of attempts; no header's value.
    package var description: String {
        var text = "\(cause)"
        if let lastCause { text += "; before that: \(lastCause)" }
        if attemptCount > 1 { text += "; sent \(attemptCount) times" }
        if mayHaveHappened { text += "; it may have taken effect" }
        return text
    }
}

extension AWSFailure.Cause: CustomStringConvertible {
    package var description: String {
        switch self {
        case .answer(let answer): "\(answer)"
        case .transport(let error): error.message
        case .badAnswer(let message): message
        case .deadline: "the time given for all attempts is up"
        }
    }
}

extension AWSFailure.Answer: CustomStringConvertible {
    /// What the service said, fit for an error message.
    package var description: String {
        var text = "HTTP \(status)"
        if let code { text += " \(EscapedText(code))" }
        if let message { text += ": \(EscapedText(message))" }
        return text
    }
}
