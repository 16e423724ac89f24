/// A value of DynamoDB, of the types that records are made of.
///
/// - SeeAlso: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
enum AttributeValue: Sendable, Equatable {
    case text(String)
    /// A number as the decimal digits that stand for it.
    case number(String)
    case map([String: AttributeValue])

    static func number(_ number: Int64) -> AttributeValue { .number(String(number)) }
}

/// An item, or a key: values by the names of their attributes.
typealias Item = [String: AttributeValue]

extension AttributeValue: Codable {
    private enum CodingKeys: String, CodingKey {
        case text = "S"
        case number = "N"
        case map = "M"
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let text = try values.decodeIfPresent(String.self, forKey: .text) {
            self = .text(text)
        } else if let number = try values.decodeIfPresent(String.self, forKey: .number) {
            self = .number(number)
        } else {
            self = .map(try values.decode([String: AttributeValue].self, forKey: .map))
        }
    }

    func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        switch self {
        case .text(let text): try values.encode(text, forKey: .text)
        case .number(let number): try values.encode(number, forKey: .number)
        case .map(let map): try values.encode(map, forKey: .map)
        }
    }
}

extension AttributeValue {
    /// How many bytes the value counts, as DynamoDB counts them; a number at its most.
    ///
    /// - SeeAlso: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
    var byteCount: Int {
        switch self {
        case .text(let text): text.utf8.count
        // One byte for two digits, one for the sign and the exponent, rounded up.
        case .number(let digits): digits.utf8.count / 2 + 2
        case .map(let map): 3 + map.byteCount + map.count
        }
    }
}

extension [String: AttributeValue] {
    /// How many bytes the names and values count.
    var byteCount: Int { reduce(0) { $0 + $1.key.utf8.count + $1.value.byteCount } }
}
