import BlobStorage
import Foundation

/// The short forms, which stand on what the store itself does.
enum ConvenienceCases {
    static let all = inMemory + files

    private static let inMemory: [ConformanceCase] = [
        ConformanceCase("exists", .reading) { scope in
            try await scope.seed("a")
            try await expectEqual(scope.store.exists(scope.key("a")), true, "exists of a blob")
            try await expectEqual(scope.store.exists(scope.key("b")), false, "exists of none")
            try await expectEqual(scope.store.exists(scope.key("a/")), false, "exists of none")
        },
        ConformanceCase("bytes.upTo.exact", .reading) { scope in
            try await scope.seed("a", "12345")
            let bytes = try await scope.store.bytes(scope.key("a"), upTo: 5)
            try expectBytes(bytes, Array("12345".utf8), "the bytes")
        },
        ConformanceCase("bytes.upTo.tooLarge", .reading) { scope in
            try await scope.seed("a", "12345")
            try await expectError(.tooLarge, from: "bytes with a limit that is too low") {
                try await scope.store.bytes(scope.key("a"), upTo: 4)
            }
            try await expectError(.tooLarge, from: "bytes with the limit 0") {
                try await scope.store.bytes(scope.key("a"), upTo: 0)
            }
        },
        ConformanceCase("bytes.upTo.ofRange", .reading) { scope in
            try await scope.seed("a", "12345")
            let bytes = try await scope.store.bytes(scope.key("a"), upTo: 2, range: .suffix(2))
            try expectBytes(bytes, Array("45".utf8), "the bytes")
        },
        ConformanceCase("put.shortForms", .writing()) { scope in
            try await scope.store.put(scope.key("text"), "ü")
            try await scope.store.put(scope.key("bytes"), [0xC3, 0xBC] as [UInt8])
            try await scope.store.put(scope.key("data"), Data([0xC3, 0xBC]))
            for name in ["text", "bytes", "data"] {
                try await scope.expectBlob(scope.key(name), [0xC3, 0xBC])
            }
        },
    ]

    private static let files: [ConformanceCase] = [
        ConformanceCase("file.put", .writing()) { scope in
            try await withFolder { folder in
                let bytes = CaseScope.pattern(3 << 20 | 1)
                try Data(bytes).write(to: URL(filePath: "\(folder)/in"))
                try await scope.store.put(scope.key("a"), file: "\(folder)/in")
                try await scope.expectBlob(scope.key("a"), bytes)
            }
        },
        ConformanceCase("file.put.empty", .writing()) { scope in
            try await withFolder { folder in
                try Data().write(to: URL(filePath: "\(folder)/in"))
                try await scope.store.put(scope.key("a"), file: "\(folder)/in")
                try await scope.expectBlob(scope.key("a"), "")
            }
        },
        ConformanceCase("file.put.range", .writing()) { scope in
            try await withFolder { folder in
                let bytes = CaseScope.pattern(100_000)
                try Data(bytes).write(to: URL(filePath: "\(folder)/in"))
                let body = try await BlobBody.file("\(folder)/in", range: .bounded(10..<90_000))
                try await scope.store.put(scope.key("a"), body)
                try await scope.expectBlob(scope.key("a"), Array(bytes[10..<90_000]))
            }
        },
        ConformanceCase("file.put.missing", .writing()) { scope in
            try await withFolder { folder in
                try await expectError(.invalidArgument, from: "put of a file that is not there") {
                    try await scope.store.put(scope.key("a"), file: "\(folder)/none")
                }
            }
            try await scope.expectMissing(scope.key("a"))
        },
        ConformanceCase("file.put.checksum", .writing(checksum: .sha256)) { scope in
            try await withFolder { folder in
                let bytes = CaseScope.pattern(100_000)
                try Data(bytes).write(to: URL(filePath: "\(folder)/in"))
                let right = Checksum.of(bytes, .sha256)
                let options = PutOptions(checksum: .expect(right))
                let key = scope.key("a")
                try await scope.store.put(key, file: "\(folder)/in", options: options)
                try await expectEqual(scope.store.head(key).checksum, right, "the checksum")
                let wrong = PutOptions(checksum: .expect(Checksum.of([], .sha256)))
                try await expectError(.integrityFailure, from: "put of a file") {
                    try await scope.store.put(key, file: "\(folder)/in", options: wrong)
                }
                try await scope.expectBlob(key, bytes)
            }
        },
        ConformanceCase("file.get", .reading) { scope in
            try await withFolder { folder in
                let bytes = CaseScope.pattern(3 << 20 | 1)
                let written = try await scope.fixture.put(scope.key("a"), bytes)
                let read = try await scope.store.get(scope.key("a"), toFile: "\(folder)/out")
                try expectEqual(read.etag, written.etag, "the etag")
                let found = [UInt8](try Data(contentsOf: URL(filePath: "\(folder)/out")))
                try expectBytes(found, bytes, "the file's bytes")
            }
        },
        ConformanceCase("file.get.missing", .reading) { scope in
            try await withFolder { folder in
                let path = "\(folder)/out"
                try Data("old".utf8).write(to: URL(filePath: path))
                try await expectError(.notFound, from: "get into a file, without a blob") {
                    try await scope.store.get(scope.key("a"), toFile: path)
                }
                let found = [UInt8](try Data(contentsOf: URL(filePath: path)))
                try expectBytes(found, Array("old".utf8), "the file that was there before")
                let names = try FileManager.default.contentsOfDirectory(atPath: folder)
                try expectEqual(names, ["out"], "the files in the folder")
            }
        },
    ]

    /// Gives a folder of its own to a case, and removes it.
    private static func withFolder(_ body: (String) async throws -> Void) async throws {
        let folder =
            FileManager.default.temporaryDirectory.path
            + "/conformance-\(UInt64.random(in: .min ... .max))"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        do {
            try await body(folder)
        } catch {
            try FileManager.default.removeItem(atPath: folder)
            throw error
        }
        try FileManager.default.removeItem(atPath: folder)
    }
}
