internal import Foundation

extension PolicyDocument {
    /// Checks a form against the policy.
    ///
    /// - Parameters:
    ///   - fields: The fields before the file, the key with its file name put in.
    ///   - bucket: The bucket that the form was sent to.
    ///   - now: The time.
    /// - Throws: `GatewayError` if the policy has expired, a condition fails, or a field has none.
    func check(
        _ fields: FormFields,
        bucket: String,
        at now: Date
    ) throws(GatewayError) {
        guard now < expiration else {
            throw .accessDenied("Invalid according to Policy: Policy expired.")
        }
        var covered: Set<[UInt8]> = []
        for condition in conditions {
            let isBucket = condition.name.utf8.elementsEqual("bucket".utf8)
            guard let value = isBucket ? bucket : fields[condition.name],
                condition.isMet(by: value)
            else {
                throw .accessDenied(
                    "Invalid according to Policy: Policy Condition failed: \(condition.text)"
                )
            }
            covered.insert([UInt8](condition.name.utf8))
        }
        // The bucket is a field of every form, so a policy that doesn't name it is good for none.
        guard covered.contains([UInt8]("bucket".utf8)) else {
            throw .accessDenied("Invalid according to Policy: Extra input fields: bucket")
        }
        for (name, value) in fields.pairs where !Self.isExempt(name) {
            let isOther =
                name.utf8.elementsEqual("bucket".utf8) && !value.utf8.elementsEqual(bucket.utf8)
            guard covered.contains([UInt8](name.utf8)), !isOther else {
                throw .accessDenied("Invalid according to Policy: Extra input fields: \(name)")
            }
        }
    }

    /// Fields that need no condition.
    private static func isExempt(_ name: String) -> Bool {
        ["policy", "x-amz-signature"].contains(name) || name.utf8.starts(with: "x-ignore-".utf8)
    }
}

extension PolicyDocument.Condition {
    /// Whether a value is what the condition wants, compared by bytes.
    func isMet(by found: String) -> Bool {
        switch test {
        case .equals: found.utf8.elementsEqual(value.utf8)
        case .startsWith: values(in: found).allSatisfy { $0.utf8.starts(with: value.utf8) }
        }
    }

    /// The types of a list, each of which must meet the condition; any other field is one value.
    ///
    /// S3 says that types "that include commas are interpreted as lists". A comma between quotes counts
    /// too: browsers disagree on where quotes end, and one must not find a type that was not checked.
    private func values(in found: String) -> [String] {
        guard name.utf8.elementsEqual("content-type".utf8) else { return [found] }
        let types = found.utf8.split(separator: UInt8(ascii: ","))
            .map { String(decoding: $0, as: UTF8.self).trimmed }
            .filter { !$0.isEmpty }
        return types.isEmpty ? [found] : types
    }
}
