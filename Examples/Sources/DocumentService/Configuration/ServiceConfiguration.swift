/// What the service was told by the environment.
struct ServiceConfiguration: Sendable {
    /// The address of the store of files.
    var storageURL: String
    /// The address of the store of records.
    var metadataURL: String
    /// The address that downloads go through; `nil` is the store's own.
    var cdnURL: String?
    /// The id of the key pair that signs for CloudFront.
    var cdnKeyPairID: String?
    /// The file of its private key.
    var cdnKeyFile: String?
    /// The address to listen on.
    var listen: ListenAddress
    /// The address that browsers reach the service at; `nil` is the one that is listened on.
    var publicURL: String?
    /// Which pages may use the store.
    var origins: PageOrigins
    /// The file of the secret that signs URLs of a folder.
    var signingKeyFile: String?
    /// The media types that are taken; `nil` is any.
    var uploadTypes: [String]?
    /// The extensions that are taken; `nil` is any.
    var uploadExtensions: [String]?
    /// The most bytes of a file.
    var uploadMaximum: Int64
    /// The most bytes of all files of one owner.
    var uploadQuota: Int64?
    /// How long a signed request is good.
    var requestLifetime: Duration
    /// How long an upload may take.
    var reservationLifetime: Duration
    /// How long a deleted file can be restored.
    var undoTime: Duration
    /// How often what is over is swept away.
    var sweepInterval: Duration
    /// The program that makes thumbnails; `nil` looks for one.
    var thumbnailer: String?
    /// The secret with which a store may push its events.
    var eventsToken: String?
    /// The topics of SNS that may push.
    var eventTopics: [String]?
    /// The address of the queue of a bucket's events.
    var eventsQueueURL: String?

    /// Reads the environment.
    ///
    /// - Parameter environment: The variables by their names; an empty one counts as not set.
    /// - Throws: ``ConfigurationError`` for the first variable that makes no sense.
    init(environment: [String: String] = [:]) throws {
        let reader = EnvironmentReader(environment)
        storageURL = reader.text(.storageURL) ?? ServiceVariable.storageURL.defaultText
        metadataURL = reader.text(.metadataURL) ?? ServiceVariable.metadataURL.defaultText
        cdnURL = reader.text(.cdnURL)
        cdnKeyPairID = reader.text(.cdnKeyPairID)
        cdnKeyFile = reader.text(.cdnKeyFile)
        listen = try ListenAddress(reader.text(.listen) ?? ServiceVariable.listen.defaultText)
        publicURL = try reader.origin(.publicURL)
        origins = try reader.origins(.origins)
        signingKeyFile = reader.text(.signingKeyFile)
        uploadTypes = try reader.list(.uploadTypes, where: MediaType.isPattern)
        uploadExtensions = try reader.list(.uploadExtensions, where: Self.isExtension)
        uploadMaximum = try reader.byteCount(.uploadMaximum) ?? Self.defaultUploadMaximum
        uploadQuota = try reader.byteCount(.uploadQuota)
        // S3 itself signs for a week at most.
        requestLifetime = try reader.seconds(.requestSeconds, in: 1...604_800) ?? .seconds(900)
        reservationLifetime =
            try reader.seconds(.reservationSeconds, in: 1...31_536_000) ?? .seconds(86_400)
        undoTime = try reader.seconds(.undoSeconds, in: 0...31_536_000) ?? .seconds(10)
        sweepInterval = try reader.seconds(.sweepSeconds, in: 1...86_400) ?? .seconds(30)
        thumbnailer = reader.text(.thumbnailer)
        eventsToken = try reader.secret(.eventsToken, least: Self.leastTokenByteCount)
        eventTopics = try reader.list(.eventTopics) { $0.utf8.starts(with: "arn:".utf8) }
        eventsQueueURL = reader.text(.eventsQueueURL)
        try checkCDN()
        guard eventTopics == nil || eventsToken != nil else {
            throw ConfigurationError(.eventsToken, "it is not set, but topics that may push are")
        }
    }

    /// The most that one request can write on S3.
    private static let defaultUploadMaximum: Int64 = 5 << 30
    /// Fewer bytes can be guessed by trying.
    private static let leastTokenByteCount = 16

    private static func isExtension(_ text: String) -> Bool {
        (1...16).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x61...0x7A, 0x30...0x39: true
                default: false
                }
            }
    }

    private func checkCDN() throws {
        guard cdnKeyPairID != nil || cdnKeyFile != nil else { return }
        guard cdnURL != nil else {
            throw ConfigurationError(.cdnURL, "it is not set, but a key of CloudFront is")
        }
        guard cdnKeyFile != nil else {
            throw ConfigurationError(.cdnKeyFile, "it is not set, but the key pair's id is")
        }
        guard let cdnKeyPairID else {
            throw ConfigurationError(.cdnKeyPairID, "it is not set, but the private key is")
        }
        guard Self.isKeyPairID(cdnKeyPairID) else {
            throw ConfigurationError(.cdnKeyPairID, "it is not 1 to 128 letters, digits and -")
        }
    }

    /// As the signer wants it.
    private static func isKeyPairID(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case 0x61...0x7A, 0x41...0x5A, 0x30...0x39: true
                default: byte == UInt8(ascii: "-")
                }
            }
    }
}
