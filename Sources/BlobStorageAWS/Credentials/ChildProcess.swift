internal import BlobStorage

#if canImport(Glibc)
internal import Glibc
#else
internal import Darwin
#endif

/// A program that runs for what it writes.
///
/// It has nothing to read, its errors go nowhere, since they may hold secrets, and it is a process
/// group of its own, so that it can be stopped with whatever it started.
enum ChildProcess {
    /// Why there is no output.
    enum Failure: Error, Equatable, CustomStringConvertible {
        case notStarted(String)
        case timedOut
        case cancelled
        case tooMuchOutput(Int)
        case exited(Int32)
        case killed(Int32)

        var description: String {
            switch self {
            case .notStarted(let reason): "could not be started: \(reason)"
            case .timedOut: "took too long, and was stopped"
            case .cancelled: "was stopped"
            case .tooMuchOutput(let limit): "wrote more than \(limit) bytes, and was stopped"
            case .exited(let status):
                "ended with status \(status); run it by hand to see what it says"
            case .killed(let signal): "was ended by signal \(signal)"
            }
        }
    }

    /// How often it is looked whether the program has ended, or is to be stopped.
    private static let tickMilliseconds: Int32 = 20

    /// Runs a program and waits for its end, blocking the thread.
    ///
    /// - Parameters:
    ///   - words: The program, looked for in `PATH`, and its arguments.
    ///   - environment: Its variables, as `NAME=value`.
    ///   - outputLimit: The most bytes that it may write.
    ///   - timeLimit: How long it may run.
    /// - Returns: What it wrote.
    /// - Throws: ``Failure``; `SystemError`.
    static func run(
        _ words: [String],
        environment: [String],
        outputLimit: Int,
        timeLimit: Duration
    ) throws -> [UInt8] {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw SystemError.last("pipe") }
        defer { close(ends[0]) }
        let process: pid_t
        do {
            defer { close(ends[1]) }
            for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
            process = try start(words, environment, output: ends[1])
        }
        var output = Output(pipe: ends[0], limit: outputLimit)
        let status: Int32
        do {
            status = try waitForEnd(of: process, &output, deadline: .now + timeLimit)
        } catch {
            // The negative number is the group.
            kill(-process, SIGKILL)
            var status: Int32 = 0
            while waitpid(process, &status, 0) < 0, errno == EINTR {}
            throw error
        }
        try check(status)
        while try output.readMore(waitingFor: 0) {}
        return output.bytes
    }

    private static func start(
        _ words: [String],
        _ environment: [String],
        output: Int32
    ) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
        posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO)
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        let flags = POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK
        posix_spawnattr_setflags(&attributes, Int16(flags))
        posix_spawnattr_setpgroup(&attributes, 0)
        var signals = sigset_t()
        sigemptyset(&signals)
        posix_spawnattr_setsigmask(&attributes, &signals)

        var process = pid_t()
        guard let program = words.first else { throw Failure.notStarted("there is no program") }
        let status = withCStrings(words) { arguments in
            withCStrings(environment) { variables in
                posix_spawnp(&process, program, &actions, &attributes, arguments, variables)
            }
        }
        guard status == 0 else { throw Failure.notStarted(String(cString: strerror(status))) }
        return process
    }

    private static func waitForEnd(
        of process: pid_t,
        _ output: inout Output,
        deadline: ContinuousClock.Instant
    ) throws -> Int32 {
        while true {
            if Task.isCancelled { throw Failure.cancelled }
            if ContinuousClock.now >= deadline { throw Failure.timedOut }
            if try output.readMore(waitingFor: tickMilliseconds) { continue }
            // A program of its own that goes on in the background may hold the pipe open.
            if let status = exitStatus(of: process) { return status }
        }
    }

    /// What a process writes.
    private struct Output {
        let pipe: Int32
        let limit: Int
        private(set) var bytes: [UInt8] = []
        private var isOpen = true
        private var buffer = [UInt8](repeating: 0, count: 16 << 10)

        init(pipe: Int32, limit: Int) {
            self.pipe = pipe
            self.limit = limit
        }

        /// Reads what is there, or what comes within some time.
        ///
        /// - Returns: Whether there was anything.
        mutating func readMore(waitingFor milliseconds: Int32) throws -> Bool {
            guard isOpen else {
                usleep(UInt32(milliseconds) * 1_000)
                return false
            }
            var poller = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
            guard poll(&poller, 1, milliseconds) > 0 else { return false }
            let count = read(pipe, &buffer, buffer.count)
            if count == 0 { isOpen = false }
            guard count > 0 else { return false }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= limit else { throw Failure.tooMuchOutput(limit) }
            return true
        }
    }

    /// How the process ended; `nil` if it runs.
    private static func exitStatus(of process: pid_t) -> Int32? {
        var status: Int32 = 0
        let result = waitpid(process, &status, WNOHANG)
        if result > 0 { return status }
        // Where somebody ignores SIGCHLD, nobody knows how it ended; its output will tell.
        return result < 0 && errno == ECHILD ? 0 : nil
    }

    private static func check(_ status: Int32) throws {
        let signal = status & 0x7F
        guard signal == 0 else { throw Failure.killed(signal) }
        let code = (status >> 8) & 0xFF
        guard code == 0 else { throw Failure.exited(code) }
    }

    private static func withCStrings<Result>(
        _ texts: [String],
        _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
    ) -> Result {
        let pointers: [UnsafeMutablePointer<CChar>?] = texts.map { strdup($0) } + [nil]
        defer { for pointer in pointers { free(pointer) } }
        return body(pointers)
    }
}
