internal import BlobStorageHandler
internal import BlobStorageXML

extension HTTPServerResponse {
    /// The document of `GetBucketCors`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
    static func corsConfiguration(_ rules: [CORSRule]) -> HTTPServerResponse {
        .document("CORSConfiguration") { xml in
            for rule in rules {
                xml.element("CORSRule") { xml in
                    for header in rule.allowedHeaders { xml.element("AllowedHeader", header) }
                    for method in rule.methods.sorted() { xml.element("AllowedMethod", method) }
                    for origin in rule.origins { xml.element("AllowedOrigin", origin) }
                    for header in rule.exposedHeaders { xml.element("ExposeHeader", header) }
                    if let seconds = rule.maximumAgeSeconds {
                        xml.element("MaxAgeSeconds", String(seconds))
                    }
                }
            }
        }
    }
}
