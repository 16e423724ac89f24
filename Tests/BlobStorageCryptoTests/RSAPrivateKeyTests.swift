import Foundation
import Testing

@testable import BlobStorageCrypto

@Suite struct RSAPrivateKeyTests {
    /// `printf abc | openssl dgst -sha1 -sign pkcs1.pem | xxd -p`, and with `-sha256`: OpenSSL's
    /// command is not the code that is tested, and PKCS#1 v1.5 always gives the same bytes.
    private static let signatures: [DigestAlgorithm: String] = [
        .sha1:
            """
        3efdcb8a2c103dd012c9c69bde13a50c41350aaac8c8e97f51c1f2017cc6847a142a4f838d23648579634ee8\
        51b168efac9e58fbf1e2fda81bce556519656f6217b85b5f93893bfd7a20dee2a2a6d0b9825a54e7679faa15\
        d4130d9959ea25d4f1a9836defe3c0e1ef3da6227b22553e39c7a30365841582701fab30b0291a3572985412\
        6faee71f39e2e2ed634232565ce6f8916e55c7069ffe9567c1cec42bc88d2fa677d1da9c2192845bf16d08be\
        df95484c47cd1e368c88c1c629e783fde1a9823c3059ca8c996bca6ded15b8584be0149093adc696e917342c\
        abc5a1b5216375bcfd109b43080635f585e8f3fde29543737d69d48c1bd342f137b08360
        """,
        .sha256:
            """
        0e1a153ef10ed367c8753c15cf5d56ac93c99c0c0ee251e9f2cfbdb031ff78fb2c33e0b577c779a6f1e7074d\
        7d4b6b0cc59985c71bcec2c1888fa353d20f9fb51c6b53417d62a6a5e843a2dcec399b4b263effed715b1b92\
        23fa230b9e7b1a04866424fc38e33f26a50311259689dd0689a325a3801526d086d7d3d2f326e3b22270e2f1\
        7364bb73c0fffa8c0800c43b09525c4c6461e033fd62965da8bc7768c711c04133d5f1d1b42513ecc7af2bd9\
        69d3693cd228d4796875bf6792dab8cbc202a8f7b7c3d609e04417fc81cc3e83ec405774ecc65c9c287abf93\
        05384fae78b25cab4504575913812638be9202a3b0630974cfa02a7092cb1b69eac9460b
        """,
    ]

    private static func text(_ name: String) throws -> [UInt8] {
        let folder = Bundle.module.bundleURL.appendingPathComponent("Vectors/rsa")
        return [UInt8](try Data(contentsOf: folder.appendingPathComponent(name)))
    }

    @Test("signs as OpenSSL's command does", arguments: ["pkcs1.pem", "pkcs8.pem"])
    func signs(_ name: String) throws {
        let key = try RSAPrivateKey(pem: Self.text(name))
        for (digest, expected) in Self.signatures {
            let signature = try key.signature(of: Array("abc".utf8), digest: digest)
            #expect(Hex.text(signature) == expected)
        }
    }

    @Test(
        "refuses what is no plain RSA key, and shows nothing of it",
        arguments: [
            ("encrypted.pem", "with a password"), ("encrypted-pkcs1.pem", "with a password"),
            ("ec.pem", "no RSA key"), ("pss.pem", "no RSA key"), ("short.pem", "fewer than 1024"),
            ("public.pem", "no private key"),
        ]
    )
    func refuses(_ name: String, _ message: String) throws {
        let text = try Self.text(name)
        let error = try #require(throws: CryptoError.self) { _ = try RSAPrivateKey(pem: text) }
        #expect(error.description.contains(message))
        let lines = String(decoding: text, as: UTF8.self).split(separator: "\n")
        for line in lines where !line.hasPrefix("-----") && line.utf8.count > 16 {
            #expect(!error.description.contains(line))
        }
    }

    @Test func refusesNoiseAndLongTexts() throws {
        let whole = try Self.text("pkcs8.pem")
        for text in [[], [0], Array("no key".utf8), Array(whole.prefix(900))] {
            #expect(throws: CryptoError.self) { _ = try RSAPrivateKey(pem: text) }
        }
        let long = [UInt8](repeating: 0x20, count: 70_000)
        let error = try #require(throws: CryptoError.self) { _ = try RSAPrivateKey(pem: long) }
        #expect(error.description == "the private key has 70000 bytes; in PEM it has a few KiB")
    }

    @Test func aKeyIsNeverDumped() throws {
        let key = try RSAPrivateKey(pem: Self.text("pkcs1.pem"))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(dumped == "- RSAPrivateKey #0\n")
        #expect("\(key)" == "RSAPrivateKey")
    }

    @Test func manyTasksSignWithOneKey() async throws {
        let key = try RSAPrivateKey(pem: Self.text("pkcs8.pem"))
        try await withThrowingTaskGroup(of: String.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    Hex.text(try key.signature(of: Array("abc".utf8), digest: .sha256))
                }
            }
            for try await signature in group { #expect(signature == Self.signatures[.sha256]) }
        }
    }
}
