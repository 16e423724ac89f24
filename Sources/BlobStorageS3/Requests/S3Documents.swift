package import BlobStorage
package import BlobStorageAWS
import BlobStorageXML

/// The documents that requests carry.
package enum S3Documents {
    private static let namespace: StaticString = "http://s3.amazonaws.com/doc/2006-03-01/"

    /// The body of `CompleteMultipartUpload`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html
    package static func completeMultipartUpload(_ parts: [UploadedPart]) -> [UInt8] {
        // Number, etag and tags of a part have about 120 bytes.
        var xml = XMLWriter(reservingByteCount: 128 + parts.count * 128)
        xml.element("CompleteMultipartUpload", namespace: namespace) { xml in
            for part in parts {
                xml.element("Part") { xml in
                    xml.element("PartNumber", String(part.number))
                    xml.element("ETag", part.etag.text)
                }
            }
        }
        return xml.bytes
    }

    /// The body of `DeleteObjects`.
    ///
    /// - Parameters:
    ///   - keys: The objects, up to the vendor's count of them; see ``canName(_:)``.
    ///   - versionIDs: The versions to delete for good; an object without one is deleted as such.
    ///   - isQuiet: Whether the answer names only what failed.
    /// - Returns: The document.
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html
    package static func delete(
        _ keys: [BlobKey],
        versionIDs: [BlobKey: String] = [:],
        isQuiet: Bool = true
    ) -> [UInt8] {
        var xml = XMLWriter(reservingByteCount: 128 + keys.count * 96)
        xml.element("Delete", namespace: namespace) { xml in
            for key in keys {
                xml.element("Object") { xml in
                    xml.element("Key", key.text)
                    if let versionID = versionIDs[key] { xml.element("VersionId", versionID) }
                }
            }
            if isQuiet { xml.element("Quiet", "true") }
        }
        return xml.bytes
    }

    /// Whether a key can stand in ``delete(_:versionIDs:isQuiet:)``: XML 1.0 has no way to write most control
    /// characters, so a key with one is deleted by itself.
    ///
    /// - SeeAlso: https://www.w3.org/TR/xml/#charsets
    package static func canName(_ key: BlobKey) -> Bool {
        key.text.unicodeScalars.allSatisfy { scalar in
            switch scalar.value {
            case 0x09, 0x0A, 0x0D: true
            case 0..<0x20, 0xFFFE, 0xFFFF: false
            default: true
            }
        }
    }

    /// The body of `CreateBucket`; `nil` where the region must not be named.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html
    package static func createBucket(region: String) -> [UInt8]? {
        // us-east-1 is what no constraint means, and AWS refuses it as one.
        guard region != "us-east-1", region != S3EndpointParameters.globalRegion else { return nil }
        var xml = XMLWriter()
        xml.element("CreateBucketConfiguration", namespace: namespace) { xml in
            xml.element("LocationConstraint", region)
        }
        return xml.bytes
    }

    /// The body of `PutObjectTagging`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html
    package static func tagging(_ tags: BlobTags) -> [UInt8] {
        var xml = XMLWriter()
        xml.element("Tagging", namespace: namespace) { xml in
            xml.element("TagSet") { xml in
                for (name, value) in tags.pairs {
                    xml.element("Tag") { xml in
                        xml.element("Key", name)
                        xml.element("Value", value)
                    }
                }
            }
        }
        return xml.bytes
    }

    /// The body of `PutBucketCors`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketCors.html
    package static func cors(_ rules: [CORSRule]) -> [UInt8] {
        var xml = XMLWriter()
        xml.element("CORSConfiguration", namespace: namespace) { xml in
            for rule in rules { rule.write(to: &xml) }
        }
        return xml.bytes
    }
}
