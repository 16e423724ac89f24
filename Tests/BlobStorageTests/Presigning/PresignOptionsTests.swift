import BlobStorage
import Foundation
import Testing

@Suite struct PresignOptionsTests {
    static let part = PresignedOperation.uploadPart(1, uploadID: "u")
    static let operations: [PresignedOperation] = [.get, .head, .put, .delete, part]

    /// Each option, and the operations that it says something about.
    static let options: [(PresignOptions, [PresignedOperation])] = [
        (PresignOptions(), operations),
        (PresignOptions(headers: ContentHeaders(contentType: "text/plain")), [.put]),
        (PresignOptions(headers: ContentHeaders(cacheControl: "no-store")), [.put]),
        (PresignOptions(headers: ContentHeaders(expires: "0")), [.put]),
        (PresignOptions(metadata: ["a": "b"]), [.put]),
        (PresignOptions(byteCount: 0), [.put, part]),
        (PresignOptions(checksum: .of([], .sha256)), [.put, part]),
        (PresignOptions(condition: .ifAbsent), [.put]),
        (PresignOptions(condition: .ifMatches("\"1\"")), [.put, .delete]),
        (
            PresignOptions(responseHeaders: ResponseHeaders(disposition: .attachment("a"))),
            [.get, .head]
        ),
        (PresignOptions(responseHeaders: ResponseHeaders(expires: .distantFuture)), [.get, .head]),
        (PresignOptions(versionID: "v"), [.get, .head, .delete]),
    ]

    @Test("an option that says nothing about the operation is refused", arguments: options)
    func placement(_ options: PresignOptions, _ fitting: [PresignedOperation]) throws {
        for operation in Self.operations {
            if fitting.contains(operation) {
                try options.validate(for: operation, key: "a")
            } else {
                let error = try #require(throws: BlobError.self) {
                    try options.validate(for: operation, key: "a")
                }
                #expect(error.kind == .invalidArgument)
            }
        }
    }

    static let nonsense: [(PresignOptions, PresignedOperation)] = [
        (PresignOptions(byteCount: -1), .put),
        (PresignOptions(versionID: ""), .get),
        (PresignOptions(headers: ContentHeaders(contentType: "")), .put),
        (PresignOptions(headers: ContentHeaders(contentType: "a\r\nb: c")), .put),
        (PresignOptions(metadata: ["A": "b"]), .put),
        (PresignOptions(condition: .ifMatches("")), .put),
        (PresignOptions(condition: .ifMatches("\"a\r\nb\"")), .put),
        (PresignOptions(responseHeaders: ResponseHeaders(contentType: "é")), .get),
        (
            PresignOptions(
                responseHeaders: ResponseHeaders(disposition: ContentDisposition(verbatim: "a\nb"))
            ), .get
        ),
        (PresignOptions(), .uploadPart(0, uploadID: "u")),
        (PresignOptions(), .uploadPart(1, uploadID: "")),
    ]

    @Test("a value that can't be is refused", arguments: nonsense)
    func values(_ options: PresignOptions, _ operation: PresignedOperation) throws {
        let error = try #require(throws: BlobError.self) {
            try options.validate(for: operation, key: "a")
        }
        #expect(error.kind == .invalidArgument)
        #expect(error.key == "a")
    }

    @Test func whatIsBoundIsEnforced() {
        #expect(PresignOptions().notEnforced(in: .get) == [.useCount])
        #expect(
            PresignOptions().notEnforced(in: .put)
                == [.useCount, .byteCount, .content, .contentType, .contentHeaders, .overwriting]
        )
        let bound = PresignOptions(
            headers: ContentHeaders(contentType: "text/plain"),
            byteCount: 4,
            checksum: .of([1], .crc32C),
            condition: .ifAbsent
        )
        #expect(bound.notEnforced(in: .put) == [.useCount, .contentHeaders])
        #expect(
            PresignOptions().notEnforced(in: Self.part)
                == [.useCount, .byteCount, .content, .overwriting]
        )
    }

    static let refusedForms: [(BlobKey, UploadFormConditions)] = [
        ("a/${filename}", UploadFormConditions()),
        ("a\nb", UploadFormConditions()),
        ("a", UploadFormConditions(byteCounts: -1...5)),
        ("a", UploadFormConditions(contentType: .exact(""))),
        ("a", UploadFormConditions(contentType: .prefix(""))),
        ("a", UploadFormConditions(metadata: ["A": "b"])),
        ("a", UploadFormConditions(success: .redirect("javascript:alert(1)"))),
        ("a", UploadFormConditions(success: .redirect("https://a b"))),
        (
            BlobKey(stringLiteral: String(repeating: "k", count: 1_020)),
            UploadFormConditions(key: .prefix)
        ),
    ]

    @Test("a form that can't be kept is refused", arguments: refusedForms)
    func forms(_ key: BlobKey, _ conditions: UploadFormConditions) throws {
        let error = try #require(throws: BlobError.self) { try conditions.validate(key: key) }
        #expect(error.kind == .invalidArgument)
    }
}
