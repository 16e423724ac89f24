import Testing

@testable import BlobStorageCrypto

@Suite struct DigestTests {
    // FIPS 180-2's examples; RFC 1321, appendix A.5.
    private static let vectors: [(DigestAlgorithm, String, String)] = [
        (.sha256, "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        (.sha256, "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        (
            .sha256, "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
        ),
        (.sha1, "abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (.sha1, "", "da39a3ee5e6b4b0d3255bfef95601890afd80709"),
        (.md5, "abc", "900150983cd24fb0d6963f7d28e17f72"),
        (.md5, "", "d41d8cd98f00b204e9800998ecf8427e"),
        (.md5, "message digest", "f96b697d7cb7938d525a2f31aaf161d0"),
    ]

    @Test("computes the published digests", arguments: vectors)
    func published(_ algorithm: DigestAlgorithm, _ text: String, _ expected: String) throws {
        let bytes = Array(text.utf8)
        #expect(Hex.text(try algorithm.digest(of: bytes)) == expected)
        #expect(expected.utf8.count == 2 * algorithm.byteCount)
        if algorithm == .sha256 { #expect(SHA256.digest(of: bytes).hex == expected) }
    }

    @Test("takes bytes in pieces of any size", arguments: DigestAlgorithm.allCases)
    func pieces(_ algorithm: DigestAlgorithm) throws {
        let bytes = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 &* 131) }
        let whole = try algorithm.digest(of: bytes)
        for size in [1, 3, 63, 64, 65, 999] {
            let hasher = try DigestHasher(algorithm)
            var own = SHA256()
            for start in stride(from: 0, to: bytes.count, by: size) {
                let piece = Array(bytes[start..<min(start + size, bytes.count)])
                hasher.update(piece)
                own.update(piece)
            }
            #expect(hasher.finish() == whole)
            if algorithm == .sha256 { #expect(own.finish().bytes == whole) }
        }
    }

    @Test func bothSHA256sAgreeOnEveryLength() throws {
        for count in 0..<300 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
            #expect(
                SHA256.digest(of: bytes).bytes == (try DigestAlgorithm.sha256.digest(of: bytes))
            )
        }
    }

    @Test func aHasherCanGoOnAfterADigest() {
        var hasher = SHA256()
        hasher.update(Array("a".utf8))
        _ = hasher.finish()
        hasher.update(Array("bc".utf8))
        #expect(hasher.finish().hex == SHA256.digest(of: Array("abc".utf8)).hex)
    }
}

@Suite struct HMACKeyTests {
    // RFC 4231, test cases 1 to 4, 6 and 7.
    private static let vectors: [([UInt8], [UInt8], String)] = [
        (
            Array(repeating: 0x0B, count: 20), Array("Hi There".utf8),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        (
            Array("Jefe".utf8), Array("what do ya want for nothing?".utf8),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            Array(repeating: 0xAA, count: 20), Array(repeating: 0xDD, count: 50),
            "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        (
            Array(1...25), Array(repeating: 0xCD, count: 50),
            "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        (
            Array(repeating: 0xAA, count: 131),
            Array("Test Using Larger Than Block-Size Key - Hash Key First".utf8),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        (
            Array(repeating: 0xAA, count: 131),
            Array(
                ("This is a test using a larger than block-size key and a larger than block-size "
                    + "data. The key needs to be hashed before being used by the HMAC algorithm.")
                    .utf8
            ),
            "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test("computes RFC 4231's codes, time and again", arguments: vectors)
    func published(_ key: [UInt8], _ message: [UInt8], _ expected: String) {
        let key = HMACKey(key)
        #expect(key.code(for: message).hex == expected)
        _ = key.code(for: [])
        #expect(key.code(for: message).hex == expected)
    }
}

@Suite struct HexTests {
    @Test func bytesGoThereAndBack() {
        let bytes = (0...255).map { UInt8($0) }
        let text = Hex.text(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff"))
        #expect(Hex.bytes(text.utf8) == bytes)
        #expect(Hex.bytes(text.uppercased().utf8) == bytes)
    }

    @Test(
        "refuses what is no pairs of digits",
        arguments: ["0", "0g", "g0", " 0", "+1", "0x", "٠٠"]
    )
    func refused(_ text: String) {
        #expect(Hex.bytes(text.utf8) == nil)
    }
}

@Suite struct SecretTests {
    @Test func comparesAllBytes() {
        #expect(ConstantTime.isEqual([UInt8](), []))
        #expect(ConstantTime.isEqual("abc", "abc"))
        for other in ["abd", "xbc", "ab", "abcd", ""] {
            #expect(!ConstantTime.isEqual("abc", other))
        }
        // Two spellings of é, which `String` calls equal.
        #expect(!ConstantTime.isEqual("\u{E9}", "e\u{301}"))
    }

    @Test func randomBytesDiffer() throws {
        let made = try (0..<64).map { _ in try RandomBytes.make(count: 16) }
        #expect(Set(made).count == 64)
        #expect(made.allSatisfy { $0.count == 16 })
        #expect(try RandomBytes.make(count: 0).isEmpty)
    }
}
