/// The names and values of a query or of a form's body.
enum FormText {
    /// Joins fields as `name=value&…`, each byte but letters, digits and `-._~` percent-encoded.
    static func join(_ fields: [(String, String)]) -> String {
        fields.map { name, value in
            "\(AWSPercentEncoding.encode(name))=\(AWSPercentEncoding.encode(value))"
        }.joined(separator: "&")
    }
}
