import BlobStorage

extension DynamoDBConfiguration {
    /// The most attempts that may be configured.
    private static let maximumAttemptsLimit = 20

    /// Throws unless everything that is set can be.
    ///
    /// - Throws: `BlobError` of kind `invalidArgument`.
    func validate() throws {
        // https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/HowItWorks.NamingRulesDataTypes.html
        let isName =
            (3...255).contains(table.utf8.count)
            && table.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
                default: false
                }
            }
        guard isName else {
            let shown = EscapedText(String(decoding: table.utf8.prefix(40), as: UTF8.self))
            throw Self.invalid(
                "the table is \"\(shown)\"; a name has 3 to 255 letters, digits, \"_\", \"-\" "
                    + "and \".\""
            )
        }
        guard (1...Self.maximumAttemptsLimit).contains(maximumAttempts) else {
            throw Self.invalid(
                "the count of attempts is \(maximumAttempts); it is 1 to "
                    + "\(Self.maximumAttemptsLimit)"
            )
        }
        let times = [
            ("operation", operationTimeout), ("prepare", prepareTimeout),
            ("connect", connectTimeout), ("idle", idleTimeout),
        ]
        for (name, time) in times where time.map({ $0 <= .zero }) ?? false {
            throw Self.invalid("the \(name) timeout is not above zero")
        }
        _ = try DynamoDBEndpoint(self)
    }

    static func invalid(_ message: String) -> BlobError {
        BlobError(.invalidArgument, operation: "open", message: message)
    }
}
