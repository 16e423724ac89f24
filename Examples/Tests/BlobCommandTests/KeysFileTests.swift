import BlobStorageGateway
import Testing

@testable import BlobCommand

@Suite struct KeysFileTests {
    @Test func aKeyMayDoWhatAllOfItsLinesSay() throws {
        let keys = try KeysFile.parse(
            """
            # id secret access where
            admin\tadmin-secret

            app  app-secret  write      photos/incoming/
            app  app-secret  read,list  photos
            """,
            "the file"
        )
        #expect(keys.map(\.credentials.accessKeyID) == ["admin", "app"])
        #expect(keys.map(\.credentials.secretAccessKey) == ["admin-secret", "app-secret"])
        #expect(keys[0].rights == [GatewayRight()])
        #expect(
            keys[1].rights == [
                GatewayRight([.write], bucket: "photos", prefix: "incoming/"),
                GatewayRight([.read, .list], bucket: "photos"),
            ]
        )
    }

    @Test(
        "a line that makes no sense is told by its number, without its secret",
        arguments: [
            ("app", "1 words"), ("app hush-hush read photos more", "5 words"),
            ("app hush", "fewer than 8"), ("a/b hush-hush", "can't carry"),
            ("app hush-hush read,own", "read,own"), ("app hush-hush ,", "what the key may do"),
            ("app hush-hush read Photos/a", "no name for a bucket"),
            ("app hush-hush\napp hush-hush-hush", "another secret"),
        ]
    )
    func badLines(_ lines: String, _ problem: String) throws {
        let error = #expect(throws: UsageError.self) {
            try KeysFile.parse("# first\n" + lines, "the file")
        }
        let text = error.map { "\($0)" } ?? ""
        #expect(text.contains(problem))
        #expect(text.contains("the file line \(lines.contains("\n") ? 3 : 2)"))
        #expect(!text.contains("hush"))
    }
}
