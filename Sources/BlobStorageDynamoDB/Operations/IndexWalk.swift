import BlobStorage

/// Walks one partition of an index, newest first.
struct IndexWalk {
    /// The records found, newest first.
    private(set) var records: [DocumentRecord] = []
    /// Where the walk stopped; `nil` if it came to the end.
    private(set) var end: DocumentPosition?

    /// The most requests of one walk: a query whose matches are rare gives a short page then.
    static let maximumRequestCount = 16
    /// How many items a request looks at if not all of them match.
    private static let filteredLimit = 1_000
    /// The most bytes of attributes of one walk.
    private static let byteLimit = 8 << 20

    private let query: DocumentQuery
    private let start: DocumentPosition?
    private let index: String
    private let keys: Expression
    private let filter: String?

    /// Prepares a walk; `nil` if no time of creation can match.
    ///
    /// - Parameters:
    ///   - query: The query, with an owner or a state.
    ///   - start: The position after which the page begins.
    init?(_ query: DocumentQuery, after start: DocumentPosition?) {
        let times = query.createdMilliseconds.clamped(
            to: DocumentTime.range.lowerBound..<(DocumentTime.range.upperBound + 1)
        )
        guard !times.isEmpty else { return nil }
        var last = DocumentItem.orderPrefix(times.upperBound - 1) + Self.afterAllIDs
        if let start, start.created < times.upperBound { last = DocumentItem.order(start) }
        let first = DocumentItem.orderPrefix(times.lowerBound)
        guard UTF8Order.compare(first, last) <= 0 else { return nil }
        let partition =
            query.owner.map { (DocumentItem.Name.owner, $0) }
            ?? (DocumentItem.Name.state, query.state?.rawValue ?? "")
        var expression = Expression(
            text: "#partition = :partition AND #order BETWEEN :first AND :last",
            names: ["#partition": partition.0, "#order": DocumentItem.Name.order],
            values: [
                ":partition": .text(partition.1), ":first": .text(first), ":last": .text(last),
            ]
        )
        var filters: [String] = []
        if query.owner != nil, let state = query.state {
            filters.append("#state = :state")
            expression.names["#state"] = DocumentItem.Name.state
            expression.values?[":state"] = .text(state.rawValue)
        }
        if !query.keyPrefix.isEmpty {
            filters.append("begins_with(#key, :prefix)")
            expression.names["#key"] = DocumentItem.Name.key
            expression.values?[":prefix"] = .text(query.keyPrefix)
        }
        self.query = query
        self.start = start
        index = query.owner == nil ? TableSchema.stateIndex : TableSchema.ownerIndex
        keys = expression
        filter = filters.isEmpty ? nil : filters.joined(separator: " AND ")
    }

    /// Sorts after every id.
    private static let afterAllIDs = "~"

    /// Walks until there is one record more than a page has, or an end.
    mutating func run(on store: DynamoDBMetadataStore) async throws {
        var startKey: Item?
        var byteCount = 0
        for _ in 0..<Self.maximumRequestCount {
            // The first item may be the last one of the page before.
            let wanted = query.limit + 2 - records.count
            let request = QueryRequest(
                table: store.table,
                index: index,
                keys: keys,
                filter: filter,
                limit: filter == nil ? wanted : max(wanted, Self.filteredLimit),
                startKey: startKey
            )
            let answer = try await store.send(request, "query")
            for item in answer.items {
                let record = try DocumentItem.record(item)
                if let start, DocumentPosition(record) <= start { continue }
                records.append(record)
                byteCount += record.attributes.byteCount
            }
            guard let lastKey = answer.lastKey else {
                end = nil
                return
            }
            startKey = lastKey
            let order = try lastKey.text(DocumentItem.Name.order) ?? ""
            end = try DocumentItem.position(order)
            if records.count > query.limit || byteCount >= Self.byteLimit { return }
        }
    }
}
