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
        /// Further elements of the error document, such as `Region`, by name.
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

    package init(_ cause: Cause, attemptCount: Int = 1, mayHaveHappened: Bool = false) {
        self.cause = cause
        self.attemptCount = attemptCount
        self.mayHaveHappened = mayHaveHappened
    }

    /// What the service answered, if it did.
    package var answer: Answer? {
        guard case .answer(let answer) = cause else { return nil }
        return answer
    }
}
