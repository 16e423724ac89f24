import BlobStorage
import Testing

@testable import BlobStorageUploads

@Suite struct UploadPolicyTests {
    @Test("refuses a policy that makes no sense", arguments: 0..<14)
    func nonsense(_ index: Int) {
        let policies = [
            UploadPolicy(allowedTypes: ["png"]), UploadPolicy(allowedTypes: ["Image/png"]),
            UploadPolicy(allowedTypes: ["*/png"]), UploadPolicy(allowedTypes: ["image/"]),
            UploadPolicy(allowedTypes: ["image/png; a=b"]),
            UploadPolicy(allowedExtensions: [".png"]), UploadPolicy(allowedExtensions: ["PNG"]),
            UploadPolicy(allowedExtensions: [""]), UploadPolicy(maximumByteCount: 0),
            UploadPolicy(partByteCount: 0), UploadPolicy(requestLifetime: .milliseconds(10)),
            UploadPolicy(requestLifetime: .seconds(604_801)),
            UploadPolicy(reservationLifetime: .zero),
            UploadPolicy(reservationLifetime: .seconds(Int64.max)),
        ]
        let error = #expect(throws: BlobError.self) { try policies[index].validate() }
        #expect(error?.kind == .invalidArgument)
    }

    @Test func takesTheDefaultsAndWildcards() throws {
        try UploadPolicy().validate()
        try UploadPolicy(
            allowedTypes: ["*/*", "image/*", "image/svg+xml"],
            allowedExtensions: ["jpg", "7z"]
        )
        .validate()
    }

    private static func check(
        _ request: UploadRequest,
        _ adjust: (inout UploadPolicy) -> Void
    ) throws {
        var policy = UploadPolicy()
        adjust(&policy)
        _ = try policy.check(request)
    }

    private static func reason(
        _ request: UploadRequest,
        _ adjust: (inout UploadPolicy) -> Void = { _ in }
    ) -> UploadError.Reason? {
        do {
            try check(request, adjust)
            return nil
        } catch {
            return (error as? UploadError)?.reason
        }
    }

    @Test(
        "types",
        arguments: [
            ("image/png", ["image/png"], nil), ("IMAGE/PNG", ["image/png"], nil),
            ("image/png; q=1", ["image/png"], nil), ("image/gif", ["image/*"], nil),
            ("image/svg+xml", ["image/*"], .typeNotAllowed),
            ("text/rdf", ["text/*"], .typeNotAllowed), ("image/svg", ["*/*"], .typeNotAllowed),
            ("image/svg+xml", ["image/svg+xml"], nil), ("text/html", ["*/*"], .typeNotAllowed),
            ("text/html", ["text/html"], nil), ("image/gif", ["image/png"], .typeNotAllowed),
            ("imagex/gif", ["image/*"], .typeNotAllowed), ("", ["image/*"], .typeNotAllowed),
            ("", ["application/octet-stream"], nil), ("unknown/unknown", ["*/*"], nil),
            ("image", ["*/*"], .invalid), ("image/", ["*/*"], .invalid),
            ("/png", ["*/*"], .invalid), ("image/png/x", ["*/*"], .invalid),
            ("image/p ng", ["*/*"], .invalid), ("image/png\r\nx: y", ["*/*"], .invalid),
            ("image/pñg", ["*/*"], .invalid), ("image/png;\u{1F408}", ["*/*"], .invalid),
            ("image/" + String(repeating: "x", count: 300), ["*/*"], .invalid),
        ] as [(String, [String], UploadError.Reason?)]
    )
    func types(_ type: String, _ allowed: [String], _ expected: UploadError.Reason?) {
        let found = Self.reason(UploadRequest(contentType: type)) { $0.allowedTypes = allowed }
        #expect(found == expected)
    }

    @Test(
        "extensions",
        arguments: [
            ("a.png", nil), ("a.PNG", nil), ("a.exe", .extensionNotAllowed),
            ("a.png.exe", .extensionNotAllowed), ("a", .extensionNotAllowed),
            (nil, .extensionNotAllowed), ("a.png ", .extensionNotAllowed),
            ("a.png\0", .extensionNotAllowed), (".png", .extensionNotAllowed),
        ] as [(String?, UploadError.Reason?)]
    )
    func extensions(_ name: String?, _ expected: UploadError.Reason?) {
        let found = Self.reason(UploadRequest(fileName: name)) { $0.allowedExtensions = ["png"] }
        #expect(found == expected)
    }

    @Test(
        "sizes",
        arguments: [
            (-1, .invalid), (0, .empty), (1, nil), (100, nil), (101, .tooLarge),
            (Int64.max, .tooLarge), (Int64.min, .invalid),
        ] as [(Int64, UploadError.Reason?)]
    )
    func sizes(_ byteCount: Int64, _ expected: UploadError.Reason?) {
        let found = Self.reason(UploadRequest(byteCount: byteCount)) { $0.maximumByteCount = 100 }
        #expect(found == expected)
    }

    @Test func emptyIfAllowed() {
        #expect(Self.reason(UploadRequest(byteCount: 0)) { $0.allowsEmpty = true } == nil)
        #expect(UploadPolicy(maximumByteCount: 9).byteCounts == 1...9)
        #expect(UploadPolicy(maximumByteCount: 9, allowsEmpty: true).byteCounts == 0...9)
    }

    @Test func namesAreBounded() {
        let longest = String(repeating: "é", count: 512)
        #expect(Self.reason(UploadRequest(fileName: longest)) == nil)
        #expect(Self.reason(UploadRequest(fileName: longest + "x")) == .invalid)
    }

    @Test func theServicesOwnAttributesAreRefused() {
        let request = UploadRequest(attributes: ["upload:multipart-id": "x"])
        #expect(Self.reason(request) == .invalid)
        #expect(Self.reason(UploadRequest(attributes: ["uploads": "x"])) == nil)
    }

    @Test("attributes leave room for the service's own", arguments: [true, false])
    func attributes(_ areMany: Bool) throws {
        // What a record takes, less 8 pairs, and less 4 KiB.
        let most = areMany ? 1_000 - 8 : (256 << 10) - (4 << 10)
        func request(_ count: Int) -> UploadRequest {
            UploadRequest(attributes: areMany ? .many(count) : .long(count))
        }
        #expect(Self.reason(request(most)) == nil)
        let error = try #require(throws: UploadError.self) {
            try Self.check(request(most + 1)) { _ in }
        }
        #expect(error.reason == .invalid)
        #expect(error.message.contains("\(most + 1) "))
        #expect(error.message.contains("at most \(most)"))
    }
}
