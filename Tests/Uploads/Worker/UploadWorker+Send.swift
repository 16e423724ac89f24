import BlobStorage
import BlobStorageHTTP
import BlobStorageTestKit
import BlobStorageUploadFireSupport
import BlobStorageUploads

extension UploadWorker {
    /// One of the tickets that the worker keeps, or a new one.
    private mutating func anyTicket() async throws -> Held? {
        if Int.random(in: 0..<10, using: &random) < 4, let record = try await anyRecord(.pending) {
            return try await takeTicket(record)
        }
        return held.randomElement(using: &random)
    }

    /// The number of a new sending; of a document with a checksum there is but one that is right.
    private mutating func newSending(_ document: FireDocument) -> UInt64 {
        document.hasChecksum ? 0 : random.next() | 1
    }

    // MARK: As signed

    /// Sends what the ticket says; of parts sometimes only some.
    mutating func sendRight() async throws {
        guard let held = try await anyTicket() else { return }
        try await send(held, newSending(held.document))
    }

    /// Sends the same bytes twice.
    mutating func sendAgain() async throws {
        guard let held = try await anyTicket() else { return }
        let sending = newSending(held.document)
        for _ in 0..<2 { try await send(held, sending) }
    }

    /// Sends bytes that are no file of their type, but as many as they should be.
    mutating func sendFake() async throws {
        guard let held = try await anyTicket(), !held.document.hasChecksum,
            held.document.content(sending: 0).hasBeginning
        else { return }
        try await send(held, newSending(held.document), isGenuine: false)
    }

    func send(
        _ held: Held,
        _ sending: UInt64,
        isGenuine: Bool = true
    ) async throws {
        var details = ["sending": String(sending, radix: 16), "method": held.ticket.method.name]
        if !isGenuine { details["fake"] = "yes" }
        let kind = held.isExpired ? "send-expired" : isGenuine ? "send" : "send-fake"
        let id = held.document.id
        try say(.begin, kind, id, details)
        let content = held.document.content(sending: sending)
        var outcomes: [FireClient.Outcome] = []
        switch held.ticket.method {
        case .put(let request):
            let bytes = content.bytes(held.document.byteCount, isGenuine: isGenuine)
            outcomes.append(await client.send(request, bytes))
        case .form(let form):
            let bytes = content.bytes(held.document.byteCount, isGenuine: isGenuine)
            outcomes.append(await client.send(form, bytes))
        case .parts(let parts):
            // A sending's number decides, so that a run can be repeated.
            let count = sending % 4 == 3 ? (parts.parts.count + 1) / 2 : parts.parts.count
            for part in parts.parts.prefix(count) {
                let content = held.document.content(part: part.number, sending: sending)
                let bytes = content.bytes(Int(part.byteCount), isGenuine: isGenuine)
                outcomes.append(await client.send(part.request, bytes))
            }
        }
        details["outcome"] =
            outcomes.isEmpty
            ? "none" : outcomes.map(\.description).joined(separator: ",")
        try say(.end, kind, id, details)
        if held.isExpired, outcomes.contains(where: \.isAccepted) {
            try complain("accepted", id, "a request that had expired")
        }
    }

    // MARK: Otherwise

    private enum Flaw: String, CaseIterable {
        case short
        case long
        case cut
        case type
        case elsewhere
        case bytes
    }

    /// Sends what the ticket does not allow: no store may take it.
    mutating func sendWrong() async throws {
        guard let held = try await anyTicket(), !held.isExpired,
            let flaw = Flaw.allCases.randomElement(using: &random)
        else { return }
        let document = held.document
        // Other bytes are wrong where the store was told of a checksum.
        if flaw == .bytes, !document.hasChecksum { return }
        var departure = FireClient.Departure()
        var otherKey: BlobKey?
        switch flaw {
        case .type: departure.contentType = "text/html"
        case .cut: departure.breaksOffAfter = FireContent.minimumByteCount
        case .elsewhere:
            guard let other = try await anyRecord(), other.id.text != document.id else { return }
            otherKey = other.key
            departure.path = try await path(of: other.key)
        default: break
        }
        let sending = flaw == .elsewhere ? newSending(document) : random.next() | 1
        let kind = "send-\(flaw.rawValue)"
        let details = [
            "sending": String(sending, radix: 16), "method": held.ticket.method.name,
            "elsewhere": otherKey?.text ?? "-",
        ]
        func bytes(_ content: FireContent, _ byteCount: Int) -> [UInt8] {
            let offset = flaw == .short ? -1 : flaw == .long ? 1 : 0
            return content.bytes(byteCount + offset)
        }
        let outcome: FireClient.Outcome
        switch held.ticket.method {
        case .put(let request):
            try say(.begin, kind, document.id, details)
            let content = document.content(sending: sending)
            let sent = bytes(content, document.byteCount)
            outcome = await client.send(request, sent, departure)
        case .form(let form):
            // A form takes any size in its bounds.
            guard flaw != .short else { return }
            try say(.begin, kind, document.id, details)
            let content = document.content(sending: sending)
            let most = Int(form.byteCounts.upperBound)
            let sent = bytes(content, flaw == .long ? most : document.byteCount)
            departure.path = nil
            outcome = await client.send(form, sent, key: otherKey?.text, departure)
        case .parts(let parts):
            // A part has no type of its own.
            guard flaw != .type, let part = parts.parts.first,
                part.byteCount > FireContent.minimumByteCount
            else { return }
            try say(.begin, kind, document.id, details)
            let content = document.content(part: part.number, sending: sending)
            let sent = bytes(content, Int(part.byteCount))
            outcome = await client.send(part.request, sent, departure)
        }
        try say(.end, kind, document.id, ["outcome": "\(outcome)"])
        if outcome.isAccepted {
            let method = held.ticket.method.name
            try complain("accepted", document.id, "\(kind) by \(method): \(outcome)")
        }
    }

    /// The path that a request for a key has, as a client could find it out.
    private func path(of key: BlobKey) async throws -> String {
        let request = try await desk.store.presign(.put, key, expiresIn: .seconds(60))
        return FireClient.url(request.url).path
    }
}
