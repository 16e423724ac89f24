#!/usr/bin/env python3
"""Writes the small inputs that fuzzing starts from into Tests/Fuzz/Corpus.

They are in the tree as well; this says where they come from.
"""

import json
import pathlib

CORPUS = pathlib.Path(__file__).parent / "Corpus"
BOUNDARY = "----WebKitFormBoundary7MA4YWxkTrZu0gW"
SCOPE = "AKIDEXAMPLE/20250615/us-east-1/s3/aws4_request"
SIGNATURE = "0" * 64


def request(line, fields=(), body=""):
    lines = [line, "Host:s3.example.com", *fields]
    return "\n".join(lines) + "\n\n" + body


def form(fields, file="file bytes"):
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields
    ]
    head = 'Content-Disposition: form-data; name="file"; filename="C:\\\\x\\\\cat.jpg"'
    parts.append(f"--{BOUNDARY}\r\n{head}\r\nContent-Type: image/jpeg\r\n\r\n{file}\r\n")
    return "".join(parts) + f"--{BOUNDARY}--\r\n"


DELETE = "<Delete><Quiet>true</Quiet><Object><Key>a/b</Key></Object></Delete>"
COMPLETE = (
    "<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>&quot;e&quot;</ETag></Part>"
    "</CompleteMultipartUpload>"
)
LIFECYCLE = (
    "<LifecycleConfiguration><Rule><ID>x</ID><Filter><And><Prefix>tmp/</Prefix><Tag><Key>a</Key><Value>b</Value></Tag>"
    "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan></And></Filter><Status>Enabled</Status>"
    "<Expiration><Days>7</Days></Expiration></Rule><Rule><ID>y</ID><Filter><Prefix/></Filter><Status>Disabled</Status>"
    "<Expiration><Date>2030-01-01T00:00:00Z</Date></Expiration><AbortIncompleteMultipartUpload>"
    "<DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload></Rule></LifecycleConfiguration>"
)
QUERY = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=" + SCOPE.replace("/", "%2F")
    + "&X-Amz-Date=20250615T123456Z&X-Amz-Expires=900&X-Amz-SignedHeaders=host%3Brange"
    + f"&X-Amz-Signature={SIGNATURE}&x-amz-meta-a=1"
)
RECORDS = (
    '{"Records":[{"eventSource":"%s","eventTime":"2019-11-22T13:47:35.124Z","eventName":"ObjectCreated:Put",'
    '"s3":{"bucket":{"name":"b"},"object":{"key":"%s","size":1024,"eTag":"e","versionId":"","sequencer":"%s"}}}]}'
)
TARGETS = {
    "request": {
        "get": request("GET /b/a%2Fb?partNumber=1", ["If-None-Match:*", "If-Range:\"x\""]),
        "range": request("HEAD /b/a/b?response-expires=0", ["Range:bytes=-3", "Origin:https://a.example"]),
        "put": request("PUT /b/k", ["Content-Type:text/html", "x-amz-meta-a:=?UTF-8?B?w6k=?=", "Content-MD5:rL0Y20zC+Fzt72VPzMSk2A=="], "foo"),
        "copy": request("PUT /b/k", ["x-amz-copy-source:/b/a%2Fb", "x-amz-metadata-directive:REPLACE"]),
        "list": request("GET /b?list-type=2&prefix=a&delimiter=/&encoding-type=url&max-keys=1"),
        "list-old": request("GET /b?marker=a&max-keys=1000"),
        "uploads": request("GET /b?uploads&key-marker=a&upload-id-marker=0"),
        "delete": request("POST /b?delete", ["Content-MD5:7t7rC6tSwz9ZmQyzOGyBdg=="], DELETE),
        "create": request("POST /b/m?uploads", ["x-amz-checksum-algorithm:CRC64NVME"]),
        "complete": request("POST /b/m?uploadId=0000000000000002", ["If-None-Match:*"], COMPLETE),
        "part": request("PUT /b/m?partNumber=1&uploadId=0000000000000002", [], "part"),
        "form": request("POST /b", [f"Content-Type:multipart/form-data; boundary={BOUNDARY}"], form([("key", "u/${filename}"), ("success_action_status", "201")])),
        "chunked": request("PUT /b/k", ["x-amz-content-sha256:STREAMING-UNSIGNED-PAYLOAD-TRAILER", "x-amz-decoded-content-length:3", "x-amz-trailer:x-amz-checksum-crc32"], "3\r\nfoo\r\n0\r\nx-amz-checksum-crc32:jHNlIQ==\r\n\r\n"),
        "preflight": request("OPTIONS /b/a", ["Origin:https://a.example", "Access-Control-Request-Method:GET", "Access-Control-Request-Headers:content-type, x-amz-date"]),
        "attributes": request("GET /b/a/b?attributes", ["x-amz-object-attributes:ETag,Checksum"]),
        "signed": request("GET /b/a/b", [f"Authorization:AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host, Signature={SIGNATURE}"]),
        "presigned": request(f"GET /b/a/b?{QUERY}"),
        "host": request("GET http://b.v.example/a/b", ["Host:b.v.example"]),
        "cors": request("GET /b?cors"),
    },
    "query": {"presigned": QUERY, "plain": "prefix=a%20b&delimiter=%2F&uploads&x=%FF"},
    "authorization": {
        "header": f"AWS4-HMAC-SHA256 Credential={SCOPE}, SignedHeaders=host;range, Signature={SIGNATURE}",
        "old": "AWS AKIDEXAMPLE:frJIUN8DYpKDtOLCwo//yllqDzg=",
    },
    "chunks": {
        "one": "1000;a=b\r\n" + "x" * 4096 + "\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
        "two": "800\r\n" + "x" * 2048 + "\r\n800\r\n" + "y" * 2048 + "\r\n0\r\nx-amz-checksum-crc32:AAAAAA==\r\n\r\n",
        "short": "3\r\nfoo\r\n0\r\n\r\n",
    },
    "form": {
        "fields": BOUNDARY + "\n" + form([("key", "a"), ("Policy", "e30="), ("x-amz-meta-a", "é")]),
        "near": BOUNDARY + "\n" + form([("key", "a")], "\r\n--" + BOUNDARY[:-1] + "\r\n\r"),
        "end": BOUNDARY + f"\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=key\r\n\r\na\r\n--{BOUNDARY}--more",
        "small": "b\n--b\r\nContent-Disposition: form-data; name=file\r\n\r\nx\r\n--b--\r\n",
    },
    "policy": {
        "usual": '{"expiration": "2025-06-15T13:34:56Z", "conditions": [{"bucket": "b"}, ["starts-with", "$key", "u/\\u00e9"], ["content-length-range", 0, 10]]}',
        "nested": '{"expiration":"2025-06-15T13:34:56.000Z","conditions":[["eq","$a","\\ud83d\\ude00"],[[]],{"a":{}},-1.5e3,null,true]}',
        "bucket": json.dumps({
            "Version": "2012-10-17",
            "Statement": [{
                "Sid": "x", "Effect": "Allow", "Principal": {"AWS": ["*"]},
                "Action": ["s3:GetObject", "s3:ListBucket"],
                "Resource": ["arn:aws:s3:::photos/a?/*", "arn:aws:s3:::photos"],
            }],
        }),
    },
    "documents": {
        "complete": COMPLETE,
        "delete": DELETE,
        "lifecycle": LIFECYCLE,
        "error": '<?xml version="1.0" encoding="UTF-8"?>\n<Error xmlns:x="u" x:type="t"><Code>A</Code><!-- c --><Message>&lt;&#13;&#x10FFFF;</Message></Error>',
        "cdata": "<a><![CDATA[<b>]]><b c='d'/>é</a>",
        "bomb": '<!DOCTYPE a [<!ENTITY b "c"><!ENTITY d "&b;&b;">]><a>&d;</a>',
    },
    "headers": {
        "range": "bytes=0-9",
        "suffix": "bytes=-5",
        "http": "Sun, 06 Nov 1994 08:49:37 GMT",
        "old": "Sunday, 06-Nov-94 08:49:37 GMT",
        "asctime": "Sun Nov  6 08:49:37 1994",
        "basic": "20250615T123456Z",
        "extended": "2025-06-15T12:34:56.789+01:30",
        "etags": 'W/"a", "b,c", *',
        "type": 'multipart/form-data; boundary="a b"; x=y',
    },
    "paths": {
        "plain": "uploads/42/cat.jpg",
        "dots": "../a/./b//c/",
        "escapes": "a%2E%25/%00/%E9",
        "long": "é" * 200 + "/" + "x" * 300,
        "reserved": ".blob-storage/%",
        "nul": "a\0b",
    },
    "events": {
        "aws": RECORDS % ("aws:s3", "a%20b%2Bc+%C3%A9", "0055AED6DCD90281E5"),
        "ceph": RECORDS % ("ceph:s3", "a b", "F7E6D75DC742D108"),
        "bridge": '{"detail-type":"Object Created","source":"aws.s3","time":"2021-11-12T00:00:00Z","detail":{"bucket":{"name":"b"},"object":{"key":"k","size":5,"etag":"e","version-id":"v","sequencer":"617f08299329d189"}}}',
        "sns": json.dumps({"Type": "Notification", "Message": RECORDS % ("aws:s3", "k", "1")}),
        "subscription": '{"Type":"SubscriptionConfirmation","TopicArn":"arn:aws:sns:x:1:t","SubscribeURL":"https://sns.x.amazonaws.com/?Token=1"}',
        "test": '{"Service":"Amazon S3","Event":"s3:TestEvent","Bucket":"b"}',
    },
    "config": {
        "config": "[default]\nregion = eu-west-1 # c\ns3 =\n  endpoint_url = http://x\n[profile a]\nrole_arn=r\nsource_profile = default\n",
        "credentials": "\ufeff[default]\naws_access_key_id=A\r\naws_secret_access_key = B ; c\n\n[ b ]\n",
        "session": '[sso-session "x y"]\nsso_region = r\n[services s]\nlocal =\n  a\n',
    },
}

for target, inputs in TARGETS.items():
    folder = CORPUS / target
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in inputs.items():
        (folder / name).write_bytes(text.encode())
