internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageHandler
internal import BlobStorageXML

extension HTTPServerResponse {
    /// The document of `GetBucketLifecycleConfiguration`.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLifecycleConfiguration.html
    static func lifecycleConfiguration(_ rules: [LifecycleRule]) -> HTTPServerResponse {
        .document("LifecycleConfiguration", reservingByteCount: 256 * (rules.count + 1)) { xml in
            for rule in rules { rule.write(to: &xml) }
        }
    }
}

extension LifecycleRule {
    fileprivate func write(to xml: inout XMLWriter) {
        xml.element("Rule") { xml in
            if let expiration { write(expiration, to: &xml) }
            xml.element("ID", id)
            xml.element("Filter") { xml in
                if conditionCount > 1 {
                    xml.element("And") { writeConditions(to: &$0) }
                } else {
                    writeConditions(to: &xml)
                }
            }
            xml.element("Status", isEnabled ? "Enabled" : "Disabled")
            if let abortUploadsAfterDays {
                xml.element("AbortIncompleteMultipartUpload") { xml in
                    xml.element("DaysAfterInitiation", "\(abortUploadsAfterDays)")
                }
            }
        }
    }

    private var conditionCount: Int {
        let conditions = [!prefix.isEmpty, largerThan != nil, smallerThan != nil]
        return tags.count + conditions.count { $0 }
    }

    private func writeConditions(to xml: inout XMLWriter) {
        if !prefix.isEmpty || conditionCount == 0 { xml.element("Prefix", prefix) }
        for (name, value) in tags.sorted(by: { UTF8Order.compare($0.key, $1.key) < 0 }) {
            xml.element("Tag") { xml in
                xml.element("Key", name)
                xml.element("Value", value)
            }
        }
        if let largerThan { xml.element("ObjectSizeGreaterThan", "\(largerThan)") }
        if let smallerThan { xml.element("ObjectSizeLessThan", "\(smallerThan)") }
    }

    private func write(_ expiration: Expiration, to xml: inout XMLWriter) {
        xml.element("Expiration") { xml in
            switch expiration {
            case .after(let days): xml.element("Days", "\(days)")
            case .on(let date):
                xml.element("Date", AWSDate.extended(date, withMilliseconds: true))
            }
        }
    }
}
