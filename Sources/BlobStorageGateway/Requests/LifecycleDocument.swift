internal import BlobStorage
internal import BlobStorageAWS
internal import BlobStorageXML
internal import Foundation

/// The document of `PutBucketLifecycleConfiguration`.
///
/// It is read more strictly than others: a condition that was not understood would remove too much.
///
/// - SeeAlso: https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html
struct LifecycleDocument: Sendable {
    /// The most rules of a bucket, as with S3.
    static let maximumRuleCount = 1_000
    /// The most characters of a rule's id, counted as UTF-16 as S3 does.
    static let maximumIDLength = 255

    let rules: [LifecycleRule]

    /// - Throws: `GatewayError` if it is no such document, has a rule that S3 refuses, or one that is
    ///   not done here.
    init(_ bytes: [UInt8]) throws(GatewayError) {
        let root = try XMLNode.request(bytes, root: "LifecycleConfiguration")
        let nodes = root.children
        guard (1...Self.maximumRuleCount).contains(nodes.count),
            nodes.allSatisfy({ $0.isNamed("Rule") }),
            root.text.trimmed.isEmpty
        else { throw .malformedXML }
        if nodes.contains(where: { $0.child("Filter") != nil }),
            nodes.contains(where: { $0.child("Prefix") != nil })
        {
            throw .invalidRequest(
                "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported in "
                    + "the Filter."
            )
        }
        var rules: [LifecycleRule] = []
        var ids: Set<String> = []
        for node in nodes {
            let rule = try Self.rule(node)
            guard ids.insert(rule.id).inserted else {
                throw .invalidArgument(
                    "Rule ID must be unique. Found same ID for more than one rule"
                )
            }
            rules.append(rule)
        }
        self.rules = rules
    }

    private static func rule(_ node: XMLNode) throws(GatewayError) -> LifecycleRule {
        let fields = try Fields(
            node,
            names: ["ID", "Status", "Prefix", "Filter", "Expiration", abort],
            refused: ["Transition", "NoncurrentVersionTransition", "NoncurrentVersionExpiration"]
        )
        var rule = LifecycleRule(id: fields["ID"]?.text ?? "")
        // S3 makes one up, too.
        if rule.id.isEmpty { rule.id = UUID().uuidString }
        guard rule.id.utf16.count <= maximumIDLength else {
            throw .invalidArgument(
                "ID length should not exceed allowed limit of \(maximumIDLength)"
            )
        }
        switch fields["Status"]?.text.trimmed {
        case "Enabled": rule.isEnabled = true
        case "Disabled": rule.isEnabled = false
        default: throw .malformedXML
        }
        if let filter = fields["Filter"] {
            try addFilter(filter, to: &rule)
        } else if let prefix = fields["Prefix"] {
            rule.prefix = try self.prefix(prefix)
        } else {
            throw .malformedXML
        }
        if let node = fields["Expiration"] { rule.expiration = try expiration(node) }
        if let node = fields[abort] {
            let days = try Fields(node, names: ["DaysAfterInitiation"])["DaysAfterInitiation"]
            rule.abortUploadsAfterDays = try self.days(
                days,
                "'DaysAfterInitiation' for AbortIncompleteMultipartUpload"
            )
        }
        try check(rule)
        return rule
    }

    private static let abort = "AbortIncompleteMultipartUpload"

    private static func check(_ rule: LifecycleRule) throws(GatewayError) {
        if rule.expiration == nil, rule.abortUploadsAfterDays == nil {
            throw .invalidRequest("At least one action needs to be specified in a rule")
        }
        if let smallest = rule.largerThan, let largest = rule.smallerThan, largest <= smallest {
            throw .invalidRequest(
                "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."
            )
        }
        if rule.smallerThan == 0 {
            throw .invalidRequest("'ObjectSizeLessThan' has to be a value greater than 0.")
        }
        guard rule.abortUploadsAfterDays != nil else { return }
        if !rule.tags.isEmpty {
            throw .invalidRequest("\(abort) cannot be specified with Tags.")
        }
        if rule.largerThan != nil || rule.smallerThan != nil {
            throw .invalidRequest("\(abort) cannot be specified with Object Size.")
        }
    }
}

/// What a rule is for.
extension LifecycleDocument {
    /// Reads a filter: nothing, one condition, or several within `And`.
    private static func addFilter(
        _ node: XMLNode,
        to rule: inout LifecycleRule
    ) throws(GatewayError) {
        let fields = try Fields(node, names: conditions.union(["And"]))
        guard let all = fields["And"] else {
            guard node.children.count <= 1 else { throw .malformedXML }
            return try addConditions(fields, to: &rule)
        }
        guard node.children.count == 1, !all.children.isEmpty else { throw .malformedXML }
        try addConditions(try Fields(all, names: conditions, repeatable: "Tag"), to: &rule)
    }

    private static let conditions: Set<String> = [
        "Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan",
    ]

    private static func addConditions(
        _ fields: Fields,
        to rule: inout LifecycleRule
    ) throws(GatewayError) {
        if let node = fields["Prefix"] { rule.prefix = try prefix(node) }
        if let node = fields["ObjectSizeGreaterThan"] { rule.largerThan = try size(node) }
        if let node = fields["ObjectSizeLessThan"] { rule.smallerThan = try size(node) }
        var pairs: [(String, String)] = []
        for node in fields.all("Tag") {
            _ = try Fields(node, names: ["Key", "Value"])
            guard node.children.allSatisfy(\.children.isEmpty) else { throw .malformedXML }
            pairs.append(try BlobTags.pair(node))
        }
        for (name, value) in try BlobTags(pairs: pairs).pairs { rule.tags[name] = value }
    }

    private static func prefix(_ node: XMLNode) throws(GatewayError) -> String {
        let text = node.text
        guard node.children.isEmpty else { throw .malformedXML }
        guard text.utf8.count <= BlobKey.maximumByteCount else {
            throw .invalidRequest(
                "The maximum size of a prefix is \(BlobKey.maximumByteCount)."
            )
        }
        return text
    }

    private static func size(_ node: XMLNode) throws(GatewayError) -> Int64 {
        guard node.children.isEmpty, let size = node.text.trimmed.decimal else {
            throw .malformedXML
        }
        return size
    }
}

/// When it is done.
extension LifecycleDocument {
    private static func expiration(
        _ node: XMLNode
    ) throws(GatewayError) -> LifecycleRule.Expiration {
        let fields = try Fields(
            node,
            names: ["Days", "Date"],
            refused: ["ExpiredObjectDeleteMarker"]
        )
        guard node.children.count == 1 else { throw .malformedXML }
        guard let text = fields["Date"]?.text.trimmed else {
            return .after(days: try days(fields["Days"], "'Days' for Expiration"))
        }
        guard let date = AWSDate.parse(text) else { throw .malformedXML }
        guard date.timeIntervalSince1970.truncatingRemainder(dividingBy: 86_400) == 0 else {
            throw .invalidArgument("'Date' must be at midnight GMT")
        }
        return .on(date: date)
    }

    private static func days(_ node: XMLNode?, _ name: String) throws(GatewayError) -> Int {
        guard let node, node.children.isEmpty else { throw .malformedXML }
        let text = node.text.trimmed
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        guard let days = (isNegative ? text.dropFirst() : text[...]).decimal,
            days <= Int64(LifecycleRule.maximumDayCount)
        else { throw .malformedXML }
        guard days > 0, !isNegative else {
            throw .invalidArgument("\(name) action must be a positive integer")
        }
        return Int(days)
    }

    /// The children of an element, of known names alone.
    private struct Fields {
        private let nodes: [(name: String, node: XMLNode)]

        /// - Parameters:
        ///   - node: The element.
        ///   - names: The names that its children may have, each once.
        ///   - repeatable: The name that may come several times.
        ///   - refused: The names of what S3 has and the gateway has not.
        /// - Throws: `GatewayError` for any other name, and one that is there twice.
        init(
            _ node: XMLNode,
            names: Set<String>,
            repeatable: String? = nil,
            refused: Set<String> = []
        ) throws(GatewayError) {
            // Text among the children, as in `<Filter>tmp/</Filter>`, would be a condition that is lost.
            guard node.text.trimmed.isEmpty else { throw .malformedXML }
            var nodes: [(name: String, node: XMLNode)] = []
            var seen: Set<String> = []
            for child in node.children {
                let name = child.name
                guard !refused.contains(name) else {
                    throw .notImplemented("\(Operation.putBucketLifecycle.rawValue) with \(name)")
                }
                guard names.contains(name), seen.insert(name).inserted || name == repeatable else {
                    throw .malformedXML
                }
                nodes.append((name, child))
            }
            self.nodes = nodes
        }

        subscript(_ name: String) -> XMLNode? { nodes.first { $0.name == name }?.node }

        func all(_ name: String) -> [XMLNode] { nodes.filter { $0.name == name }.map(\.node) }
    }
}
