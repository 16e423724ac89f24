import BlobStorage
import Foundation
import Testing

@testable import BlobStorageUploads

@Suite struct UploadErrorTests {
    @Test func printsOneLine() {
        let error = UploadError(.wrongSize, "there are 3 bytes; 4 were reserved", id: "a-1")
        let text = "upload \"a-1\": wrongSize: there are 3 bytes; 4 were reserved"
        #expect("\(error)" == text)
        #expect(error.localizedDescription == text)
        #expect("\(UploadError(.empty, "no bytes"))" == "upload: empty: no bytes")
    }

    @Test func afterWhatCanHealTheReservationHolds() {
        let healing = UploadError.Reason.allCases.filter { !$0.endsReservation }
        #expect(healing.contains(.notUploaded) && healing.contains(.incomplete))
        let refusals = UploadError.Reason.allCases.filter(\.isRefusal)
        #expect(refusals.allSatisfy { $0.endsReservation })
    }

    @Test("a record keeps a refusal", arguments: UploadError.Reason.allCases)
    func refusal(_ reason: UploadError.Reason) {
        var record = DocumentRecord(id: "a", owner: "o", key: "k", created: .now)
        #expect(record.refusal == nil)
        let error = UploadError(reason, "it is: wrong: \"é\"", id: "a")
        record.refusal = error
        #expect(record.refusal == error)
        record.attributes["mine"] = "1"
        record.removeUploadFields()
        #expect(record.attributes == ["mine": "1"])
    }
}
