import BlobStorageAWS

/// A request of DynamoDB, in its own names.
///
/// - SeeAlso: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_Operations_Amazon_DynamoDB.html
protocol DynamoDBRequest: AWSJSONRequest {
    /// Whether the operation changes what is kept.
    static var isChange: Bool { get }
}

/// A condition, or a part of a query, with what its names and values stand for.
struct Expression: Sendable {
    var text: String
    var names: [String: String]
    var values: Item?
}

struct PutItemRequest: DynamoDBRequest {
    typealias Answer = AWSEmptyAnswer
    static let operation = "PutItem"
    static let isChange = true

    var table: String
    var item: Item
    var condition: Expression

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
        case item = "Item"
        case condition = "ConditionExpression"
        case names = "ExpressionAttributeNames"
        case values = "ExpressionAttributeValues"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(table, forKey: .table)
        try fields.encode(item, forKey: .item)
        try fields.encode(condition.text, forKey: .condition)
        try fields.encode(condition.names, forKey: .names)
        try fields.encodeIfPresent(condition.values, forKey: .values)
    }
}

struct DeleteItemRequest: DynamoDBRequest {
    typealias Answer = AWSEmptyAnswer
    static let operation = "DeleteItem"
    static let isChange = true

    var table: String
    var key: Item
    var condition: Expression?

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
        case key = "Key"
        case condition = "ConditionExpression"
        case names = "ExpressionAttributeNames"
        case values = "ExpressionAttributeValues"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(table, forKey: .table)
        try fields.encode(key, forKey: .key)
        try fields.encodeIfPresent(condition?.text, forKey: .condition)
        try fields.encodeIfPresent(condition?.names, forKey: .names)
        try fields.encodeIfPresent(condition?.values, forKey: .values)
    }
}

struct GetItemRequest: DynamoDBRequest {
    struct Answer: Decodable, Sendable {
        var item: Item?

        private enum CodingKeys: String, CodingKey {
            case item = "Item"
        }
    }

    static let operation = "GetItem"
    static let isChange = false

    var table: String
    var key: Item
    var isConsistent = true

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
        case key = "Key"
        case isConsistent = "ConsistentRead"
    }
}

/// The keys to read of one table.
struct BatchKeys: Codable, Sendable {
    var keys: [Item]
    var isConsistent: Bool?

    private enum CodingKeys: String, CodingKey {
        case keys = "Keys"
        case isConsistent = "ConsistentRead"
    }
}

struct BatchGetItemRequest: DynamoDBRequest {
    struct Answer: Decodable, Sendable {
        /// Items by tables.
        var items: [String: [Item]]?
        var unprocessed: [String: BatchKeys]?

        private enum CodingKeys: String, CodingKey {
            case items = "Responses"
            case unprocessed = "UnprocessedKeys"
        }
    }

    static let operation = "BatchGetItem"
    static let isChange = false
    /// The most keys of one request.
    static let maximumKeyCount = 100

    var tables: [String: BatchKeys]

    private enum CodingKeys: String, CodingKey {
        case tables = "RequestItems"
    }
}

struct QueryRequest: DynamoDBRequest {
    struct Answer: Decodable, Sendable {
        var items: [Item]
        var lastKey: Item?

        private enum CodingKeys: String, CodingKey {
            case items = "Items"
            case lastKey = "LastEvaluatedKey"
        }
    }

    static let operation = "Query"
    static let isChange = false

    var table: String
    var index: String
    var keys: Expression
    var filter: String?
    var limit: Int
    var startKey: Item?

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
        case index = "IndexName"
        case keys = "KeyConditionExpression"
        case filter = "FilterExpression"
        case names = "ExpressionAttributeNames"
        case values = "ExpressionAttributeValues"
        case limit = "Limit"
        case isForward = "ScanIndexForward"
        case startKey = "ExclusiveStartKey"
    }

    func encode(to encoder: any Encoder) throws {
        var fields = encoder.container(keyedBy: CodingKeys.self)
        try fields.encode(table, forKey: .table)
        try fields.encode(index, forKey: .index)
        try fields.encode(keys.text, forKey: .keys)
        try fields.encodeIfPresent(filter, forKey: .filter)
        try fields.encode(keys.names, forKey: .names)
        try fields.encodeIfPresent(keys.values, forKey: .values)
        try fields.encode(limit, forKey: .limit)
        try fields.encode(false, forKey: .isForward)
        try fields.encodeIfPresent(startKey, forKey: .startKey)
    }
}
