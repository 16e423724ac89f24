import BlobStorage
import Foundation
import Testing

@testable import BlobStorageS3

@Suite struct S3EventDecoderTests {
    private func decode(_ text: String) throws -> S3EventMessage {
        try S3EventDecoder().decode(Array(text.utf8))
    }

    private func events(_ text: String) throws -> [BlobEvent] {
        guard case .events(let events) = try decode(text) else {
            throw BlobError(.invalidArgument, operation: "test", message: "no events")
        }
        return events
    }

    private func event(_ text: String) throws -> BlobEvent {
        let events = try events(text)
        #expect(events.count == 1)
        return try #require(events.first)
    }

    // MARK: S3

    @Test func aRecordOfAWS() throws {
        let event = try event(S3EventDocuments.records(S3EventDocuments.aws()))
        #expect(
            event
                == BlobEvent(
                    .created,
                    name: "ObjectCreated:Put",
                    source: "amzn-s3-demo-bucket",
                    key: "HappyFace.jpg",
                    byteCount: 1_024,
                    etag: "\"d41d8cd98f00b204e9800998ecf8427e\"",
                    versionID: "096fKKXTRTtl3on89fVO.nfljtsv6qko",
                    time: Date(timeIntervalSince1970: 0.123),
                    sequencer: try BlobEventSequencer("0055AED6DCD90281E5")
                )
        )
    }

    @Test(
        "keys are encoded as in a form",
        arguments: [
            ("red+flower.jpg", "red flower.jpg"), ("a%2Bb", "a+b"), ("a%2525", "a%25"),
            ("%E2%82%AC/%F0%9F%98%80", "€/😀"), ("e%CC%81", "e\u{301}"), ("%2e%2E/", "../"),
            ("a%0D%0Ab", "a\r\nb"), ("\u{e9}", "é"), ("%00", "\0"),
        ]
    )
    func keys(_ written: String, _ meant: String) throws {
        let event = try event(S3EventDocuments.records(S3EventDocuments.aws(key: written)))
        #expect(event.key == (try BlobKey(meant)))
    }

    @Test(
        "kinds",
        arguments: [
            ("ObjectCreated:Put", BlobEvent.Kind.created), ("ObjectCreated:Post", .created),
            ("ObjectCreated:Copy", .created), ("ObjectCreated:CompleteMultipartUpload", .created),
            ("s3:ObjectCreated:Put", .created),
            ("ObjectRemoved:Delete", .deleted), ("ObjectRemoved:DeleteMarkerCreated", .deleted),
            ("LifecycleExpiration:Delete", .deleted),
            ("LifecycleExpiration:DeleteMarkerCreated", .deleted),
            ("ObjectTagging:Put", .tagsChanged), ("ObjectTagging:Delete", .tagsChanged),
            ("ObjectAcl:Put", .other), ("ObjectRestore:Post", .other),
            ("ObjectRestore:Delete", .other), ("Replication:OperationFailedReplication", .other),
            ("ReducedRedundancyLostObject", .other), ("LifecycleTransition", .other),
            ("IntelligentTiering", .other), ("", .other), ("objectcreated:Put", .other),
            // radosgw's own.
            ("ObjectLifecycle:Expiration:Current", .deleted),
            ("ObjectLifecycle:Expiration:NonCurrent", .deleted),
            ("ObjectLifecycle:Expiration:DeleteMarker", .other),
            ("ObjectLifecycle:Expiration:AbortMultipartUpload", .other),
            ("ObjectLifecycle:Transition:Current", .other),
            ("ObjectSynced:Create", .created), ("ObjectSynced:Delete", .deleted),
            ("ObjectSynced:DeletionMarkerCreated", .deleted),
            // MinIO's own.
            ("s3:ObjectAccessed:Get", .other), ("s3:ObjectCreated:PutRetention", .other),
            ("s3:ObjectCreated:PutLegalHold", .other),
            ("s3:ObjectCreated:PutTagging", .tagsChanged),
            ("s3:ObjectCreated:DeleteTagging", .tagsChanged),
        ]
    )
    func kinds(_ name: String, _ kind: BlobEvent.Kind) throws {
        let event = try event(S3EventDocuments.records(S3EventDocuments.aws(name: name)))
        #expect(event.kind == kind)
        #expect(event.name == (name.hasPrefix("s3:") ? String(name.dropFirst(3)) : name))
    }

    @Test func whatIsMissingOrEmptyIsNotKnown() throws {
        for object in [
            "\"x\":1", "\"size\":null,\"eTag\":null,\"versionId\":null,\"sequencer\":null",
            "\"eTag\":\"\",\"versionId\":\"\",\"sequencer\":\"\"",
        ] {
            let event = try event(S3EventDocuments.records(S3EventDocuments.aws(object: object)))
            #expect(event.byteCount == nil && event.etag == nil)
            #expect(event.versionID == nil && event.sequencer == nil)
        }
    }

    @Test func anETagWithQuotesKeepsThem() throws {
        let record = S3EventDocuments.aws(object: #""eTag":"\"abc-2\"""#)
        #expect(try event(S3EventDocuments.records(record)).etag == "\"abc-2\"")
    }

    @Test func recordsKeepTheirOrderAndTheirDoubles() throws {
        let (a, b) = (S3EventDocuments.aws(key: "a"), S3EventDocuments.aws(key: "b"))
        #expect(try events(S3EventDocuments.records(b, a, b)).map(\.key) == ["b", "a", "b"])
        #expect(try events(S3EventDocuments.records()) == [])
    }

    @Test func theTestOfAQueue() throws {
        #expect(try decode(S3EventDocuments.test) == .test(bucket: "amzn-s3-demo-bucket"))
    }

    // MARK: SNS

    @Test func anEnvelopeOfSNSIsOpened() throws {
        let key = #"a\\b\"c"#
        let record = S3EventDocuments.records(S3EventDocuments.aws(key: key))
        let opened = try event(S3EventDocuments.sns(record))
        #expect(opened == (try event(record)))
        #expect(opened.key == "a\\b\"c")
        #expect(
            try decode(S3EventDocuments.sns(S3EventDocuments.test))
                == .test(bucket: "amzn-s3-demo-bucket")
        )
        let bridged = try event(S3EventDocuments.sns(S3EventDocuments.eventBridge()))
        #expect(bridged.name == "Object Created")
    }

    @Test func aQuestionOfSNS() throws {
        let message = try decode(S3EventDocuments.subscription())
        guard case .subscription(let subscription) = message else {
            Issue.record("\(message)")
            return
        }
        #expect(subscription.topicARN == "arn:aws:sns:us-west-2:123456789012:MyTopic")
        #expect(subscription.confirmationURL.hasSuffix("&Token=23ab"))
        // The token is nobody's business.
        #expect(!"\(message)".contains("23ab"))
        var dumped = ""
        dump(message, to: &dumped)
        #expect(!dumped.contains("23ab"))
        let end = """
            {"Type":"UnsubscribeConfirmation","TopicArn":"arn","SubscribeURL":"https://x/"}
            """
        #expect(try decode(end) == .unsubscribed(topicARN: "arn"))
    }

    // MARK: EventBridge

    @Test func anEventOfEventBridge() throws {
        let event = try event(S3EventDocuments.eventBridge())
        #expect(
            event
                == BlobEvent(
                    .created,
                    name: "Object Created",
                    source: "amzn-s3-demo-bucket1",
                    key: "example-key",
                    byteCount: 5,
                    etag: "\"b1946ac92492d2347c6235b4d2611184\"",
                    versionID: "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
                    time: Date(timeIntervalSince1970: 1_636_675_200),
                    sequencer: try BlobEventSequencer("617f08299329d189")
                )
        )
    }

    @Test(
        "kinds of EventBridge",
        arguments: [
            ("Object Created", BlobEvent.Kind.created), ("Object Deleted", .deleted),
            ("Object Tags Added", .tagsChanged), ("Object Tags Deleted", .tagsChanged),
            ("Object ACL Updated", .other), ("Object Restore Completed", .other),
            ("Object Storage Class Changed", .other), ("Object Access Tier Changed", .other),
        ]
    )
    func eventBridgeKinds(_ type: String, _ kind: BlobEvent.Kind) throws {
        #expect(try event(S3EventDocuments.eventBridge(type: type)).kind == kind)
    }

    @Test("keys of EventBridge are as they are", arguments: ["a+b", "a%20b", "a b", "%", "é"])
    func eventBridgeKeys(_ key: String) throws {
        #expect(try event(S3EventDocuments.eventBridge(key: key)).key == (try BlobKey(key)))
    }

    // MARK: radosgw and MinIO

    @Test func aRecordOfRadosgw() throws {
        let event = try event(S3EventDocuments.records(S3EventDocuments.ceph()))
        #expect(event.kind == .created && event.source == "mybucket1")
        // The key is not encoded.
        #expect(event.key == "a b+c%20")
        #expect(event.etag == "\"37b51d194a7513e45b56f6524f2d51f2\"" && event.byteCount == 1_024)
        #expect(event.versionID == nil)
        // 0x5DD7E6F7 is 2019-11-22T13:47:35Z, and 0x08D142C7 are 147.9 ms.
        #expect(event.sequencer?.text == "5DD7E6F708D142C7")
    }

    @Test func sequencersOfRadosgwAscendWithTime() throws {
        // Two events 300 ms apart; their bytes, as they lie in memory, are in the other order.
        let texts = ["F7E6D75D00E1F505", "F7E6D75D0065CD17"]
        #expect(try BlobEventSequencer(texts[0]) > BlobEventSequencer(texts[1]))
        let events = try texts.map { text in
            try event(S3EventDocuments.records(S3EventDocuments.ceph(sequencer: text)))
        }
        let sequencers = events.compactMap(\.sequencer)
        #expect(sequencers.map(\.text) == ["5DD7E6F705F5E100", "5DD7E6F717CD6500"])
        #expect(sequencers[0] < sequencers[1])
    }

    @Test(
        "what is no time of radosgw's stays as it is",
        arguments: ["5DD7E6F708D142C7", "0055AED6DCD90281E5", "1", "00000000000000000000"]
    )
    func otherSequencers(_ text: String) throws {
        let event = try event(S3EventDocuments.records(S3EventDocuments.ceph(sequencer: text)))
        #expect(event.sequencer?.text == text)
    }

    @Test func aDocumentOfMinIO() throws {
        let event = try event(S3EventDocuments.minio)
        #expect(event.kind == .created && event.name == "ObjectCreated:Put")
        #expect(event.source == "images" && event.key == "a b+c/é.jpg")
        #expect(event.etag == "\"7ac66c0f148de9519b8bd264312c4d64\"" && event.byteCount == 8)
        #expect(event.sequencer?.text == "17886DE4E9EE1A38")
        #expect(event.time == Date(timeIntervalSince1970: 1_695_721_127.702))
    }
}
