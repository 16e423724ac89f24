/// What the table and its indexes are ordered by.
enum TableSchema {
    static let ownerIndex = "by-owner"
    static let stateIndex = "by-state"

    static let keys = [KeyElement(name: DocumentItem.Name.id, type: "HASH")]

    static let indexes = [
        index(ownerIndex, DocumentItem.Name.owner),
        index(stateIndex, DocumentItem.Name.state),
    ]

    private static func index(_ name: String, _ partition: String) -> IndexDefinition {
        IndexDefinition(
            name: name,
            keys: [
                KeyElement(name: partition, type: "HASH"),
                KeyElement(name: DocumentItem.Name.order, type: "RANGE"),
            ]
        )
    }

    /// The attributes that the table, or an index, is ordered by.
    static func attributes(_ keys: [KeyElement]) -> [AttributeDefinition] {
        Set(keys.map(\.name)).sorted().map { AttributeDefinition(name: $0) }
    }
}
