internal import BlobStorage
internal import BlobStorageHTTP

/// Answers that say that credentials are expired or unknown, so that others may be accepted.
enum CredentialsRefusal {
    /// Whether an answer refuses the credentials themselves, rather than what they were used for.
    static func isMeant(
        by answer: AWSFailure.Answer,
        credentials: AWSCredentials
    ) -> Bool {
        if let code = answer.code { return codes.contains(code) }
        // The answer to HEAD has no code, but a date.
        guard answer.status == 400 || answer.status == 403,
            let expiration = credentials.expiration,
            let date = answer.headers["Date"].flatMap({ HTTPDate.parse($0) })
        else { return false }
        return date >= expiration
    }

    private static let codes: Set<String> = [
        "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "InvalidToken",
        "InvalidAccessKeyId", "InvalidClientTokenId", "UnrecognizedClientException",
        "InvalidSecurity",
    ]
}
