internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler

/// S3's own codes and messages.
extension GatewayError {
    static var invalidURI: GatewayError {
        GatewayError(400, "InvalidURI", "Couldn't parse the specified URI.")
    }

    static var noSuchBucket: GatewayError {
        GatewayError(404, "NoSuchBucket", "The specified bucket does not exist")
    }

    static func invalidBucketName(_ name: String) -> GatewayError {
        var error = GatewayError(400, "InvalidBucketName", "The specified bucket is not valid.")
        error.details = [("BucketName", name)]
        return error
    }

    static var noSuchKey: GatewayError {
        GatewayError(404, "NoSuchKey", "The specified key does not exist.")
    }

    static var noSuchUpload: GatewayError {
        GatewayError(
            404,
            "NoSuchUpload",
            "The specified upload does not exist. The upload ID may be invalid, or the upload may "
                + "have been aborted or completed."
        )
    }

    /// No bucket keeps versions, so the only one has no id.
    static var noVersion: GatewayError {
        GatewayError(400, "InvalidArgument", "Invalid version id specified")
    }

    static var denied: GatewayError { GatewayError(403, "AccessDenied", "Access Denied") }

    static func keyTooLong(_ byteCount: Int) -> GatewayError {
        var error = GatewayError(400, "KeyTooLongError", "Your key is too long")
        error.details = [("Size", String(byteCount)), ("MaxSizeAllowed", "1024")]
        return error
    }

    static func invalidArgument(_ message: String) -> GatewayError {
        GatewayError(400, "InvalidArgument", message)
    }

    static func invalidRequest(_ message: String) -> GatewayError {
        GatewayError(400, "InvalidRequest", message)
    }

    static var malformedXML: GatewayError {
        GatewayError(
            400,
            "MalformedXML",
            "The XML you provided was not well-formed or did not validate against our published "
                + "schema"
        )
    }

    /// What was asked for, by its name in S3's reference, or a header's name.
    static func notImplemented(_ name: String) -> GatewayError {
        GatewayError(
            501,
            "NotImplemented",
            "A header or operation you provided implies functionality that is not implemented: "
                + name
        )
    }

    static func preconditionFailed(_ condition: String) -> GatewayError {
        var error = GatewayError(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold"
        )
        error.details = [("Condition", condition)]
        return error
    }

    static var notModified: GatewayError { GatewayError(304, "NotModified", "Not Modified") }

    /// Tells which version the client has already, and the length that `200` would have: without it some
    /// servers can't tell that there is no body to come (RFC 9110, section 8.6).
    static func notModified(_ current: BlobAttributes) -> GatewayError {
        var error = notModified
        error.headers["ETag"] = current.etag.text
        error.headers["Last-Modified"] = HTTPDate.text(current.lastModified)
        error.headers["Content-Length"] = String(current.byteCount)
        return error
    }

    static func methodNotAllowed(_ method: String) -> GatewayError {
        var error = GatewayError(
            405,
            "MethodNotAllowed",
            "The specified method is not allowed against this resource."
        )
        error.details = [("Method", method)]
        return error
    }

    static func entityTooLarge(_ found: Int64, limit: Int64) -> GatewayError {
        var error = GatewayError(
            400,
            "EntityTooLarge",
            "Your proposed upload exceeds the maximum allowed size"
        )
        error.details = [("ProposedSize", String(found)), ("MaxSizeAllowed", String(limit))]
        return error
    }

    static var missingContentLength: GatewayError {
        GatewayError(
            411,
            "MissingContentLength",
            "You must provide the Content-Length HTTP header."
        )
    }

    static var internalError: GatewayError {
        GatewayError(
            500,
            "InternalError",
            "We encountered an internal error. Please try again."
        )
    }
}
