import BlobStorage
import BlobStorageSQLite
import BlobStorageServer
import BlobStorageTestKit
import BlobStorageUploadFireSupport
import BlobStorageUploads
import Foundation

/// Reserves, uploads, confirms, deletes and sweeps at random, on stores that other processes use too,
/// and writes down what it begins and what came of it.
///
///     upload-worker FOLDER PLACE NAME SEED COUNT CALLS MUTATION
///
/// PLACE is `disk` or a bucket's name, CALLS the number of the call to a store at which the process
/// ends itself, or `-`, MUTATION a `Mutation` or `-`. Lines go to the log of ``FireStage``.
@main
struct UploadWorker {
    /// A ticket that the worker keeps, whatever becomes of its document.
    struct Held {
        let ticket: UploadTicket
        let owner: String
        let document: FireDocument
        /// Whether its requests were too old from the beginning.
        let isExpired: Bool
    }

    static let owners = ["anna", "b/../ob", "Zoë %2F"]
    /// How many tickets a worker keeps.
    private static let heldCount = 30
    /// How many of the newest records the workers act on.
    private static let poolCount = 12

    let stage: FireStage
    let name: String
    let desk: UploadDesk
    let client = FireClient()
    let log: AppendingFile
    let meeting: Meeting
    var random: SplitMix64
    var held: [Held] = []
    var step = 0

    static func main() async throws {
        let arguments = CommandLine.arguments
        guard arguments.count == 8, let seed = UInt64(arguments[4]), let count = Int(arguments[5])
        else { preconditionFailure("upload-worker: bad arguments") }
        let stage = FireStage(folder: arguments[1], place: FireStage.Place(text: arguments[2]))
        let fate = Fate(callCount: Int(arguments[6]))
        let desk = try await UploadDesk(stage, fate, Mutation(rawValue: arguments[7]))
        var worker = UploadWorker(
            stage: stage,
            name: arguments[3],
            desk: desk,
            log: try AppendingFile(path: stage.logPath(of: arguments[3])),
            meeting: Meeting(path: stage.meetingPath, worker: arguments[3]),
            random: SplitMix64(seed)
        )
        for number in 0..<count {
            worker.step = number
            try await worker.act()
        }
        await desk.close()
    }

    // MARK: Choice

    private mutating func act() async throws {
        if let appointment = meeting.attend() { return try await visit(appointment) }
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<14: try await reserve()
        case 14..<18: try await takeTicket()
        case 18..<20: try await takeTicketOfAnother()
        case 20..<40: try await sendRight()
        case 40..<53: try await sendWrong()
        case 53..<58: try await sendAgain()
        case 58..<60: try await sendFake()
        case 60..<73: try await confirm()
        case 73..<75: try await confirmTwice()
        case 75..<78: try await confirmAsAnother()
        case 78..<81: try await meet()
        case 81..<83: try await cancel()
        case 83..<86: try await delete()
        case 86..<88: try await restore()
        case 88..<91: try await expire()
        case 91..<95: try await sweep()
        case 95..<97: try await sweepDry()
        default: try await audit()
        }
    }

    // MARK: Help

    /// One of the newest records, or now and then any other that the worker has seen.
    mutating func anyRecord(_ state: DocumentState? = nil) async throws -> DocumentRecord? {
        let query = DocumentQuery(state: state, limit: Self.poolCount)
        return try await desk.metadata.query(query).records.randomElement(using: &random)
    }

    mutating func hold(_ held: Held) {
        self.held.append(held)
        if self.held.count > Self.heldCount { self.held.removeFirst() }
    }

    /// Writes that a step begins, takes it, and writes what came of it.
    @discardableResult
    func stepping<Value>(
        _ kind: String,
        _ id: String,
        _ details: [String: String] = [:],
        telling outcome: (Value) -> [String: String] = { _ in [:] },
        _ call: () async throws -> Value
    ) async throws -> Result<Value, any Error> {
        try say(.begin, kind, id, details)
        let result: Result<Value, any Error>
        var what: [String: String]
        do {
            let value = try await call()
            result = .success(value)
            what = ["outcome": "ok"].merging(outcome(value)) { $1 }
        } catch {
            result = .failure(error)
            what = ["outcome": Self.name(of: error)]
            if !(error is UploadError) { what["error"] = "\(error)" }
        }
        try say(.end, kind, id, what)
        return result
    }

    func say(
        _ mark: FireLine.Mark,
        _ kind: String,
        _ id: String,
        _ details: [String: String]
    ) throws {
        let line = FireLine(
            mark,
            worker: name,
            step: step,
            kind: kind,
            id: id,
            details: details
        )
        try log.append(Array((line.text + "\n").utf8))
    }

    /// Writes that something is as it must never be.
    func complain(_ rule: String, _ id: String, _ message: String) throws {
        try say(.violation, rule, id, ["message": message])
    }

    static func name(of error: any Error) -> String {
        switch error {
        case let error as UploadError: error.reason.rawValue
        case let error as BlobError: "blob:\(error.kind.rawValue)"
        default: "other:\(type(of: error))"
        }
    }
}
