public import BlobStorage

extension DynamoDBMetadataStore {
    /// Gives one page of records, newest first, from an index.
    ///
    /// A query by owner walks the owner's records, one by state the state's; one by neither walks all
    /// states side by side. Records that the other conditions leave out are read, and paid for, all
    /// the same.
    public func query(_ query: DocumentQuery) async throws -> DocumentPage {
        try query.validate()
        let start = try query.start()
        var records: [DocumentRecord] = []
        /// Up to here everything is known.
        var horizon: DocumentPosition?
        // In the order in which documents go through their states: one that moves on meanwhile is
        // seen twice at most, and then counts once.
        for part in Self.parts(of: query) {
            guard var walk = IndexWalk(part, after: start) else { continue }
            try await walk.run(on: self)
            records += walk.records
            if let end = walk.end { horizon = horizon.map { min($0, end) } ?? end }
        }
        if let horizon { records.removeAll { DocumentPosition($0) > horizon } }
        return Self.page(records, of: query, horizon: horizon)
    }

    /// The query, or one for each state if it names neither an owner nor a state.
    private static func parts(of query: DocumentQuery) -> [DocumentQuery] {
        guard query.owner == nil, query.state == nil else { return [query] }
        return DocumentState.allCases.map { state in
            var part = query
            part.state = state
            return part
        }
    }

    private static func page(
        _ records: [DocumentRecord],
        of query: DocumentQuery,
        horizon: DocumentPosition?
    ) -> DocumentPage {
        var latest: [DocumentID: DocumentRecord] = [:]
        for record in records {
            if let other = latest[record.id], other.version > record.version { continue }
            latest[record.id] = record
        }
        let sorted = latest.values.sorted { DocumentPosition($0) < DocumentPosition($1) }
        var page = DocumentPage(records: Array(sorted.prefix(query.limit)))
        let last = page.records.last.map { DocumentPosition($0) }
        // With more records than fit, the page ends with its last one; otherwise with the walk.
        if let end = sorted.count > query.limit ? last : horizon {
            page.continuationToken = query.token(after: end)
        }
        return page
    }
}
