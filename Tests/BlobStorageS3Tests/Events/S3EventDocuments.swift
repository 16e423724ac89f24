import BlobStorage

/// Documents of the senders that are known, as they write them.
enum S3EventDocuments {
    /// AWS's example of a put, its places filled in.
    ///
    /// As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html .
    static func aws(
        name: String = "ObjectCreated:Put",
        key: String = "HappyFace.jpg",
        object: String = """
        "size":1024,"eTag":"d41d8cd98f00b204e9800998ecf8427e",\
        "versionId":"096fKKXTRTtl3on89fVO.nfljtsv6qko","sequencer":"0055AED6DCD90281E5"
        """
    ) -> String {
        """
        {"eventVersion":"2.1","eventSource":"aws:s3","awsRegion":"us-west-2",\
        "eventTime":"1970-01-01T00:00:00.123Z","eventName":"\(name)",\
        "userIdentity":{"principalId":"AIDAJDPLRKLG7UEXAMPLE"},\
        "requestParameters":{"sourceIPAddress":"172.16.0.1"},\
        "responseElements":{"x-amz-request-id":"C3D13FE58DE4C810","x-amz-id-2":"FMyUVURIY8/IgAtT"},\
        "s3":{"s3SchemaVersion":"1.0","configurationId":"testConfigRule",\
        "bucket":{"name":"amzn-s3-demo-bucket","ownerIdentity":{"principalId":"A3NL1KOZZKExample"},\
        "arn":"arn:aws:s3:::amzn-s3-demo-bucket"},"object":{"key":"\(key)",\(object)}}}
        """
    }

    static func records(_ records: String...) -> String {
        "{\"Records\":[\(records.joined(separator: ","))]}"
    }

    /// What S3 sends when notifications are set up.
    static let test = """
        {"Service":"Amazon S3","Event":"s3:TestEvent","Time":"2014-10-13T15:57:02.089Z",\
        "Bucket":"amzn-s3-demo-bucket","RequestId":"5582815E1AEA5ADF","HostId":"8cLeGAmw098X5cv4Zkwcmo"}
        """

    /// As in https://docs.aws.amazon.com/sns/latest/dg/http-notification-json.html .
    static func sns(_ message: String) -> String {
        let escaped = message.split(separator: "\\", omittingEmptySubsequences: false)
            .joined(separator: "\\\\").split(separator: "\"", omittingEmptySubsequences: false)
            .joined(separator: "\\\"")
        return """
            {"Type":"Notification","MessageId":"22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",\
            "TopicArn":"arn:aws:sns:us-west-2:123456789012:MyTopic",\
            "Subject":"Amazon S3 Notification","Message":"\(escaped)",\
            "Timestamp":"2012-05-02T00:54:06.655Z","SignatureVersion":"1","Signature":"EXAMPLEw6JRN",\
            "SigningCertURL":"https://sns.us-west-2.amazonaws.com/SimpleNotificationService.pem",\
            "UnsubscribeURL":"https://sns.us-west-2.amazonaws.com/?Action=Unsubscribe"}
            """
    }

    /// As in https://docs.aws.amazon.com/sns/latest/dg/http-subscription-confirmation-json.html .
    static func subscription(
        topic: String = "arn:aws:sns:us-west-2:123456789012:MyTopic",
        url: String = "https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&Token=23ab"
    ) -> String {
        """
        {"Type":"SubscriptionConfirmation","MessageId":"165545c9-2a5c-472c-8df2-7ff2be2b3b1b",\
        "Token":"23ab","TopicArn":"\(topic)","Message":"You have chosen to subscribe.",\
        "SubscribeURL":"\(url)","Timestamp":"2012-04-26T20:45:04.751Z","SignatureVersion":"1",\
        "Signature":"EXAMPLEpH+DcEwjAPg8O9mY8dReBSwksfg2S7WKQcikcNK",\
        "SigningCertURL":"https://sns.us-west-2.amazonaws.com/SimpleNotificationService.pem"}
        """
    }

    /// As in https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html .
    static func eventBridge(
        type: String = "Object Created",
        source: String = "aws.s3",
        key: String = "example-key",
        object: String = """
        "size":5,"etag":"b1946ac92492d2347c6235b4d2611184",\
        "version-id":"IYV3p45BT0ac8hjHg1houSdS1a.Mro8e","sequencer":"617f08299329d189"
        """
    ) -> String {
        """
        {"version":"0","id":"17793124-05d4-b198-2fde-7ededc63b103","detail-type":"\(type)",\
        "source":"\(source)","account":"111122223333","time":"2021-11-12T00:00:00Z",\
        "region":"ca-central-1","resources":["arn:aws:s3:::amzn-s3-demo-bucket1"],\
        "detail":{"version":"0","bucket":{"name":"amzn-s3-demo-bucket1"},\
        "object":{"key":"\(key)",\(object)},"request-id":"N4N7GDK58NMKJ12R",\
        "requester":"123456789012","source-ip-address":"1.2.3.4","reason":"PutObject"}}
        """
    }

    /// A record of radosgw 20.2, as its `rgw_pubsub.cc` writes it.
    static func ceph(
        name: String = "ObjectCreated:Put",
        key: String = "a b+c%20",
        time: String = "2019-11-22T13:47:35.124724Z",
        sequencer: String = "F7E6D75DC742D108"
    ) -> String {
        """
        {"eventVersion":"2.2","eventSource":"ceph:s3","awsRegion":"default","eventTime":"\(time)",\
        "eventName":"\(name)","userIdentity":{"principalId":"tester"},\
        "requestParameters":{"sourceIPAddress":""},\
        "responseElements":{"x-amz-request-id":"503a4c37-85eb-47cd-8681-2817e80b4281.5330.903595",\
        "x-amz-id-2":"14d2-zone1-zonegroup1"},"s3":{"s3SchemaVersion":"1.0",\
        "configurationId":"mynotif1","bucket":{"name":"mybucket1",\
        "ownerIdentity":{"principalId":"tester"},"arn":"arn:aws:s3:zonegroup1::mybucket1",\
        "id":"503a4c37-85eb-47cd-8681-2817e80b4281.5332.38"},"object":{"key":"\(key)","size":1024,\
        "eTag":"37b51d194a7513e45b56f6524f2d51f2","versionId":"","sequencer":"\(sequencer)",\
        "metadata":[{"key":"x-amz-meta-a","val":"b"}],"tags":[]}},\
        "eventId":"1575221657.102001.80dad3aad8584778352c68ea06250327","opaqueData":"me@example.com"}
        """
    }

    /// What MinIO's webhook gets, as its documentation shows it.
    static let minio = """
        {"EventName":"s3:ObjectCreated:Put","Key":"images/a+b%2Bc/%C3%A9.jpg","Records":[\
        {"eventVersion":"2.0","eventSource":"minio:s3","awsRegion":"",\
        "eventTime":"2023-09-26T09:38:47.702Z","eventName":"s3:ObjectCreated:Put",\
        "userIdentity":{"principalId":"minio"},"requestParameters":{"principalId":"minio",\
        "region":"","sourceIPAddress":"172.17.0.1"},"responseElements":{\
        "x-amz-request-id":"17886DE4E8F0E4B6","x-minio-deployment-id":"f2f2","x-minio-origin-endpoint":\
        "http://172.17.0.2:9000"},"s3":{"s3SchemaVersion":"1.0","configurationId":"Config",\
        "bucket":{"name":"images","ownerIdentity":{"principalId":"minio"},\
        "arn":"arn:aws:s3:::images"},"object":{"key":"a+b%2Bc%2F%C3%A9.jpg","size":8,\
        "eTag":"7ac66c0f148de9519b8bd264312c4d64","contentType":"image/jpeg",\
        "userMetadata":{"content-type":"image/jpeg"},"sequencer":"17886DE4E9EE1A38"}},\
        "source":{"host":"172.17.0.1","port":"","userAgent":"MinIO (linux; amd64)"}}]}
        """
}
