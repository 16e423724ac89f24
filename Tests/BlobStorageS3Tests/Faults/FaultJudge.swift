import BlobStorage

/// Says which ends of an operation are right, by what went wrong with its requests.
struct FaultJudge {
    let operation: FaultSchedule.Operation
    let before: FaultSchedule.Contents
    let after: FaultSchedule.Contents
    let events: [FaultyTransport.Event]
    /// How many uploads more there are than before.
    let uploadsLeft: Int
    let duration: Duration
    let timeout: Duration?
    /// Whether clock or credentials may have been made wrong by an operation before.
    let wasDisturbed: Bool

    /// Whether clock or credentials were made wrong.
    var isDisturbing: Bool {
        faults.contains { fault in
            switch fault {
            case .clock, .expiredToken: true
            default: false
            }
        }
    }

    private var faults: [Fault] { events.compactMap(\.fault) }
    private var natural: BlobError.Kind? { operation.naturalError(in: before) }
    private var done: FaultSchedule.Contents {
        natural == nil ? operation.applied(to: before) : before
    }

    func complaints(about outcome: FaultRun.Outcome) -> [String] {
        var complaints: [String] = []
        var isUnknown = false
        switch outcome {
        case .success:
            if let natural { complaints.append("it should have failed as \(natural)") }
            if after != done { complaints.append("the store is not in the model's state") }
        case .wrong(let result):
            complaints.append("the result is wrong: \(result)")
        case .failure(let error):
            isUnknown = error.kind == .outcomeUnknown
            complaints += self.complaints(about: error)
        case .other(let error):
            complaints.append("an error of another type: \(error)")
        }
        if !isUnknown, uploadsLeft > uploadsThatMayStay {
            complaints.append("\(uploadsLeft) uploads are left behind")
        }
        if let limit = timeLimit, duration > limit {
            complaints.append("it took \(duration), the limit is \(limit)")
        }
        return complaints
    }

    private func complaints(about error: BlobError) -> [String] {
        var complaints: [String] = []
        if error.kind != natural, !rightKinds.contains(error.kind) {
            complaints.append("\(error.kind) is not among \(rightKinds.map(\.rawValue).sorted())")
        }
        let mayBeDone =
            error.kind == .outcomeUnknown
            || (operation.isRepeatable && faults.contains(where: \.isAmbiguous))
        if after != before, !(mayBeDone && after == done) {
            complaints.append("the store has changed, and the error does not say so")
        }
        let names =
            operation.name == "multipart"
            ? ["createMultipartUpload", "uploadPart", "completeMultipartUpload"]
            : [operation.name]
        if !names.contains(error.operation) {
            complaints.append("the error names the operation \(error.operation)")
        }
        return complaints
    }

    /// The kinds that these faults may end in.
    private var rightKinds: Set<BlobError.Kind> {
        var kinds = faults.reduce(into: Set<BlobError.Kind>()) { $0.formUnion($1.kinds) }
        if operation.isChange, faults.contains(where: \.isAmbiguous) {
            kinds.insert(.outcomeUnknown)
        }
        // Whatever slows it down may bring it to its time limit.
        if timeout != nil, !faults.isEmpty { kinds.insert(.timedOut) }
        // One refusal is answered with new credentials, or with the server's time; with another
        // fault beside it there may be no attempt left.
        if wasDisturbed ? !faults.isEmpty : isDisturbing && faults.count > 1 {
            kinds.insert(.unauthenticated)
            // The answer to a HEAD has no code, nor has a document that is cut, be it by a time limit.
            let isHead = events.contains { $0.operation == "HeadObject" }
            if isHead || faults.contains(.truncate) || faults.contains(.trickle) {
                kinds.formUnion([.permissionDenied, .invalidArgument])
            }
        }
        // A blob is made of parts, or copied, and its attributes can't be read.
        let isLookedAt = events.contains { $0.operation == "HeadObject" && $0.fault != nil }
        if isLookedAt, operation.isChange { kinds.insert(.outcomeUnknown) }
        // The document that tells a missing blob from a missing upload is cut.
        if faults.contains(.truncate), natural == .preconditionFailed { kinds.insert(.notFound) }
        return kinds
    }

    /// Uploads whose id never reached the store, and one that could not be aborted.
    private var uploadsThatMayStay: Int {
        let lost = events.count { event in
            event.operation == "CreateMultipartUpload" && (event.fault?.isAmbiguous ?? false)
        }
        let aborts = events.filter { $0.operation == "AbortMultipartUpload" }
        let isAbortLost = aborts.last?.fault != nil || (aborts.count == 3 && canBeRefused)
        return lost + (isAbortLost ? 1 : 0)
    }

    private var canBeRefused: Bool { wasDisturbed || isDisturbing }

    /// What an operation of one request, and of looking what became of it, may take in all.
    private var timeLimit: Duration? {
        let isOneRequest = !events.contains { event in
            event.operation.contains("Part") || event.operation.contains("Upload")
        }
        switch operation {
        case .put, .copy: return isOneRequest ? timeout : nil
        case .delete, .deleteMany, .head, .list: return timeout
        // A body may take its time.
        case .get, .multipart: return nil
        }
    }
}
