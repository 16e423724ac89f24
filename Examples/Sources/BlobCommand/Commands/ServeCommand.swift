import BlobStorage
import BlobStorageGateway
import BlobStorageServer
import Glibc

/// Serves a store in the protocol of S3.
struct ServeCommand: Command {
    static let name = "serve"
    static let summary = "Serve a store in the S3 protocol, until it is interrupted."
    static let operands = "[URL]"
    static let details = """
        URL is the store: file:///var/files serves a folder. Without it, --store or $BLOB_STORE is.
        Clients need the access key and its secret. The secret is read from --secret-key-file, or
        from the variable BLOB_SECRET_KEY; arguments can be seen by everybody on this machine.
        --keys-file has a line for each further key: ID SECRET [ACCESS [BUCKET[/PREFIX]]], where
        ACCESS is all, or some of read,write,list. A key on several lines may do all of them.
        With --buckets, lifecycle rules that clients set are enforced once an hour.
        The server listens on this machine alone unless --host says otherwise; it has no TLS, so put
        a proxy in front of it before it leaves the machine.
        """
    static let printsRecords = false
    static let options: [OptionSpec] = [
        .value("port", "p", "PORT", "the port to listen on; default: 9000; 0 for any"),
        .value("host", nil, "HOST", "the address to listen on; default: 127.0.0.1"),
        .value("access-key", nil, "ID", "the id of the access key; default: $BLOB_ACCESS_KEY"),
        .value("secret-key-file", nil, "FILE", "the file whose first line is the secret"),
        .value("keys-file", nil, "FILE", "a file of more keys, and what each may do"),
        .value("bucket", "b", "NAME", "the bucket's name; default: from the URL's last part"),
        .flag("buckets", nil, "serve each folder of a file: URL as a bucket"),
        .value("region", nil, "REGION", "the region to sign for; default: us-east-1"),
        .value(
            "virtual-host",
            nil,
            "NAME",
            "take bucket.NAME for the bucket's address too; may be repeated",
            isRepeatable: true
        ),
        .flag("anonymous-read", nil, "let anybody get and list without a key"),
        .flag("read-only", nil, "let nobody write"),
        .value(
            "cors",
            nil,
            "ORIGIN",
            "let pages of this origin use the buckets; may be repeated",
            isRepeatable: true
        ),
        .flag(
            "separate-origin",
            nil,
            "show HTML and SVG in browsers; nothing else may live at this address"
        ),
        .flag(
            "encrypted-at-rest",
            nil,
            "take writes that ask for encryption; the disk must do it"
        ),
    ]

    /// How long the running requests may take when the server is interrupted.
    private static let stopTime = Duration.seconds(10)

    private let port: Int

    init(_ arguments: Arguments) throws {
        try arguments.expectOperands(0...1, "[URL]")
        try arguments.expectAtMostOne(of: "bucket", "buckets")
        if !arguments.operands.isEmpty, arguments.has("store") {
            throw UsageError("the store is given twice, as URL and as --store")
        }
        let text = arguments.value("port") ?? "9000"
        if let name = arguments.values("virtual-host").first(where: { !HostName.isValid($0) }) {
            throw UsageError(
                "\"\(DisplayText(name))\" is no name of a host",
                remedy: "It is a name such as s3.example.com, without scheme and port."
            )
        }
        guard let port = Int(text), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            port <= 65_535
        else { throw UsageError("the port \"\(DisplayText(text))\" is not 0 to 65535") }
        self.port = port
    }

    func run(_ context: Context) async throws {
        let arguments = context.arguments
        let url = try arguments.operands.first ?? context.storeURL()
        let credentials = try ServeCredentials(arguments, environment: context.environment)
        let served = try await ServedBuckets(
            url: url,
            bucket: arguments.value("bucket"),
            isPlural: arguments.has("buckets"),
            isReadOnly: arguments.has("read-only")
        )
        var keys = credentials.keys
        if arguments.has("read-only") {
            for key in keys.indices {
                for right in keys[key].rights.indices {
                    keys[key].rights[right].access.remove(.write)
                }
            }
        }
        var configuration = S3GatewayConfiguration(buckets: served.buckets, accessKeys: keys)
        configuration.region = arguments.value("region") ?? configuration.region
        configuration.virtualHosts = arguments.values("virtual-host")
        configuration.isSeparateOrigin = arguments.has("separate-origin")
        configuration.isEncryptedAtRest = arguments.has("encrypted-at-rest")
        configuration.isLifecycleEnforced =
            arguments.has("buckets") && !arguments.has("read-only")
        if arguments.has("anonymous-read") {
            configuration.anonymousRights = [GatewayRight([.read, .list])]
        }
        let origins = arguments.values("cors")
        if !origins.isEmpty {
            let methods: Set<String> = ["GET", "HEAD", "PUT", "POST", "DELETE"]
            configuration.cors = ["": [CORSRule(origins: origins, methods: methods)]]
        }
        raiseFileLimit()
        var options = HTTPServerOptions()
        (options.host, options.port) = (arguments.value("host") ?? options.host, port)
        if !context.console.isQuiet {
            options.onRequest = { ServeLog.log($0) }
            configuration.onFailure = { ServeLog.log($1, of: $0) }
        }
        try configuration.validate()
        let server = HTTPServer(handler: S3Gateway(configuration), options: options)
        let (region, isQuiet) = (configuration.region, context.console.isQuiet)
        let lifecycle =
            configuration.isLifecycleEnforced
            ? ServeLifecycle(served.buckets) { if !isQuiet { StandardStream.log($0 + "\n") } } : nil
        let (starts, start) = AsyncStream.makeStream(of: Void.self)
        // A child that nobody waits for is cancelled when this function ends.
        async let _: Void? = lifecycle?.run(after: starts)
        try await server.run(stoppingWithin: Self.stopTime) { address in
            start.yield()
            guard !isQuiet else { return }
            let lines = ServeLog.greeting(
                address: address,
                store: url,
                bucket: served.name,
                credentials: credentials,
                region: region
            )
            try StandardStream.print(lines)
        }
    }

    /// Allows as many open files as the system lets this process have: each connection is one, and the
    /// blob that it reads another.
    private func raiseFileLimit() {
        var limit = rlimit()
        let files = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        guard getrlimit(files, &limit) == 0 else { return }
        limit.rlim_cur = limit.rlim_max
        setrlimit(files, &limit)
    }
}

/// Names of hosts, as far as they are letters, digits, hyphens and dots.
private enum HostName {
    static func isValid(_ name: String) -> Bool {
        let labels = name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return labels.allSatisfy { label in
            (1...63).contains(label.count)
                && label.allSatisfy { byte in
                    switch byte | 0x20 {
                    case 0x61...0x7A: true
                    default: (0x30...0x39).contains(byte) || byte == UInt8(ascii: "-")
                    }
                }
        }
    }
}
