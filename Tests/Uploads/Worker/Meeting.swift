import BlobStorageUploadFireSupport
import Foundation

/// A place where one process asks the other to act on a document at the same moment.
struct Meeting {
    /// What both know.
    struct Appointment {
        let host: String
        let id: String
        /// What the guest is to do.
        let errand: String
        /// When, by the clock of ``FireLine``.
        let time: UInt64
    }

    /// How long the host waits for a guest, in nanoseconds: about as long as a step takes.
    private static let patience: UInt64 = 40_000_000

    let path: String
    let worker: String

    /// Asks for a guest, and waits for the time.
    func host(_ id: String, errand: String) {
        let time = FireLine.now + Self.patience
        let draft = "\(path).\(worker)"
        let text = "\(worker) \(id) \(errand) \(time)"
        guard FileManager.default.createFile(atPath: draft, contents: Data(text.utf8)) else {
            return
        }
        rename(draft, path)
        Self.wait(until: time)
    }

    /// The appointment that the other has made, if it is still to come; waits for its time.
    func attend() -> Appointment? {
        guard let data = FileManager.default.contents(atPath: path) else { return nil }
        let words = String(decoding: data, as: UTF8.self).split(separator: " ").map(String.init)
        guard words.count == 4, words[0] != worker, let time = UInt64(words[3]) else { return nil }
        unlink(path)
        guard time > FireLine.now else { return nil }
        Self.wait(until: time)
        return Appointment(host: words[0], id: words[1], errand: words[2], time: time)
    }

    /// Sleeps, and spends the last moments awake.
    private static func wait(until time: UInt64) {
        let now = FireLine.now
        if time > now + 1_000_000 { usleep(UInt32((time - now - 1_000_000) / 1_000)) }
        while FireLine.now < time { sched_yield() }
    }
}
