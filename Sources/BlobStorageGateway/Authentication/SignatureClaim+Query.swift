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
        // By their places in `allParameterNames`.
        var values: [String?] = [nil, nil, nil, nil, nil, nil, nil]
        for pair in parameters.pairs {
            guard let index = Self.index(ofParameter: pair.name) else { continue }
            guard values[index] == nil else {
                throw .malformedParameters("The \(pair.name) parameter is there twice")
            }
            values[index] = pair.value
        }
        guard let algorithm = values[0], let credential = values[1], let dateText = values[2],
            let expires = values[3], let signedHeaders = values[4], let signature = values[5]
        else {
            throw .malformedParameters(
                "Query-string authentication version 4 requires the X-Amz-Algorithm, "
                    + "X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and "
                    + "X-Amz-Expires parameters."
            )
        }
        guard UTF8Order.equal(algorithm, Self.algorithm) else {
            throw .malformedParameters("X-Amz-Algorithm only supports \"\(Self.algorithm)\"")
        }
        let place = Place.query(expirySeconds: try Self.expirySeconds(expires))
        guard let date = Self.strictDate(dateText) else {
            throw .malformedParameters(
                "X-Amz-Date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            )
        }
        try self.init(
            place,
            credential: try CredentialText(credential, place),
            date: date,
            signedHeaders: try Self.names(signedHeaders, place),
            signature: signature,
            token: values[6]
        )
    }

    /// The place of a name in ``allParameterNames``.
    private static func index(ofParameter name: String) -> Int? {
        guard name.utf8.first == UInt8(ascii: "X") else { return nil }
        return allParameterNames.firstIndex { UTF8Order.equal($0, name) }
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
