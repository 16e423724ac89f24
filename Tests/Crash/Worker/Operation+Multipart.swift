import BlobStorage
import BlobStorageDisk

extension Operation {
    private static let parts: [Int: Version] = [1: .firstPart, 2: .secondPart]

    private static func complete(
        _ name: String,
        _ key: String,
        beside before: [String: Version]
    ) -> Operation {
        var after = before
        after[key] = .assembled
        return Operation(
            name: name,
            before: StoreState(before, uploads: [key: parts]),
            after: StoreState(after),
            // The blob is there before the upload goes.
            between: [StoreState(after, uploads: [key: parts])],
            unclean: [StoreState(after, uploads: [key: parts])],
            errorsOnceMore: [.notFound]
        ) { context in
            let upload = try await upload(in: context.store)
            let parts = try await context.store.parts(of: upload)
            try await context.store.completeMultipartUpload(upload, parts: parts)
        }
    }

    private static func uploadPart(
        _ name: String,
        over before: [Int: Version]
    ) -> Operation {
        var after = before
        after[1] = .newPart
        return Operation(
            name: name,
            before: StoreState(["other": .old], uploads: ["x/key": before]),
            after: StoreState(["other": .old], uploads: ["x/key": after])
        ) { context in
            let upload = try await upload(in: context.store)
            _ = try await context.store.uploadPart(1, of: upload, Version.newPart.bytes)
        }
    }

    static let uploads: [Operation] = [
        Operation(
            name: "create-upload",
            before: StoreState(["other": .old]),
            after: StoreState(["other": .old], uploads: ["x/key": [:]])
        ) { context in
            // Once more would be a second upload.
            if let upload = try? await upload(in: context.store) {
                try await context.store.abortMultipartUpload(upload)
            }
            _ = try await begin("x/key", in: context.store)
        },
        .uploadPart("upload-part", over: [2: .secondPart]),
        .uploadPart("upload-part-again", over: [1: .firstPart, 2: .secondPart]),
        .complete("complete", "x/key", beside: ["other": .old]),
        .complete("complete-over", "key", beside: ["key": .old]),
        .complete("complete-and-swap", "a/b", beside: ["a": .old]),
        Operation(
            name: "abort-upload",
            before: StoreState(["other": .old], uploads: ["x/key": parts]),
            after: StoreState(["other": .old]),
            errorsOnceMore: [.notFound]
        ) { context in
            let upload = try await upload(in: context.store)
            try await context.store.abortMultipartUpload(upload)
        },
    ]
}
