internal import Foundation

extension SignatureClaim {
    /// What a form with a policy must have.
    private static let fieldNames = [
        "policy", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature",
    ]

    /// Reads the fields of a form; `nil` if it has neither policy nor signature.
    ///
    /// - Throws: `GatewayError` if one is missing or malformed.
    init?(form fields: FormFields) throws(GatewayError) {
        guard fields["awsaccesskeyid"] == nil, fields["signature"] == nil else {
            throw .oldSignature
        }
        guard Self.fieldNames.contains(where: { fields[$0] != nil }) else { return nil }
        for name in Self.fieldNames where fields[name] == nil {
            throw GatewayError(
                400,
                "InvalidArgument",
                "Bucket POST must contain a field named '\(name)'.  If it is specified, please check "
                    + "the order of the fields."
            )
        }
        guard fields["x-amz-algorithm"] == Self.algorithm else {
            throw Self.malformed(.form, "x-amz-algorithm only supports \"\(Self.algorithm)\"")
        }
        guard let date = Self.strictDate(fields["x-amz-date"] ?? "") else {
            throw Self.malformed(
                .form,
                "x-amz-date must be in the ISO8601 Long Format \"yyyyMMdd'T'HHmmss'Z'\""
            )
        }
        try self.init(
            .form,
            credential: try CredentialText(fields["x-amz-credential"] ?? "", .form),
            date: date,
            signedHeaders: [],
            signature: fields["x-amz-signature"] ?? "",
            token: fields["x-amz-security-token"]
        )
    }
}
