import BlobStorage
import BlobStorageServer
import Foundation
import Glibc

/// The program: reads the environment, serves, and stops in good order.
public enum ServiceProgram: Sendable {
    /// How long running requests may take when the service is asked to end.
    private static let stopTime = Duration.seconds(5)

    /// Runs the program on the arguments and the environment of the process, and ends the process.
    public static func main() async -> Never {
        // A client that is gone is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        FreedMemory.giveBack()
        let arguments = CommandLine.arguments.dropFirst()
        if let argument = arguments.first {
            if arguments.count == 1, ["--help", "-h"].contains(argument) {
                print(help, terminator: "")
                exit(0)
            }
            fail("it takes no arguments, but for --help; settings are variables", status: 2)
        }
        let environment = ProcessInfo.processInfo.environment
        let task = Task { try await run(environment, log: .standardError) }
        let signals = StopSignals { task.cancel() }
        do {
            try await task.value
            withExtendedLifetime(signals) {}
            exit(0)
        } catch is CancellationError {
            exit(0)
        } catch let error as ConfigurationError {
            fail("\(error)\nSee: document-service --help", status: 2)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func fail(_ message: String, status: Int32) -> Never {
        let bytes = Array("document-service: \(message)\n".utf8)
        _ = write(STDERR_FILENO, bytes, bytes.count)
        exit(status)
    }

    /// Serves until the task is cancelled.
    ///
    /// - Parameters:
    ///   - environment: The variables.
    ///   - log: Takes what there is to tell.
    /// - Throws: ``ConfigurationError``; `BlobError` if a store or the address can't be had.
    static func run(_ environment: [String: String], log: ServiceLog) async throws {
        let configuration = try ServiceConfiguration(environment: environment)
        try checkPublicURL(configuration)
        raiseFileLimit()
        let handler = StartingHandler()
        var options = HTTPServerOptions()
        options.host = configuration.listen.host
        options.port = configuration.listen.port
        options.onRequest = { log.note($0) }
        let server = HTTPServer(handler: handler, options: options)
        let address = try await start(server)
        let publicURL = configuration.publicURL ?? address.url
        let background: Task<Void, Never>
        let makesThumbnails: Bool
        do {
            let service = try await Service(
                configuration,
                publicURL: publicURL,
                searchPath: environment["PATH"],
                log: log
            )
            try await service.prepare()
            handler.mount(service)
            makesThumbnails = service.makesThumbnails
            background = Task { await service.run() }
        } catch {
            await server.stop(within: .zero)
            throw error
        }
        log.note(
            "ready",
            [
                "address": .text(address.url),
                "publicURL": .text(publicURL),
                // No address of a store has a secret in it: one that had was refused.
                "storage": .text(configuration.storageURL),
                "metadata": .text(configuration.metadataURL),
                "thumbnails": makesThumbnails ? "on" : "off",
            ]
        )
        while !Task.isCancelled { try? await Task.sleep(for: .seconds(3_600)) }
        log.note("stopping")
        // The task is cancelled, and stopping shall take its time all the same.
        await Task.detached {
            await server.stop(within: stopTime)
            background.cancel()
            await background.value
        }.value
        log.note("stopped")
    }

    /// Begins to listen; what is wrong with the host is told without it.
    private static func start(_ server: HTTPServer) async throws -> HTTPServerAddress {
        do {
            return try await server.start()
        } catch let error as BlobError where error.kind == .invalidArgument {
            throw ConfigurationError(
                .listen,
                "its host is no address of this machine; 127.0.0.1 is this machine alone, 0.0.0.0 is "
                    + "all of its addresses"
            )
        }
    }

    /// Nobody reaches a store under the name of all addresses.
    private static func checkPublicURL(_ configuration: ServiceConfiguration) throws {
        guard configuration.listen.isEverywhere, configuration.publicURL == nil else { return }
        throw ConfigurationError(
            .publicURL,
            "it must be set if LISTEN is every address of the machine: browsers are sent there"
        )
    }

    /// Allows as many open files as the system lets this process have: each connection is one, and the
    /// file that it reads another.
    private static func raiseFileLimit() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }

    /// What `--help` prints.
    static var help: String {
        let width = ServiceVariable.allCases.map(\.rawValue.utf8.count).max() ?? 0
        let margin = String(repeating: " ", count: width + 4)
        let lines = ServiceVariable.allCases.map { variable in
            let name = variable.rawValue
            let padding = String(repeating: " ", count: width - name.utf8.count)
            return "  \(name)\(padding)  \(variable.meaning)\n\(margin)[\(variable.defaultText)]"
        }
        return """
            Usage: document-service
            Serves a page and an API by which browsers keep files in a store, until it is interrupted.

            Settings are variables of the environment; in brackets is what is taken without them:
            \(lines.joined(separator: "\n"))

            Credentials for S3, DynamoDB and SQS are looked for where AWS's own tools look for them.
            The log is on the standard error, a JSON object a line.

            Exit status: 0 when it was asked to end, 1 if it can't serve, 2 if a variable makes no sense.

            """
    }
}

extension ServiceLog {
    /// Writes a line about a request that was answered, or given up.
    fileprivate func note(_ access: HTTPServerAccess) {
        let (seconds, attoseconds) = access.duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        note(
            "request",
            [
                "client": access.remoteAddress.map { .text($0) },
                "method": .text(access.method),
                "target": .text(access.target),
                "status": access.status.map { .number(Int64($0)) },
                "received": .number(access.receivedByteCount),
                "sent": .number(access.sentByteCount),
                "milliseconds": .number(milliseconds),
                "end": access.isComplete ? nil : "broken off",
            ]
        )
    }
}
