import Foundation

/// A web server of the `openssl` command, with a certificate of an authority made for the test.
final class TLSServer: Sendable {
    let port: Int
    let authorityFile: String
    private let folder: String
    private let processIdentifier: Int32

    /// Whether the command is there that all of this needs.
    static let isAvailable: Bool = {
        let isThere = FileManager.default.isExecutableFile(atPath: command)
        if !isThere { print("SKIPPED: the TLS tests need the openssl command") }
        return isThere
    }()

    private static let command = "/usr/bin/openssl"

    /// Makes certificates and starts a server that uses them.
    ///
    /// - Parameters:
    ///   - names: The names in the certificate, as OpenSSL writes them.
    ///   - arguments: What else the server is told.
    /// - Throws: ``Failure`` if the command does not do what it should.
    init(names: String = "IP:127.0.0.1,DNS:localhost", _ arguments: [String] = []) throws {
        folder = NSTemporaryDirectory() + "/blob-storage-tls-\(UUID())"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        let file = { [folder] (name: String) in "\(folder)/\(name)" }
        let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
        try Self.run(
            ["req", "-x509", "-days", "2", "-subj", "/CN=Test authority"] + key
                + ["-keyout", file("ca.key"), "-out", file("ca.pem")]
        )
        try Self.run(
            ["req", "-subj", "/CN=Test server"] + key
                + ["-keyout", file("server.key"), "-out", file("server.csr")]
        )
        try Data("subjectAltName=\(names)\n".utf8).write(to: URL(fileURLWithPath: file("names")))
        try Self.run(
            ["x509", "-req", "-in", file("server.csr"), "-CA", file("ca.pem"), "-days", "2"]
                + ["-CAkey", file("ca.key"), "-set_serial", "7", "-extfile", file("names")]
                + ["-out", file("server.pem")]
        )
        authorityFile = file("ca.pem")
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: Self.command)
        process.arguments =
            ["s_server", "-accept", "127.0.0.1:0", "-www", "-cert", file("server.pem")]
            + ["-key", file("server.key")] + arguments
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        processIdentifier = process.processIdentifier
        port = try Self.port(output.fileHandleForReading)
    }

    deinit {
        kill(processIdentifier, SIGKILL)
        try? FileManager.default.removeItem(atPath: folder)
    }

    /// The server says `ACCEPT 127.0.0.1:port` when it is ready.
    private static func port(_ output: FileHandle) throws -> Int {
        var text = ""
        while true {
            let data = output.availableData
            guard !data.isEmpty else { throw Failure(what: "s_server ended: \(text)") }
            text += String(decoding: data, as: UTF8.self)
            for line in text.split(separator: "\n").dropLast(text.hasSuffix("\n") ? 0 : 1) {
                guard line.hasPrefix("ACCEPT"), let port = line.split(separator: ":").last else {
                    continue
                }
                guard let number = Int(port) else { throw Failure(what: "\(line)") }
                return number
            }
        }
    }

    private static func run(_ arguments: [String]) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: command)
        process.arguments = arguments
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw Failure(what: arguments[0]) }
    }

    struct Failure: Error {
        let what: String
    }
}
