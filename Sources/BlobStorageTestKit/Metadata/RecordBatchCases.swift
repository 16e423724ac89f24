import BlobStorage

/// Many records in one read.
enum RecordBatchCases {
    static let all = [
        MetadataConformanceCase("batch.none") { scope in
            try await expectEqual(scope.store.records([]), [:], "the batch")
        },
        MetadataConformanceCase("batch.someMissing") { scope in
            let record = try await scope.seed("a")
            let batch = try await scope.store.records([scope.id("b"), record.id, scope.id("c")])
            try expectEqual(batch, [record.id: record], "the batch")
        },
        MetadataConformanceCase("batch.twice") { scope in
            let record = try await scope.seed("a")
            let batch = try await scope.store.records([record.id, record.id, record.id])
            try expectEqual(batch, [record.id: record], "the batch")
        },
        // DynamoDB takes 100 at once.
        MetadataConformanceCase("batch.250") { scope in
            try await scope.seedMany(250)
            let ids = (0..<300).map { scope.id("\($0)") }
            let batch = try await scope.store.records(ids.reversed())
            try expectEqual(batch.count, 250, "the count of records")
            for (id, record) in batch { try expectEqual(record.id, id, "the record's id") }
        },
        // A gigabyte's worth of answers would not fit one; DynamoDB cuts at 16 MB.
        MetadataConformanceCase("batch.large") { scope in
            var records: [DocumentID: DocumentRecord] = [:]
            for number in 0..<80 {
                var record = scope.new("\(number)")
                let value = String(repeating: "\(number % 10)", count: 220_000)
                record.attributes = ["large": value]
                records[record.id] = try await scope.store.insert(record)
            }
            let batch = try await scope.store.records(Array(records.keys))
            try expectEqual(batch.count, records.count, "the count of records")
            try expect(batch == records, "all records exact", found: "others")
        },
        MetadataConformanceCase("batch.tooMany") { scope in
            let ids = (0...1_000).map { scope.id("\($0)") }
            try await expectError(.invalidArgument, from: "a batch of 1,001") {
                try await scope.store.records(ids)
            }
        },
        MetadataConformanceCase("batch.readsLatest") { scope in
            var record = try await scope.seed("a")
            for number in 0..<10 {
                record.byteCount = Int64(number)
                record = try await scope.store.update(record)
                let batch = try await scope.store.records([record.id])
                try expectEqual(batch[record.id], record, "the record of the last change")
            }
        },
    ]
}
