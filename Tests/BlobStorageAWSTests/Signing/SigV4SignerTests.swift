import BlobStorage
import BlobStorageHTTP
import Foundation
import Testing

@testable import BlobStorageAWS

#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

@Suite struct SigV4SignerTests {
    private let credentials = AWSCredentials(
        accessKeyID: "AKIDEXAMPLE",
        secretAccessKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: "a+token/="
    )
    private let request = HTTPRequest(.get, HTTPURL(.https, host: "b.s3.amazonaws.com", path: "/k"))

    private func canonical(
        path: String = "/",
        query: String? = nil,
        headers: HTTPHeaders = [:],
        style: SignedPathStyle = .verbatim
    ) -> [String] {
        var canonical = CanonicalRequest()
        for field in headers.fields { canonical.headers.append(field.name, field.value) }
        if let query { canonical.query.append(encoded: query) }
        canonical.build(method: "GET", path: path, pathStyle: style, payloadHash: "H")
        return String(decoding: canonical.bytes, as: UTF8.self)
            .split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func aLifetimeHasBounds() throws {
        let signer = SigV4Signer(service: "s3")
        func presign(_ lifetime: Duration) throws -> HTTPURL {
            try signer.presign(
                request,
                expiresIn: lifetime,
                region: "r",
                credentials: credentials,
                at: Date(timeIntervalSince1970: 0)
            )
        }
        for lifetime in [Duration.zero, .seconds(-1), .milliseconds(999), .seconds(604_801)] {
            let error = try #require(throws: BlobError.self) { try presign(lifetime) }
            #expect(error.kind == .invalidArgument)
            #expect(!error.description.contains("AKIDEXAMPLE"))
        }
        #expect(try presign(.seconds(1)).query?.contains("&X-Amz-Expires=1&") == true)
        #expect(try presign(.milliseconds(1_999)).query?.contains("&X-Amz-Expires=1&") == true)
        #expect(try presign(.seconds(604_800)).query?.contains("&X-Amz-Expires=604800&") == true)
    }

    @Test func aTokenIsSignedOrAdded() throws {
        for signsToken in [true, false] {
            let signer = SigV4Signer(service: "s3", signsSessionToken: signsToken)
            var signed = request
            try signer.sign(
                &signed,
                payload: .empty,
                region: "r",
                credentials: credentials,
                at: Date(timeIntervalSince1970: 0)
            )
            #expect(signed.headers["x-amz-security-token"] == "a+token/=")
            let names = try signedHeaderNames(try #require(signed.headers["authorization"]))
            #expect(names.contains("x-amz-security-token") == signsToken)
            let url = try signer.presign(
                request,
                expiresIn: .seconds(1),
                region: "r",
                credentials: credentials,
                at: Date(timeIntervalSince1970: 0)
            )
            #expect(url.query?.contains("&X-Amz-Security-Token=a%2Btoken%2F%3D&") == true)
        }
    }

    @Test func signingAgainReplacesWhatWasThere() throws {
        let signer = SigV4Signer(service: "s3")
        let date = Date(timeIntervalSince1970: 1_000_000_000)
        var once = request
        once.headers["Range"] = "bytes=0-1"
        var twice = once
        let other = AWSCredentials(accessKeyID: "X", secretAccessKey: "Y", sessionToken: "Z")
        try signer.sign(
            &twice,
            payload: .unsigned,
            region: "q",
            credentials: other,
            at: date.addingTimeInterval(9e8)
        )
        let plain = AWSCredentials(accessKeyID: "X", secretAccessKey: "Y")
        try signer.sign(&once, payload: .empty, region: "r", credentials: plain, at: date)
        try signer.sign(&twice, payload: .empty, region: "r", credentials: plain, at: date)
        #expect(Set(once.headers.fields) == Set(twice.headers.fields))
    }

    /// Over midnight the key of the day before is not used again; the one kept gives what a signer
    /// that kept nothing gives.
    @Test func eachDayHasItsKey() throws {
        let signer = SigV4Signer(service: "s3")
        let midnight = try SigningVectors.date("20240229T000000Z")
        for offset in [-1.0, -0.001, 0, 0.999, 86_399, 86_400, -1, 0] {
            let date = midnight.addingTimeInterval(offset)
            for region in ["r", "q"] {
                var kept = request
                var fresh = request
                try signer.sign(
                    &kept,
                    payload: .empty,
                    region: region,
                    credentials: credentials,
                    at: date
                )
                try SigV4Signer(service: "s3").sign(
                    &fresh,
                    payload: .empty,
                    region: region,
                    credentials: credentials,
                    at: date
                )
                #expect(kept.headers == fresh.headers)
                let day = offset < 0 ? "20240228" : offset < 86_400 ? "20240229" : "20240301"
                let authorization = try #require(kept.headers["Authorization"])
                #expect(authorization.contains("/\(day)/\(region)/s3/aws4_request,"))
                #expect(kept.headers["x-amz-date"]?.hasPrefix("\(day)T") == true)
            }
        }
    }

    @Test func manyKeysAreKeptApart() throws {
        let signer = SigV4Signer(service: "s3")
        for round in 0..<3 {
            for index in 0..<40 {
                let other = AWSCredentials(accessKeyID: "A", secretAccessKey: "secret\(index)")
                var kept = request
                var fresh = request
                let date = Date(timeIntervalSince1970: Double(round))
                try signer.sign(&kept, payload: .empty, region: "r", credentials: other, at: date)
                try SigV4Signer(service: "s3").sign(
                    &fresh,
                    payload: .empty,
                    region: "r",
                    credentials: other,
                    at: date
                )
                #expect(kept.headers == fresh.headers)
            }
        }
    }

    @Test func thePortIsSignedIfItIsNotTheSchemes() {
        var canonical = CanonicalRequest()
        let signer = SigV4Signer(service: "s3")
        let url = HTTPURL(.http, host: "h", port: 9_000)
        signer.addHeaders(of: HTTPRequest(.get, url), to: &canonical)
        canonical.build(method: "GET", path: "/", pathStyle: .verbatim, payloadHash: "H")
        #expect(String(decoding: canonical.bytes, as: UTF8.self).contains("\nhost:h:9000\n"))
    }

    @Test func headersAreTrimmedJoinedAndSorted() {
        let lines = canonical(
            headers: HTTPHeaders([
                .init("b", "  x \t  y  "), .init("A", "2"), .init("a-b", ""), .init("a", "1"),
                .init("A.b", " \t "), .init("B", "z"), .init("a", ""),
            ])
        )
        #expect(
            lines == [
                "GET", "/", "", "a:2,1,", "a-b:", "a.b:", "b:x y,z", "", "a;a-b;a.b;b", "H",
            ]
        )
    }

    // `=` sorts after `-` and `.`: sorting whole pairs would be wrong.
    @Test func theQueryIsSortedByNameThenValue() {
        #expect(
            canonical(query: "a=2&a-b=1&a&B=1&a=10&%C3%A4=%c3%a4&a.b=&=&x=a=b&&~=%7e&p=a+b")[2]
                == "=&%C3%A4=%C3%A4&B=1&a=&a=10&a=2&a-b=1&a.b=&p=a%2Bb&x=a%3Db&~=~"
        )
    }

    @Test(
        "writes paths as each service signs them",
        arguments: [
            ("/a/../b", "/a/../b", "/b"), ("//a//b//", "//a//b//", "/a/b/"),
            ("/%20", "/%20", "/%2520"),
            ("/%2f%2F~", "/" + "//~", "/%252f%252F~"), ("/a b+c", "/a%20b%2Bc", "/a%20b%2Bc"),
            ("", "/", "/"),
            ("/..", "/..", "/"), ("/.", "/.", "/"), ("/a/.", "/a/.", "/a/"),
            ("/a/..", "/a/..", "/"),
            ("/%", "/%25", "/%25"), ("/%4", "/%254", "/%254"), ("/%zz", "/%25zz", "/%25zz"),
            ("/...", "/...", "/..."), ("/é", "/%C3%A9", "/%C3%A9"), ("/%e9", "/%E9", "/%25e9"),
        ]
    )
    func paths(_ path: String, _ verbatim: String, _ normalized: String) {
        #expect(canonical(path: path)[1] == verbatim)
        #expect(canonical(path: path, style: .normalized)[1] == normalized)
    }

    @Test func aVerifierLeavesOutTheSignature() {
        var query = CanonicalQuery()
        query.append(
            encoded: "a=1&X-Amz-Signature=00&b&X-Amz-Signature2=1",
            leavingOut: "X-Amz-Signature"
        )
        query.append("c d", "é&=/")
        var text: [UInt8] = []
        query.appendSorted(to: &text)
        #expect(
            String(decoding: text, as: UTF8.self)
                == "X-Amz-Signature2=1&a=1&b=&c%20d=%C3%A9%26%3D%2F"
        )
    }

    /// Digits, case and dates must not follow the process's locale.
    @Test func theLocaleHasNoSay() throws {
        let signer = SigV4Signer(service: "s3")
        func sign() throws -> (HTTPHeaders, HTTPURL, String, Date?) {
            let date = Date(timeIntervalSince1970: 1_720_000_000)
            var signed = request
            signed.headers["X-AMZ-META-I"] = "I"
            try signer.sign(
                &signed,
                payload: .empty,
                region: "r",
                credentials: credentials,
                at: date
            )
            let url = try signer.presign(
                request,
                expiresIn: .seconds(1_234),
                region: "r",
                credentials: credentials,
                at: date
            )
            return (signed.headers, url, HTTPDate.text(date), HTTPDate.parse(HTTPDate.text(date)))
        }
        let expected = try sign()
        let before = setlocale(LC_ALL, nil).map { String(cString: $0) }
        defer { setlocale(LC_ALL, before ?? "C") }
        var tried = 0
        for locale in ["ar_SA.UTF-8", "tr_TR.UTF-8", "de_DE.UTF-8", "C.UTF-8"]
        where setlocale(LC_ALL, locale) != nil {
            tried += 1
            let found = try sign()
            #expect(found == expected, "under \(locale)")
        }
        #expect(tried > 0, "C.UTF-8 is part of glibc")
        #expect(expected.2 == "Wed, 03 Jul 2024 09:46:40 GMT")
        #expect(expected.0["x-amz-date"] == "20240703T094640Z")
    }
}
