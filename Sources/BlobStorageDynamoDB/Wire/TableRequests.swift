/// An attribute that a table or an index is ordered by.
struct KeyElement: Codable, Sendable, Hashable {
    var name: String
    /// `HASH` or `RANGE`.
    var type: String

    private enum CodingKeys: String, CodingKey {
        case name = "AttributeName"
        case type = "KeyType"
    }
}

/// The type of such an attribute; ours are all texts.
struct AttributeDefinition: Codable, Sendable, Hashable {
    var name: String
    var type = "S"

    private enum CodingKeys: String, CodingKey {
        case name = "AttributeName"
        case type = "AttributeType"
    }
}

/// An index to make.
struct IndexDefinition: Encodable, Sendable {
    var name: String
    var keys: [KeyElement]
    /// What of an item the index holds: all of it, so that a query needs no second read.
    var projection = ["ProjectionType": "ALL"]

    private enum CodingKeys: String, CodingKey {
        case name = "IndexName"
        case keys = "KeySchema"
        case projection = "Projection"
    }
}

struct CreateTableRequest: DynamoDBRequest {
    typealias Answer = AWSEmptyAnswer
    static let operation = "CreateTable"
    static let isChange = true

    var table: String
    var keys: [KeyElement]
    var attributes: [AttributeDefinition]
    var indexes: [IndexDefinition]
    var billing = "PAY_PER_REQUEST"

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
        case keys = "KeySchema"
        case attributes = "AttributeDefinitions"
        case indexes = "GlobalSecondaryIndexes"
        case billing = "BillingMode"
    }
}

/// Adds an index to a table.
struct UpdateTableRequest: DynamoDBRequest {
    struct Change: Encodable, Sendable {
        var create: IndexDefinition

        private enum CodingKeys: String, CodingKey {
            case create = "Create"
        }
    }

    typealias Answer = AWSEmptyAnswer
    static let operation = "UpdateTable"
    static let isChange = true

    var table: String
    var attributes: [AttributeDefinition]
    var changes: [Change]

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
        case attributes = "AttributeDefinitions"
        case changes = "GlobalSecondaryIndexUpdates"
    }
}

struct DescribeTableRequest: DynamoDBRequest {
    struct Index: Decodable, Sendable {
        var name: String
        var keys: [KeyElement]
        /// `CREATING`, `UPDATING`, `DELETING` or `ACTIVE`.
        var status: String?

        private enum CodingKeys: String, CodingKey {
            case name = "IndexName"
            case keys = "KeySchema"
            case status = "IndexStatus"
        }
    }

    struct Table: Decodable, Sendable {
        /// `CREATING`, `UPDATING`, `DELETING`, `ACTIVE` and some that mean no good.
        var status: String
        var keys: [KeyElement]?
        var indexes: [Index]?

        private enum CodingKeys: String, CodingKey {
            case status = "TableStatus"
            case keys = "KeySchema"
            case indexes = "GlobalSecondaryIndexes"
        }
    }

    struct Answer: Decodable, Sendable {
        var table: Table

        private enum CodingKeys: String, CodingKey {
            case table = "Table"
        }
    }

    static let operation = "DescribeTable"
    static let isChange = false

    var table: String

    private enum CodingKeys: String, CodingKey {
        case table = "TableName"
    }
}
