import BlobStorage
import BlobStorageSQLite
import BlobStorageTestKit
import BlobStorageUploadFireSupport
import BlobStorageUploads

extension UploadWorker {
    private static let types = [
        ("image/png", "png"), ("application/pdf", "pdf"), ("text/plain", "txt"),
    ]
    /// The most bytes of what goes in one piece.
    private static let largestPiece = 40_000

    /// Reserves a place: most often for a single request, else for a form or for parts.
    mutating func reserve() async throws {
        if Int.random(in: 0..<20, using: &random) == 0 { return try await reserveWrongly() }
        var service = Int.random(in: 0..<10, using: &random) < 7 ? desk.uploads : desk.patient
        let (type, fileExtension) = Self.types.randomElement(using: &random) ?? Self.types[0]
        let nonce = random.next()
        var byteCount = Int.random(
            in: FireContent.minimumByteCount + 1...Self.largestPiece,
            using: &random
        )
        var request = UploadRequest(
            fileName: "fire \(nonce).\(fileExtension)",
            contentType: type
        )
        let choice = Int.random(in: 0..<100, using: &random)
        switch choice {
        case 0..<25: service = desk.small
        case 25..<37:
            let least = choice < 28 ? FireStage.partByteCount : FireStage.multipartThreshold
            byteCount = Int(least) + Int.random(in: 100...5_000, using: &random)
            request.byteCount = Int64(byteCount)
        case 37..<55:
            request.byteCount = Int64(byteCount)
            let content = FireContent(nonce: nonce, contentType: type, sending: 0)
            request.checksum = .of(content.bytes(byteCount), .sha256)
        default: request.byteCount = Int64(byteCount)
        }
        request.attributes[FireDocument.nonceName] = String(nonce, radix: 16)
        request.attributes[FireDocument.byteCountName] = "\(byteCount)"
        let owner = Self.owners.randomElement(using: &random) ?? Self.owners[0]
        let (finalService, finalRequest) = (service, request)
        try say(.begin, "reserve", "-", [:])
        do {
            let ticket = try await finalService.reserve(finalRequest, owner: owner)
            let details = ["outcome": "ok", "method": ticket.method.name]
            try say(.end, "reserve", ticket.id.text, details)
            guard let record = try await desk.metadata.find(ticket.id),
                let document = FireDocument(record)
            else { return }
            hold(Held(ticket: ticket, owner: owner, document: document, isExpired: false))
        } catch {
            try say(
                .end,
                "reserve",
                "-",
                ["outcome": Self.name(of: error), "error": "\(error)"]
            )
        }
    }

    /// Asks for what the policy does not take.
    private mutating func reserveWrongly() async throws {
        var request = UploadRequest(contentType: "image/png", byteCount: 1_000)
        let reason: UploadError.Reason
        switch Int.random(in: 0..<4, using: &random) {
        case 0:
            request.contentType = "text/html"
            reason = .typeNotAllowed
        case 1:
            request.byteCount = FireStage.maximumByteCount + 1
            reason = .tooLarge
        case 2:
            request.byteCount = 0
            reason = .empty
        default:
            request.byteCount = -1
            reason = .invalid
        }
        let wrong = request
        let result = try await stepping("reserve-wrong", "-") {
            try await desk.uploads.reserve(wrong, owner: Self.owners[0])
        }
        guard case .failure(let error as UploadError) = result, error.reason == reason else {
            return try complain("policy", "-", "not refused as \(reason.rawValue): \(result)")
        }
    }

    // MARK: Tickets

    private static func method(of ticket: UploadTicket) -> [String: String] {
        ["method": ticket.method.name]
    }

    /// Makes a ticket anew, for a document that either worker reserved.
    mutating func takeTicket() async throws {
        guard let record = try await anyRecord(.pending) else { return }
        try await takeTicket(record, isExpired: Int.random(in: 0..<4, using: &random) == 0)
    }

    /// Makes a ticket anew, and keeps it; if it is to be expired, its requests are too old already.
    @discardableResult
    mutating func takeTicket(
        _ record: DocumentRecord,
        isExpired: Bool = false
    ) async throws -> Held? {
        guard let document = FireDocument(record) else { return nil }
        // One that would take more would make forms that take more.
        let regular = record.byteCount == nil ? desk.small : desk.uploads
        let service = isExpired ? desk.late : regular
        let result = try await stepping(
            isExpired ? "ticket-late" : "ticket",
            record.id.text,
            telling: Self.method
        ) {
            try await service.ticket(record.id, owner: record.owner)
        }
        guard case .success(let ticket) = result else { return nil }
        let taken = Held(
            ticket: ticket,
            owner: record.owner,
            document: document,
            isExpired: isExpired
        )
        hold(taken)
        return taken
    }

    /// Asks for a ticket, or for something else, for another owner's document.
    mutating func takeTicketOfAnother() async throws {
        guard let record = try await anyRecord() else { return }
        let owner = stranger(to: record)
        try await expectNotFound("ticket-other", record) {
            _ = try await desk.uploads.ticket(record.id, owner: owner)
        }
    }

    /// Another owner.
    mutating func stranger(to record: DocumentRecord) -> String {
        let others = Self.owners.filter { $0 != record.owner }
        return others.randomElement(using: &random) ?? "nobody"
    }

    /// Does what must be refused, since the document is another owner's.
    func expectNotFound(
        _ kind: String,
        _ record: DocumentRecord,
        _ call: () async throws -> Void
    ) async throws {
        let result = try await stepping(kind, record.id.text) { try await call() }
        guard case .failure(let error as UploadError) = result, error.reason == .notFound else {
            return try complain("owner", record.id.text, "\(kind) is not refused: \(result)")
        }
    }
}
