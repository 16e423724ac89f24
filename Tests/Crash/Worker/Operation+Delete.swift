import BlobStorage
import BlobStorageDisk

extension Operation {
    private static func delete(
        _ name: String,
        _ key: BlobKey,
        of before: [String: Version]
    ) -> Operation {
        var after = before
        after[key.text] = nil
        return Operation(name: name, before: StoreState(before), after: StoreState(after)) {
            try await $0.store.delete(key, options: DeleteOptions())
        }
    }

    static let removals: [Operation] = [
        .delete("delete", "x/key", of: ["x/key": .old, "x/other": .plainOld]),
        .delete("delete-with-folders", "x/y/z/key", of: ["x/y/z/key": .old, "x/other": .old]),
        .delete("delete-large-attributes", "key", of: ["key": .large]),
        .delete("delete-in-blob's-folder", "a/b", of: ["a": .old, "a/b": .plainOld]),
        .delete("delete-where-folder-is", "a", of: ["a": .old, "a/b": .plainOld]),
        Operation(
            name: "delete-many",
            before: StoreState(["a": .old, "x/y/b": .old, "x/c": .plainOld, "other": .old]),
            after: StoreState(["other": .old]),
            between: [
                StoreState(["x/y/b": .old, "x/c": .plainOld, "other": .old]),
                StoreState(["x/c": .plainOld, "other": .old]),
                StoreState(["a": .old, "other": .old]),
                StoreState(["a": .old, "x/c": .plainOld, "other": .old]),
                StoreState(["a": .old, "x/y/b": .old, "other": .old]),
                StoreState(["x/y/b": .old, "other": .old]),
            ]
        ) { context in
            let failures = try await context.store.delete(["a", "x/y/b", "x/c"])
            if let failure = failures.first { throw failure.error }
        },
    ]
}
