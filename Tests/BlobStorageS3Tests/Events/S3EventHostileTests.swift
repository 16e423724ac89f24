import BlobStorage
import BlobStorageTestKit
import Foundation
import Testing

@testable import BlobStorageS3

/// Documents that are none, or not quite.
@Suite struct S3EventHostileTests {
    /// The error of a document that must be refused.
    private func refusal(_ bytes: [UInt8]) throws -> BlobError {
        let error = try #require(throws: BlobError.self) { try S3EventDecoder().decode(bytes) }
        #expect(error.operation != "")
        return error
    }

    private func refusal(_ text: String) throws -> BlobError {
        try refusal(Array(text.utf8))
    }

    @Test(
        "what is no document",
        arguments: [
            "", " ", "null", "1", "\"Records\"", "[]", "{}", "{", "{\"Records\":", "{\"a\":1}",
            "{\"Records\":[]} x", "{\"Records\":[]}{\"Records\":[]}", "{'Records':[]}",
            "{\"Records\":[],}", "// \n{\"Records\":[]}", "{\"records\":[]}", "<Records/>",
        ]
    )
    func noDocument(_ text: String) throws {
        #expect(try refusal(text).kind == .invalidArgument)
    }

    @Test(
        "fields of another type",
        arguments: [
            "{\"Records\":null}", "{\"Records\":{}}", "{\"Records\":\"x\"}", "{\"Records\":[null]}",
            "{\"Records\":[[]]}", "{\"Records\":[1]}", "{\"Event\":1}", "{\"Event\":\"s3:Other\"}",
            "{\"Event\":\"s3:TestEvent\"}", "{\"Event\":\"s3:TestEvent\",\"Bucket\":1}",
            "{\"Type\":1}", "{\"Type\":\"Other\"}", "{\"Type\":\"Notification\"}",
            "{\"Type\":\"Notification\",\"Message\":{}}",
            "{\"Type\":\"SubscriptionConfirmation\",\"TopicArn\":\"t\"}",
            "{\"Type\":\"UnsubscribeConfirmation\"}", "{\"detail-type\":1}",
            "{\"detail-type\":\"Object Created\"}",
        ]
    )
    func otherTypes(_ text: String) throws {
        #expect(try refusal(text).kind == .invalidArgument)
    }

    /// Each field that a record must have, away or of another type.
    @Test(
        "records that lack something",
        arguments: [
            ("\"eventSource\":\"aws:s3\"", "\"x\":1"),
            ("\"eventSource\":\"aws:s3\"", "\"eventSource\":\"aws:sns\""),
            ("\"eventSource\":\"aws:s3\"", "\"eventSource\":\":s3\""),
            ("\"eventSource\":\"aws:s3\"", "\"eventSource\":null"),
            ("\"eventName\":\"ObjectCreated:Put\"", "\"eventName\":7"),
            ("\"eventName\":\"ObjectCreated:Put\"", "\"x\":1"),
            ("\"eventTime\":\"1970-01-01T00:00:00.123Z\"", "\"eventTime\":\"yesterday\""),
            ("\"eventTime\":\"1970-01-01T00:00:00.123Z\"", "\"eventTime\":0"),
            ("\"eventTime\":\"1970-01-01T00:00:00.123Z\"", "\"x\":1"),
            ("\"s3\":{", "\"x\":{"),
            ("\"bucket\":{\"name\":\"amzn-s3-demo-bucket\"", "\"bucket\":{\"x\":1"),
            ("\"bucket\":{\"name\":\"amzn-s3-demo-bucket\"", "\"bucket\":{\"name\":\"\""),
            ("\"bucket\":{\"name\":\"amzn-s3-demo-bucket\"", "\"bucket\":{\"name\":[]"),
            ("\"key\":\"HappyFace.jpg\"", "\"x\":1"), ("\"key\":\"HappyFace.jpg\"", "\"key\":\"\""),
            ("\"key\":\"HappyFace.jpg\"", "\"key\":null"),
            ("\"size\":1024", "\"size\":-1"), ("\"size\":1024", "\"size\":\"1024\""),
            ("\"size\":1024", "\"size\":1.5"), ("\"size\":1024", "\"size\":1e40"),
            ("\"size\":1024", "\"size\":9223372036854775808"), ("\"size\":1024", "\"size\":true"),
            ("\"eTag\":\"d41d8cd98f00b204e9800998ecf8427e\"", "\"eTag\":1"),
            ("\"sequencer\":\"0055AED6DCD90281E5\"", "\"sequencer\":\"later\""),
            ("\"sequencer\":\"0055AED6DCD90281E5\"", "\"sequencer\":5"),
        ]
    )
    func lacking(_ part: String, _ other: String) throws {
        let whole = S3EventDocuments.aws()
        let pieces = whole.components(separatedBy: part)
        #expect(pieces.count == 2)
        let broken = pieces.joined(separator: other)
        // One bad record spoils the document: half of it would be lost without a word.
        let error = try refusal(S3EventDocuments.records(whole, broken))
        #expect(error.kind == .invalidArgument)
        #expect(!error.message.contains("yesterday") && !error.message.contains("HappyFace"))
    }

    @Test(
        "bad escapes",
        arguments: ["%", "%2", "a%", "%GG", "%2x", "%ff", "%C3", "%ED%A0%80", "%C0%80", "%F8%88"]
    )
    func badEscapes(_ key: String) throws {
        let error = try refusal(S3EventDocuments.records(S3EventDocuments.aws(key: key)))
        #expect(error.kind == .invalidArgument)
    }

    @Test func aKeyThatIsTooLong() throws {
        let longest = String(repeating: "%41", count: 1_024)
        let record = S3EventDocuments.aws(key: longest)
        let message = try S3EventDecoder().decode(Array(S3EventDocuments.records(record).utf8))
        guard case .events(let events) = message else {
            Issue.record("\(message)")
            return
        }
        #expect(events.first?.key.text.utf8.count == 1_024)
        let error = try refusal(S3EventDocuments.records(S3EventDocuments.aws(key: longest + "A")))
        #expect(error.kind == .invalidArgument)
    }

    @Test(
        "what is not UTF-8",
        arguments: [
            [0xFF], [0xC3], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0],
        ]
            as [[UInt8]]
    )
    func notUTF8(_ bytes: [UInt8]) throws {
        let record = S3EventDocuments.records(S3EventDocuments.aws(key: "HERE"))
        let parts = record.components(separatedBy: "HERE").map { Array($0.utf8) }
        #expect(try refusal(parts[0] + bytes + parts[1]).kind == .invalidArgument)
        #expect(try refusal(bytes + Array(record.utf8)).kind == .invalidArgument)
    }

    @Test func utf16IsNotTaken() throws {
        let record = S3EventDocuments.records(S3EventDocuments.aws())
        let wide = record.utf16.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
        #expect(try refusal(wide).kind == .invalidArgument)
        #expect(try refusal([0xFF, 0xFE] + wide).kind == .invalidArgument)
    }

    @Test("half a surrogate pair", arguments: [#"\ud800"#, #"\udc00"#, #"\ud800\u0041"#, #"\u12"#])
    func surrogates(_ escape: String) throws {
        let document = S3EventDocuments.eventBridge(key: "a\(escape)b")
        #expect(try refusal(document).kind == .invalidArgument)
    }

    @Test("deep documents", arguments: ["[", "{\"a\":"])
    func depth(_ opening: String) throws {
        for count in [33, 1_000, 200_000] {
            let deep = "{\"Records\":" + String(repeating: opening, count: count)
            let error = try refusal(deep)
            #expect(error.message.contains("32 deep"))
        }
        // Brackets in texts are none.
        let key = String(repeating: "[{", count: 500)
        let document = S3EventDocuments.eventBridge(key: key + #"\"["#)
        let message = try S3EventDecoder().decode(Array(document.utf8))
        #expect(message != .events([]))
    }

    @Test func envelopesInEnvelopes() throws {
        var document = S3EventDocuments.records(S3EventDocuments.aws())
        document = S3EventDocuments.sns(S3EventDocuments.sns(document))
        #expect(try refusal(document).message.contains("envelope"))
    }

    @Test func aDeepDocumentInAnEnvelope() throws {
        let deep = "{\"Records\":" + String(repeating: "[", count: 100_000)
        #expect(try refusal(S3EventDocuments.sns(deep)).message.contains("32 deep"))
    }

    @Test func theSizeIsBounded() throws {
        let document = Array(S3EventDocuments.records(S3EventDocuments.aws()).utf8)
        _ = try S3EventDecoder(maximumByteCount: document.count).decode(document)
        let error = try #require(throws: BlobError.self) {
            try S3EventDecoder(maximumByteCount: document.count - 1).decode(document)
        }
        #expect(error.kind == .tooLarge)
    }

    @Test func anEventOfAnotherService() throws {
        let document = S3EventDocuments.eventBridge(source: "aws.ec2")
        #expect(try refusal(document).message.contains("aws.s3"))
        // EventBridge also has S3's calls from CloudTrail, which are another thing.
        let call = """
            {"version":"0","detail-type":"AWS API Call via CloudTrail","source":"aws.s3",\
            "time":"2021-11-12T00:00:00Z","detail":{"eventName":"PutObject"}}
            """
        #expect(try refusal(call).message.contains("detail.bucket"))
    }

    /// Whatever is changed in a document, it is decoded or refused, and nothing else happens.
    @Test("mutations", arguments: 1...8 as ClosedRange<UInt64>)
    func mutations(_ seed: UInt64) throws {
        var random = SplitMix64(seed)
        let documents = [
            S3EventDocuments.records(S3EventDocuments.aws(), S3EventDocuments.ceph()),
            S3EventDocuments.sns(S3EventDocuments.records(S3EventDocuments.aws(key: "a%20b+"))),
            S3EventDocuments.eventBridge(), S3EventDocuments.minio, S3EventDocuments.test,
            S3EventDocuments.subscription(),
        ].map { Array($0.utf8) }
        let pieces = ["\"", "{", "}", "[", "]", ",", ":", "%", "\\", "null", "1e9", "-", "\\u0000"]
        var (decodedCount, refusedCount) = (0, 0)
        for _ in 0..<500 {
            var bytes = documents.randomElement(using: &random) ?? []
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 0...255, using: &random)
                case 1: bytes.remove(at: place)
                case 2:
                    let piece = pieces.randomElement(using: &random) ?? ""
                    bytes.insert(contentsOf: Array(piece.utf8), at: place)
                default: bytes.removeSubrange(place...)
                }
                if bytes.isEmpty { bytes = [0x7B] }
            }
            do {
                guard case .events(let events) = try S3EventDecoder().decode(bytes) else {
                    continue
                }
                decodedCount += 1
                for event in events {
                    #expect((1...1_024).contains(event.key.text.utf8.count), "seed \(seed)")
                    #expect(event.byteCount ?? 0 >= 0 && !event.source.isEmpty, "seed \(seed)")
                }
            } catch let error as BlobError {
                refusedCount += 1
                #expect([.invalidArgument, .tooLarge].contains(error.kind), "seed \(seed)")
            }
        }
        #expect(decodedCount > 10 && refusedCount > 10)
    }
}
