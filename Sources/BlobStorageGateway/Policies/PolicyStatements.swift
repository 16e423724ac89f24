/// Reads the statements of a bucket's policy.
///
/// - SeeAlso: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html
struct PolicyStatements {
    /// The most pairs of an action and a resource.
    private static let maximumGrantCount = 100
    /// The most bytes of patterns that are more than the beginning of a key: together with a key of
    /// 1,024 bytes, a million steps.
    private static let maximumSearchedByteCount = 1_024

    private(set) var grants: [PolicyGrant] = []
    private var seen: Set<PolicyGrant> = []

    /// - Throws: `PolicyError` if the bytes are no policy, or say what can't be said here.
    init(_ bytes: [UInt8]) throws(PolicyError) {
        guard bytes.count <= BucketPolicy.maximumByteCount else {
            throw .malformed("Policy exceeds the maximum allowed document size.")
        }
        var reader = JSONReader(bytes)
        guard let document = reader.document() else {
            throw .malformed("Policies must be valid JSON and the first byte must be '{'")
        }
        var fields = try PolicyFields(document, known: ["Version", "Id", "Statement"])
        if let version = try fields.text("Version") {
            guard ["2012-10-17", "2008-10-17"].contains(version) else {
                throw .malformed("The policy must contain a valid version string")
            }
        }
        _ = try fields.text("Id")
        guard let statements = fields.take("Statement") else {
            throw .malformed("Missing required field Statement")
        }
        var list = [statements]
        if case .array(let values) = statements { list = values }
        guard !list.isEmpty else {
            throw .malformed("Could not parse the policy: Statement is empty!")
        }
        for statement in list { try add(statement) }
    }

    private static let statementFields: Set<String> = [
        "Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource",
        "NotResource", "Condition",
    ]

    private mutating func add(_ statement: JSONValue) throws(PolicyError) {
        var fields = try PolicyFields(statement, known: Self.statementFields)
        _ = try fields.text("Sid")
        for name in ["NotPrincipal", "NotAction", "NotResource", "Condition"] {
            guard fields.take(name) == nil else { throw .unsupported(name) }
        }
        switch try fields.text("Effect") {
        case "Allow": break
        case "Deny": throw .unsupported("Effect Deny")
        case nil: throw .malformed("Missing required field Effect")
        case let other?: throw .malformed("Invalid effect : \(other.prefix(32))")
        }
        try Self.requireEverybody(fields.take("Principal"))
        let actions = try Self.texts(fields.take("Action"), "Action")
        var resources: [PolicyResource] = []
        for text in try Self.texts(fields.take("Resource"), "Resource") {
            resources.append(try PolicyResource(text))
        }
        for text in actions {
            let name = text.lowercasedASCII
            guard let action = PolicyGrant.Action(rawValue: name) else {
                guard name.hasPrefix("s3:") else { throw .malformed("Policy has invalid action") }
                throw .unsupported("Action \(text.prefix(64))")
            }
            let found = resources.filter { ($0.keys != nil) == (action == .getObject) }
            guard !found.isEmpty else {
                throw .malformed("Action does not apply to any resource(s) in statement")
            }
            for grant in found.map({ PolicyGrant(action: action, resource: $0) })
            where seen.insert(grant).inserted {
                grants.append(grant)
            }
            try checkCost()
        }
    }

    /// Throws if to look a key up would take long: anybody may make the gateway do it.
    private func checkCost() throws(PolicyError) {
        guard grants.count <= Self.maximumGrantCount else {
            throw .unsupported("more than \(Self.maximumGrantCount) pairs of Action and Resource")
        }
        let cost = grants.reduce(0) { $0 + ($1.resource.keys?.searchedByteCount ?? 0) }
        guard cost <= Self.maximumSearchedByteCount else {
            throw .unsupported("more than \(Self.maximumSearchedByteCount) bytes of patterns")
        }
    }

    /// Throws unless a statement is for everybody: `"*"`, `{"AWS": "*"}` or `{"AWS": ["*"]}`.
    private static func requireEverybody(_ principal: JSONValue?) throws(PolicyError) {
        guard let principal else { throw .malformed("Missing required field Principal") }
        if case .string("*") = principal { return }
        guard case .object(let pairs) = principal, let pair = pairs.first else {
            throw .malformed("Invalid principal in policy")
        }
        guard pairs.count == 1, pair.name == "AWS", try texts(pair.value, "Principal") == ["*"]
        else {
            throw .unsupported("a Principal other than everybody")
        }
    }

    /// One text, or a list of some.
    private static func texts(
        _ value: JSONValue?,
        _ name: String
    ) throws(PolicyError) -> [String] {
        switch value {
        case .string(let text): return [text]
        case .array(let values) where !values.isEmpty:
            var texts: [String] = []
            for value in values {
                guard case .string(let text) = value else {
                    throw .malformed("Policy has invalid \(name.lowercasedASCII)")
                }
                texts.append(text)
            }
            return texts
        case nil: throw .malformed("Missing required field \(name)")
        default: throw .malformed("Policy has invalid \(name.lowercasedASCII)")
        }
    }
}

/// The fields of an object in a policy, each once.
private struct PolicyFields {
    private var values: [String: JSONValue] = [:]

    init(_ value: JSONValue, known: Set<String>) throws(PolicyError) {
        guard case .object(let pairs) = value else {
            throw .malformed("Policies must be valid JSON and the first byte must be '{'")
        }
        for (name, value) in pairs {
            guard known.contains(name) else {
                throw .malformed("Unknown field \(name.prefix(64))")
            }
            guard values.updateValue(value, forKey: name) == nil else {
                throw .malformed("Duplicate field \(name)")
            }
        }
    }

    mutating func take(_ name: String) -> JSONValue? { values.removeValue(forKey: name) }

    mutating func text(_ name: String) throws(PolicyError) -> String? {
        switch take(name) {
        case nil: return nil
        case .string(let text)?: return text
        default: throw .malformed("Policy has invalid \(name)")
        }
    }
}

/// Why a policy is not taken.
struct PolicyError: Error, Hashable {
    let message: String
    /// Whether S3 would take it.
    let isUnsupported: Bool

    static func malformed(_ message: String) -> Self {
        PolicyError(message: message, isUnsupported: false)
    }

    static func unsupported(_ name: String) -> Self {
        PolicyError(message: "\(name) in a bucket's policy", isUnsupported: true)
    }
}
