import Foundation

/// The command-line tool.
public enum BlobTool: Sendable {
    /// The version that `--version` prints.
    static let version = "0.1.0"

    static let commands: [any Command.Type] = [
        LsCommand.self, PutCommand.self, GetCommand.self, CatCommand.self, CpCommand.self,
        MvCommand.self, RmCommand.self, StatCommand.self, DuCommand.self, SyncCommand.self,
        FsckCommand.self, InitCommand.self, DoctorCommand.self, ServeCommand.self,
    ]

    /// Keeps the numbers of the standard streams for them; to be called before anything else.
    public static func reserveStandardStreams() {
        StandardStream.reserve()
    }

    /// Runs the tool on the arguments of the process, and ends the process.
    public static func main() async -> Never {
        // A pipe that nobody reads is an error of the write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        let environment = ProcessInfo.processInfo.environment
        let task = Task {
            await run(processArguments(), environment: environment)
        }
        let interruption = Interruption { task.cancel() }
        let ending = await task.value
        switch ending {
        case .exit(let status):
            // Work that was done before the signal could stop it is done.
            if status != 0, let number = interruption.signal { Interruption.die(of: number) }
            exit(status)
        case .brokenPipe:
            Interruption.die(of: SIGPIPE)
        }
    }

    /// How the work ends.
    enum Ending: Sendable, Equatable {
        /// 0 if all is done, 1 if something failed, 2 if the command line makes no sense.
        case exit(Int32)
        /// Nobody reads the results any more.
        case brokenPipe
    }

    /// Runs one command.
    ///
    /// - Parameters:
    ///   - arguments: What follows the tool's name; `nil` where an argument is not UTF-8.
    ///   - environment: The environment's variables.
    /// - Returns: How it ended; errors were printed already.
    static func run(_ arguments: [String?], environment: [String: String]) async -> Ending {
        let isJSON = arguments.contains("--json")
        var name = ""
        do {
            let texts = try arguments.enumerated().map { place, text in
                guard let text else { throw UsageError("argument \(place + 1) is not UTF-8") }
                return text
            }
            guard let command = try command(texts.first) else {
                try printHelp(texts)
                return .exit(0)
            }
            name = command.name
            try await run(command, Array(texts.dropFirst()), environment)
            return .exit(0)
        } catch is BrokenPipe {
            return .brokenPipe
        } catch is NegativeResult {
            return .exit(1)
        } catch {
            if Task.isCancelled { return .exit(1) }
            ErrorReport(error, command: name).log(isJSON: isJSON)
            return .exit(error is UsageError ? 2 : 1)
        }
    }

    /// The command of a name; `nil` if the tool's own help or version is asked for.
    private static func command(_ name: String?) throws -> (any Command.Type)? {
        guard let name else { throw UsageError("the command is missing") }
        if ["--help", "-h", "--version", "help"].contains(name) { return nil }
        return try knownCommand(name)
    }

    private static func knownCommand(_ name: String) throws -> any Command.Type {
        guard let command = commands.first(where: { $0.name == name }) else {
            if name.utf8.first == UInt8(ascii: "-") {
                throw UsageError("the command is missing; options come behind it")
            }
            let near = Spelling(name).nearest(of: commands.map { $0.name })
            let question = near.map { "; did you mean \"\($0)\"?" } ?? ""
            throw UsageError("there is no command \"\(DisplayText(name))\"\(question)")
        }
        return command
    }

    /// Prints what is asked for instead of a command: `--version`, `--help` or `help [COMMAND]`.
    private static func printHelp(_ texts: [String]) throws {
        switch (texts.first, texts.dropFirst().first) {
        case ("--version", _): try StandardStream.print("blob \(version)\n")
        case ("help", let name?) where !["help", "--help", "-h"].contains(name):
            try StandardStream.print(knownCommand(name).help)
        default: try StandardStream.print(overview)
        }
    }

    private static func run<Work: Command>(
        _ command: Work.Type,
        _ texts: [String],
        _ environment: [String: String]
    ) async throws {
        let options = texts.prefix { $0 != "--" }
        if options.contains("--help") || options.contains("-h") {
            try StandardStream.print(command.help)
            return
        }
        let arguments = try Arguments(texts, options: command.allOptions)
        let console = Console(isJSON: arguments.has("json"), isQuiet: arguments.has("quiet"))
        let work = try Work(arguments)
        do {
            try await work.run(
                Context(arguments: arguments, console: console, environment: environment)
            )
            await console.progress.clear()
            try await console.flush()
        } catch is BrokenPipe {
            throw BrokenPipe()
        } catch {
            await console.progress.clear()
            try await console.flush()
            throw error
        }
    }

    /// The arguments as they are; `CommandLine` would replace what is not UTF-8.
    private static func processArguments() -> [String?] {
        (1..<max(1, Int(CommandLine.argc))).map { place in
            CommandLine.unsafeArgv[place].flatMap { String(validatingCString: $0) }
        }
    }

    static var overview: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let lines = commands.map { command in
            let padding = String(repeating: " ", count: width - command.name.count)
            return "  \(command.name)\(padding)  \(command.summary)"
        }
        return """
            Usage: blob COMMAND [OPTION]... [OPERAND]...
            Keep blobs in a store: a folder, a bucket of S3, or memory for as long as the command.

            Commands:
            \(lines.joined(separator: "\n"))

            The store is named by --store URL, or by the variable BLOB_STORE:
              file:///var/files                      the folder /var/files
              file:files?durability=relaxed          a folder here; writes don't wait for the disk
              s3://bucket/prefix?region=eu-central-1 a bucket, or a part of one; endpoint=URL is for
                                                     stores other than AWS, ca-file, profile and
                                                     more are in the guide of the stores
              memory:                                nothing is kept

            Exit status:
              0    all is done
              1    something failed, or the answer is no: fsck found something that needs a repair,
                   get --if-none-matches was given the etag that the blob has
              2    the command line makes no sense
              130  interrupted, as by Ctrl-C (143: asked to end)
              141  nobody reads the results any more, as in: blob ls | head -n 1
            See also: blob help COMMAND, blob --version

            """
    }
}
