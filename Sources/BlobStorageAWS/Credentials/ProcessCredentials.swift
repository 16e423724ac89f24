internal import BlobStorage

/// Credentials that a program writes to its standard output: `credential_process`.
///
/// As with AWS's command line, the words are those of a shell, quotes and backslashes included, but no
/// shell runs: there are no variables, pipes or wildcards.
///
/// - SeeAlso: https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html
struct ProcessCredentials: Sendable {
    /// How long the program may run, as in the SDKs of AWS.
    static let timeLimit = Duration.seconds(60)
    /// The most bytes that it may write.
    static let outputLimit = 64 << 10

    let command: String
    /// The profile, for errors.
    let profile: String
    let timeLimit: Duration

    init(command: String, profile: String, timeLimit: Duration = Self.timeLimit) {
        self.command = command
        self.profile = profile
        self.timeLimit = timeLimit
    }

    private var source: String {
        "the credential_process of the profile \"\(EscapedText(profile))\""
    }

    func load(_ environment: AWSEnvironment) async throws -> AWSCredentials {
        guard let words = ShellWords.split(command), !words.isEmpty else {
            throw BlobError.credentials("\(source) has no words, or a quote that isn't closed")
        }
        let output: [UInt8]
        do {
            output = try await BlockingThreads.shared.run { [timeLimit] in
                try ChildProcess.run(
                    words,
                    environment: environment.entries,
                    outputLimit: Self.outputLimit,
                    timeLimit: timeLimit
                )
            }
        } catch let error as ChildProcess.Failure {
            throw BlobError.credentials(
                "\(source) \(error.description)",
                kind: error == .timedOut ? .timedOut : .unauthenticated
            )
        }
        let document = try CredentialsDocument(output, from: source)
        guard document.number("Version") == 1 else {
            throw BlobError.credentials("\(source) gave a document whose Version isn't 1")
        }
        let credentials = try document.credentials(token: "SessionToken")
        return credentials
    }
}

extension ProcessCredentials: CustomReflectable {
    // The command may have a password in it.
    var customMirror: Mirror { Mirror(self, children: ["profile": profile]) }
}

/// Words as a POSIX shell splits them.
enum ShellWords {
    /// Splits a command; `nil` if a quote isn't closed.
    ///
    /// - SeeAlso: https://docs.python.org/3/library/shlex.html#parsing-rules
    static func split(_ command: String) -> [String]? {
        var words: [String] = []
        var word: [UInt8]?
        var quote: UInt8?
        var bytes = command.utf8.makeIterator()
        while let byte = bytes.next() {
            switch (byte, quote) {
            case (0x27, nil), (0x22, nil):
                quote = byte
                word = word ?? []
            case (_, .some(byte)): quote = nil
            case (0x5C, nil):
                guard let next = bytes.next() else { return nil }
                word = (word ?? []) + [next]
            case (0x5C, 0x22):
                guard let next = bytes.next() else { return nil }
                // In double quotes a backslash stays, but before a quote or another one.
                word = (word ?? []) + (next == 0x22 || next == 0x5C ? [next] : [byte, next])
            case (0x20, nil), (0x09, nil), (0x0A, nil), (0x0D, nil):
                if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
                word = nil
            default: word = (word ?? []) + [byte]
            }
        }
        guard quote == nil else { return nil }
        if let done = word { words.append(String(decoding: done, as: UTF8.self)) }
        return words
    }
}
