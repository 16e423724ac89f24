internal import BlobStorageHandler

/// The refusals of signatures, with S3's codes and messages.
extension GatewayError {
    static func accessDenied(_ message: String) -> GatewayError {
        GatewayError(403, "AccessDenied", message)
    }

    /// Signature Version 2, which has no place here any more.
    static var oldSignature: GatewayError {
        GatewayError(
            400,
            "InvalidRequest",
            "The authorization mechanism you have provided is not supported. Please use "
                + "AWS4-HMAC-SHA256."
        )
    }

    static func missingHeader(_ name: String) -> GatewayError {
        GatewayError(
            400,
            "InvalidRequest",
            "Missing required header for this request: \(name)"
        )
    }

    static func malformedAuthorization(_ problem: String) -> GatewayError {
        GatewayError(
            400,
            "AuthorizationHeaderMalformed",
            "The authorization header is malformed; \(problem)"
        )
    }

    static func malformedParameters(_ problem: String) -> GatewayError {
        GatewayError(400, "AuthorizationQueryParametersError", problem)
    }

    static func unknownAccessKey(_ id: String) -> GatewayError {
        var error = GatewayError(
            403,
            "InvalidAccessKeyId",
            "The AWS Access Key Id you provided does not exist in our records."
        )
        error.details = [("AWSAccessKeyId", id)]
        return error
    }

    static var signatureDoesNotMatch: GatewayError {
        GatewayError(
            403,
            "SignatureDoesNotMatch",
            "The request signature we calculated does not match the signature you provided. Check "
                + "your key and signing method."
        )
    }

    static var invalidToken: GatewayError {
        GatewayError(
            400,
            "InvalidToken",
            "The provided token is malformed or otherwise invalid."
        )
    }

    static var expiredToken: GatewayError {
        GatewayError(400, "ExpiredToken", "The provided token has expired.")
    }
}
