import BlobStorage
import Testing

@testable import DocumentService

@Suite struct ProblemTests {
    @Test func whatARemoteStoreCallsWrongIsNotTheClientsFault() {
        let remote = BlobError.RemoteAnswer(status: 400, code: "KMS.DisabledException")
        let text = "the store says: the key is disabled"
        let refused = BlobError(
            .invalidArgument,
            operation: "put",
            message: text,
            remote: remote
        )
        let problem = Problem.of(refused)
        #expect(problem.kind == .internalError)
        #expect(!problem.detail.contains(text))
        #expect(problem.cause?.contains(text) == true)
        let own = BlobError(.invalidArgument, operation: "query", message: "the limit is 0")
        #expect(Problem.of(own).kind == .invalidRequest)
    }
}
