package import BlobStorageAWS
import BlobStorageHTTP
import BlobStorageXML

/// What `GetObjectTagging` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html
package struct S3TaggingAnswer: Sendable {
    /// Values by names.
    package let tags: [String: String]

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "Tagging", head: head).root
        guard let set = root.child("TagSet") else { throw .bad("<Tagging> has no <TagSet>") }
        var tags: [String: String] = [:]
        for node in set.children(named: "Tag") {
            let name = try node.required("Key")
            guard tags.updateValue(try node.required("Value"), forKey: name) == nil else {
                throw .bad("<TagSet> has a name twice")
            }
        }
        self.tags = tags
    }
}

/// What `GetBucketLocation` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
package struct S3LocationAnswer: Sendable {
    /// The bucket's region: an empty constraint is `us-east-1`, `EU` is `eu-west-1`.
    package let region: String

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "LocationConstraint", head: head).root
        // Some stores put the element into another one of the same name.
        let text = (root.child("LocationConstraint") ?? root).text.withoutBlanks
        switch text {
        case "": region = "us-east-1"
        case "EU": region = "eu-west-1"
        default: region = text
        }
    }
}

/// What `GetBucketCors` answered.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketCors.html
package struct S3CORSAnswer: Sendable {
    /// The rules, in their order.
    package let rules: [CORSRule]

    /// Reads an answer.
    ///
    /// - Throws: `AWSFailure`.
    package init(_ body: [UInt8], head: S3AnswerHead = S3AnswerHead()) throws(AWSFailure) {
        let root = try S3Document(body, root: "CORSConfiguration", head: head).root
        var rules: [CORSRule] = []
        for node in root.children(named: "CORSRule") {
            func texts(_ name: StaticString) -> [String] {
                node.children(named: name).map(\.text.withoutBlanks)
            }
            let hasAge = node.filled("MaxAgeSeconds") != nil
            rules.append(
                CORSRule(
                    origins: texts("AllowedOrigin"),
                    methods: Set(texts("AllowedMethod")),
                    allowedHeaders: texts("AllowedHeader"),
                    exposedHeaders: texts("ExposeHeader"),
                    maximumAgeSeconds: hasAge
                        ? Int(clamping: try node.requiredNumber("MaxAgeSeconds")) : nil
                )
            )
        }
        self.rules = rules
    }
}
