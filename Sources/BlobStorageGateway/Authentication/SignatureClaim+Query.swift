internal import BlobStorage
internal import BlobStorageAWS
internal import Foundation

extension SignatureClaim {
    /// What a presigned URL must have.
    static let parameterNames = [
        "X-Amz-Algorithm", "X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders",
        "X-Amz-Signature",
    ]
    /// What belongs to the signature, and is no header moved into the query.
    static let allParameterNames = parameterNames + ["X-Amz-Security-Token"]

    /// Reads the parameters of a presigned URL.
    ///
    /// - Throws: `GatewayError` if one is missing, malformed or there twice.
    init(query parameters: QueryParameters) throws(GatewayError) {
        for name in Self.allParameterNames {
            let isRepeated =
                parameters.pairs.reduce(0) { $0 + (UTF8Order.equal($1.name, name) ? 1 : 0) } > 1
            guard !isRepeated else {
                throw .malformedParameters("The \(name) parameter is there twice")
            }
        }
        func value(_ name: String) throws(GatewayError) -> String {
            guard let value = parameters[name] else {
                throw .malformedParameters(
                    "Query-string authentication version 4 requires the X-Amz-Algorithm, "
                        + "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
                        + "X-Amz-Expires parameters."
                )
            }
            return value
        }
        guard try value("X-Amz-Algorithm") == Self.algorithm else {
            throw .malformedParameters("X-Amz-Algorithm only supports \"\(Self.algorithm)\"")
        }
        let place = Place.query(expirySeconds: try Self.expirySeconds(value("X-Amz-Expires")))
        guard let date = Self.strictDate(try value("X-Amz-Date")) else {
            throw .malformedParameters(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            )
        }
        try self.init(
            place,
            credential: try CredentialText(value("X-Amz-Credential"), place),
            date: date,
            signedHeaders: try Self.names(value("X-Amz-SignedHeaders"), place),
            signature: try value("X-Amz-Signature"),
            token: parameters["X-Amz-Security-Token"]
        )
    }

    /// A number of seconds in decimal digits and nothing else.
    private static func expirySeconds(_ text: String) throws(GatewayError) -> Int {
        guard (1...6).contains(text.utf8.count),
            text.utf8.allSatisfy(SignatureClaim.isDigit), let seconds = Int(text)
        else {
            throw .malformedParameters("X-Amz-Expires should be a number from 1 to 604800")
        }
        guard SigV4Signer.expirySeconds.contains(Int64(seconds)) else {
            let problem =
                seconds == 0
                ? "X-Amz-Expires must be at least 1 second"
                : "X-Amz-Expires must be less than a week (in seconds); that is, the given "
                    + "X-Amz-Expires must be less than 604800 seconds"
            throw .malformedParameters(problem)
        }
        return seconds
    }
}
