import BlobStorage
import BlobStorageServer
import Foundation
import Testing

@testable import DocumentService

/// Thumbnails come and go with their documents, on every store.
@Suite struct ThumbnailTests {
    private static let program = ImageMagick.find(nil, searchPath: "/usr/bin:/bin")

    /// A picture of 8 by 8 pixels.
    private func picture() async throws -> [UInt8] {
        let folder = try TestFolder()
        let path = "\(folder.path)/a.png"
        let program = try #require(Self.program)
        #expect(try await Command.run(program, ["-size", "8x8", "xc:red", path]).status == 0)
        return [UInt8](try Data(contentsOf: URL(filePath: path)))
    }

    @Test("a picture gets a thumbnail, which goes with it", arguments: StoreKind.available)
    func life(_ kind: StoreKind) async throws {
        guard let program = Self.program else { return }
        let service = try await TestService(
            kind,
            ["THUMBNAILER": program, "UNDO_SECONDS": "0"]
        )
        let id = try #require(try await service.upload("a.png", "image/png", picture())["id"])
        var url: String?
        try await service.eventually("there is a thumbnail") {
            url = try await service.documents().first?["thumbnailURL"]
            return url != nil
        }
        let fetched = try await service.send("GET", try #require(url))
        #expect(fetched.status == 200)
        #expect(fetched.headers["Content-Type"] == "image/png")
        #expect(ImageKind(firstBytes: Array(fetched.body.prefix(12))) == .png)
        #expect(try await service.keys().contains("thumbnails/\(id).png"))

        #expect(try await service.call("DELETE", "/api/documents/\(id)").status == 200)
        try await service.eventually("all is gone") {
            await service.service.sweep(includesStore: false)
            return try await service.keys().isEmpty
        }
    }

    @Test func aPictureThatWasDeletedTooSoonGetsItsThumbnailWhenItIsBack() async throws {
        guard let program = Self.program else { return }
        let folder = try TestFolder()
        var variables = [
            "STORAGE_URL": "file:\(folder.path)/files",
            "METADATA_URL": "sqlite:\(folder.path)/documents.sqlite",
            "UNDO_SECONDS": "600",
        ]
        // This one makes no thumbnails, so the picture is certainly deleted before there is one.
        let first = try await TestService(.folder, variables)
        let id = try #require(try await first.upload("a.png", "image/png", picture())["id"])
        #expect(try await first.call("DELETE", "/api/documents/\(id)").status == 200)

        variables["THUMBNAILER"] = program
        let second = try await TestService(.folder, variables)
        #expect(try await second.call("POST", "/api/documents/\(id)/restore").status == 200)
        try await second.eventually("there is a thumbnail") {
            try await second.documents().first?["thumbnailURL"] != nil
        }
    }

    @Test("the id in a key", arguments: ["", "_0k3x9", "_0k3x9.tar"])
    func id(_ mark: String) throws {
        let id: DocumentID = "01890a5d-ac96-774b-bcce-b302099a8057"
        let key = try BlobKey("uploads/ada/\(id)\(mark).png")
        #expect(Thumbnails.id(of: key) == id)
    }

    @Test func whatIsNoPictureHasNoThumbnail() async throws {
        guard let program = Self.program else { return }
        let service = try await TestService(.memory, ["THUMBNAILER": program])
        try await service.upload("a.txt")
        // It begins like a picture, and is none.
        let broken = try await picture().prefix(40)
        try await service.upload("b.png", "image/png", Array(broken))
        try await service.eventually("it is said in the log") {
            !service.lines.objects("no thumbnail").isEmpty
        }
        #expect(try await service.documents().allSatisfy { $0["thumbnailURL"] == nil })
        #expect(try await service.keys().count == 2)
    }

    @Test func aThumbnailWhoseDocumentIsGoneIsSwept() async throws {
        guard let program = Self.program else { return }
        let service = try await TestService(.memory, ["THUMBNAILER": program])
        let gone: DocumentID = "01890a5d-ac96-774b-bcce-b302099a8057"
        try await service.service.files.store.put(Thumbnails.key(of: gone), "a picture")
        try await service.service.files.store.put("thumbnails/not an id!.png", "somebody else's")
        await service.service.sweep(includesStore: true)
        #expect(try await service.keys() == ["thumbnails/not an id!.png"])
    }

    @Test func aThumbnailerThatIsNotThereIsAnError() async {
        await #expect(throws: ConfigurationError.self) {
            try await TestService(.memory, ["THUMBNAILER": "/nowhere/convert"])
        }
    }
}
