import BlobStorage
import Foundation
import Testing

@testable import BlobStorageUploads

@Suite struct UploadTicketTests {
    static let time = Date(timeIntervalSince1970: 1_800_000_000.75)
    static let request = PresignedRequest(
        method: "PUT",
        url: "https://s3.example/b/k?X-Amz-Signature=secret",
        headers: ["content-type": "image/png"],
        expiresAt: Date(timeIntervalSince1970: 1_800_000_900),
        notEnforced: [.useCount]
    )
    static let requestJSON =
        #"{"expiresAt":"2027-01-15T08:15:00Z","headers":{"content-type":"image/png"},"#
        + #""method":"PUT","notEnforced":["useCount"],"#
        + #""url":"https://s3.example/b/k?X-Amz-Signature=secret"}"#
    static let id: DocumentID = "01890000-0000-7000-8000-000000000000"

    private static let tickets: [(UploadMethod, String)] = [
        (
            .put(request),
            #"{"id":"01890000-0000-7000-8000-000000000000","method":"put","#
                + #""request":\#(requestJSON),"reservedUntil":"2027-01-15T08:00:00Z"}"#
        ),
        (
            .form(
                PresignedForm(
                    url: "https://s3.example/b",
                    fields: ["key": "k"],
                    expiresAt: Date(timeIntervalSince1970: 1_800_000_900),
                    byteCounts: 1...5,
                    notEnforced: []
                )
            ),
            #"{"form":{"expiresAt":"2027-01-15T08:15:00Z","fields":{"key":"k"},"#
                + #""maximumByteCount":5,"minimumByteCount":1,"notEnforced":[],"#
                + #""url":"https://s3.example/b"},"id":"01890000-0000-7000-8000-000000000000","#
                + #""method":"form","reservedUntil":"2027-01-15T08:00:00Z"}"#
        ),
        (
            .parts(
                UploadParts(
                    byteCount: 20,
                    partByteCount: 8,
                    partCount: 3,
                    uploaded: [1],
                    parts: [PresignedPart(number: 2, offset: 8, byteCount: 8, request: request)]
                )
            ),
            #"{"byteCount":20,"id":"01890000-0000-7000-8000-000000000000","method":"parts","#
                + #""partByteCount":8,"partCount":3,"#
                + #""parts":[{"byteCount":8,"number":2,"offset":8,"request":\#(requestJSON)}],"#
                + #""reservedUntil":"2027-01-15T08:00:00Z","uploaded":[1]}"#
        ),
    ]

    @Test("has this very JSON, and reads it", arguments: 0..<3)
    func json(_ index: Int) throws {
        let (method, expected) = Self.tickets[index]
        let ticket = UploadTicket(id: Self.id, method: method, reservedUntil: Self.time)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.dateEncodingStrategy = .millisecondsSince1970
        let json = try encoder.encode(ticket)
        #expect(String(decoding: json, as: UTF8.self) == expected)
        #expect(try JSONDecoder().decode(UploadTicket.self, from: json) == ticket)
    }

    @Test(
        "refuses what is no ticket",
        arguments: [
            #"{"id":"a","method":"put","reservedUntil":"2027-01-15T08:00:00Z"}"#,
            #"{"id":"a","method":"mail","reservedUntil":"2027-01-15T08:00:00Z"}"#,
            #"{"id":"a","method":"parts","reservedUntil":"yesterday"}"#, "{}",
        ]
    )
    func refuses(_ json: String) {
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(UploadTicket.self, from: Data(json.utf8))
        }
    }

    @Test("does not print the signature", arguments: 0..<3)
    func keepsTheSecret(_ index: Int) {
        let ticket = UploadTicket(
            id: Self.id,
            method: Self.tickets[index].0,
            reservedUntil: Self.time
        )
        var dumped = ""
        dump(ticket, to: &dumped)
        #expect(!"\(ticket)\(String(reflecting: ticket))\(dumped)".contains("secret"))
    }
}
