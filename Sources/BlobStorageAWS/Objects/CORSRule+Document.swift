package import BlobStorageXML

extension CORSRule {
    /// The most rules of a bucket.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
    package static let maximumCount = 100

    /// The methods that a rule may name.
    package static let knownMethods: Set = ["GET", "HEAD", "PUT", "POST", "DELETE"]

    /// Writes the rule as its element of `CORSConfiguration`.
    package func write(to xml: inout XMLWriter) {
        xml.element("CORSRule") { xml in
            for header in allowedHeaders { xml.element("AllowedHeader", header) }
            for method in methods.sorted() { xml.element("AllowedMethod", method) }
            for origin in origins { xml.element("AllowedOrigin", origin) }
            for header in exposedHeaders { xml.element("ExposeHeader", header) }
            if let seconds = maximumAgeSeconds { xml.element("MaxAgeSeconds", String(seconds)) }
        }
    }
}
