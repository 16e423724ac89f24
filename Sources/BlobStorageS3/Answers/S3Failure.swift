package import BlobStorage
package import BlobStorageAWS
import BlobStorageHTTP

/// What an operation was about, so that its failure can be told in the store's words.
package struct S3FailureContext: Sendable {
    /// The store's name for the operation, such as `put`.
    package var operation: String
    package var key: BlobKey?
    /// The condition that was sent with a change.
    package var condition: WriteCondition
    /// Whether the operation changes what the store keeps.
    package var isChange: Bool
    /// Whether a failure means that an upload is gone, not a blob.
    package var isUpload: Bool

    package init(
        _ operation: String,
        key: BlobKey? = nil,
        condition: WriteCondition = .none,
        isChange: Bool = false,
        isUpload: Bool = false
    ) {
        self.operation = operation
        self.key = key
        self.condition = condition
        self.isChange = isChange
        self.isUpload = isUpload
    }
}

extension S3FailureContext {
    /// The error that a failure is to the store's caller.
    ///
    /// - Parameter failure: Why a request failed for good.
    /// - Returns: An error of the right kind; `outcomeUnknown` for a change that may have happened.
    package func error(_ failure: AWSFailure) -> BlobError {
        let told = tell(failure)
        guard isChange, failure.mayHaveHappened else { return told }
        return BlobError(
            .outcomeUnknown,
            operation: operation,
            key: key,
            message: "the change may or may not have happened: \(told.message); "
                + "look at what is there before trying again",
            underlying: told.underlying,
            remote: told.remote
        )
    }

    private func tell(_ failure: AWSFailure) -> BlobError {
        let times = failure.attemptCount > 1 ? " (sent \(failure.attemptCount) times)" : ""
        switch failure.cause {
        case .answer(let answer): return error(answer)
        case .badAnswer(let message):
            return make(.unavailable, "the store's answer can't be used: \(message)\(times)")
        case .deadline:
            return make(.timedOut, "the time for the operation was up\(times)")
        case .transport(let error):
            return make(Self.kind(error.kind), error.message + times, underlying: error)
        }
    }

    private static func kind(_ kind: HTTPError.Kind) -> BlobError.Kind {
        switch kind {
        case .invalidRequest: .invalidArgument
        case .timedOut: .timedOut
        case .closed: .closed
        case .connectFailed, .tlsFailed, .connectionLost, .badAnswer: .unavailable
        }
    }

    private func error(_ answer: AWSFailure.Answer) -> BlobError {
        let rule = answer.code.flatMap { S3ErrorCode.rules[$0] } ?? S3ErrorCode.rule(answer.status)
        let kind = adjusted(rule.kind, answer)
        var message = rule.message ?? Self.message(kind, answer)
        if let vendor = answer.message, !vendor.isEmpty {
            message += "; the store says: \(EscapedText(vendor.clipped(to: 300)))"
        }
        message += hint(answer)
        return BlobError(
            kind,
            operation: operation,
            key: key,
            message: message,
            remote: BlobError.RemoteAnswer(
                status: answer.status,
                code: answer.code,
                requestID: answer.requestID
            ),
            isRetryable: rule.isRetryable
        )
    }

    /// The kind that a kind becomes by what was asked.
    private func adjusted(_ kind: BlobError.Kind, _ answer: AWSFailure.Answer) -> BlobError.Kind {
        switch (kind, condition) {
        case (.preconditionFailed, .ifAbsent): .alreadyExists
        // To If-Match on a key without a blob AWS answers 404; to the caller the version is not the
        // one that the condition names.
        case (.notFound, .ifMatches)
        where answer.code == "NoSuchKey" || (!isUpload && answer.code != "NoSuchUpload"):
            .preconditionFailed
        default: kind
        }
    }

    private static func message(_ kind: BlobError.Kind, _ answer: AWSFailure.Answer) -> String {
        switch kind {
        case .alreadyExists: "a blob is there; the condition was that there is none"
        case .preconditionFailed: "the blob is not the version that the condition names"
        case .notFound: "there is no blob"
        case .notModified: "the blob is still the version that the reader has"
        case .permissionDenied:
            "the credentials do not allow it; check the policy of user and bucket"
        case .unauthenticated: "the store does not accept the credentials"
        case .throttled: "the store asks to slow down"
        case .unsupported: "the store can't do this"
        case .conflict: "another change got in the way"
        default: "the store answered with an error"
        }
    }

    /// What else is worth knowing, by code and status.
    private func hint(_ answer: AWSFailure.Answer) -> String {
        if answer.status == 404, answer.code == nil {
            // HEAD has no body, so a missing bucket looks like a missing blob.
            return "; the answer does not say whether the blob or the bucket is missing"
        }
        // HEAD to the wrong region is answered 301 or 400, without a code.
        guard
            Self.redirects.contains(answer.code ?? "")
                || (answer.code == nil && [301, 307, 400].contains(answer.status))
        else { return "" }
        let region = answer.details["Region"] ?? answer.headers["x-amz-bucket-region"]
        let endpoint = answer.details["Endpoint"]
        var hints: [String] = []
        if let region { hints.append("region \"\(EscapedText(region.clipped))\"") }
        if let endpoint { hints.append("endpoint \"\(EscapedText(endpoint.clipped))\"") }
        return hints.isEmpty ? "" : "; the store names \(hints.joined(separator: " and "))"
    }

    private static let redirects: Set<String> = [
        "PermanentRedirect", "TemporaryRedirect", "Redirect", "AuthorizationHeaderMalformed",
        "IllegalLocationConstraintException",
    ]

    private func make(
        _ kind: BlobError.Kind,
        _ message: String,
        underlying: (any Error)? = nil
    ) -> BlobError {
        BlobError(kind, operation: operation, key: key, message: message, underlying: underlying)
    }
}

extension S3FailureContext {
    /// The error of one key in a bulk delete.
    package func error(_ failure: S3DeleteAnswer.Failure) -> BlobError {
        var context = self
        context.key = failure.key
        return context.error(
            AWSFailure(
                .answer(
                    AWSFailure.Answer(status: 200, code: failure.code, message: failure.message)
                )
            )
        )
    }

    /// The error of one key that the answer to a bulk delete does not mention.
    package func unmentioned(_ key: BlobKey) -> BlobError {
        BlobError(
            .outcomeUnknown,
            operation: operation,
            key: key,
            message:
                "the store's answer does not say whether the blob is deleted; look, or try again"
        )
    }
}

extension String {
    /// The text cut to a count of bytes.
    func clipped(to byteCount: Int) -> String {
        utf8.count <= byteCount
            ? self : String(decoding: utf8.prefix(byteCount), as: UTF8.self) + "…"
    }
}
