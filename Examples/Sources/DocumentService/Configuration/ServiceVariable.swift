/// A variable of the environment that the service reads; there are no other settings.
enum ServiceVariable: String, CaseIterable, Sendable {
    case storageURL = "STORAGE_URL"
    case metadataURL = "METADATA_URL"
    case cdnURL = "CDN_URL"
    case cdnKeyPairID = "CDN_KEY_PAIR_ID"
    case cdnKeyFile = "CDN_PRIVATE_KEY_FILE"
    case listen = "LISTEN"
    case publicURL = "PUBLIC_URL"
    case origins = "CORS_ORIGINS"
    case signingKeyFile = "SIGNING_KEY_FILE"
    case uploadTypes = "UPLOAD_TYPES"
    case uploadExtensions = "UPLOAD_EXTENSIONS"
    case uploadMaximum = "UPLOAD_MAX_BYTES"
    case uploadQuota = "UPLOAD_QUOTA_BYTES"
    case requestSeconds = "REQUEST_SECONDS"
    case reservationSeconds = "RESERVATION_SECONDS"
    case undoSeconds = "UNDO_SECONDS"
    case sweepSeconds = "SWEEP_SECONDS"
    case thumbnailer = "THUMBNAILER"
    case eventsToken = "EVENTS_TOKEN"
    case eventTopics = "EVENTS_TOPICS"
    case eventsQueueURL = "EVENTS_QUEUE_URL"

    /// What the variable is, for `--help`.
    var meaning: String {
        switch self {
        case .storageURL:
            "where the files are: file:FOLDER, memory: or s3://BUCKET[/PREFIX]?region=…&endpoint=…"
        case .metadataURL:
            "where their records are: sqlite:FILE, memory:, postgresql://USER@HOST/DATABASE or "
                + "dynamodb:TABLE?region=…&endpoint=…"
        case .cdnURL: "the address of a network in front of the store, for downloads"
        case .cdnKeyPairID: "the id of CloudFront's key pair, if it wants signed URLs"
        case .cdnKeyFile: "the file of that key pair's private key, in PEM"
        case .listen: "the address and the port to listen on; port 0 takes any that is free"
        case .publicURL: "the address that browsers reach the service at"
        case .origins:
            "the origins of pages that may upload, with commas; none leaves a bucket's rules alone"
        case .signingKeyFile:
            "the file of the secret that signs URLs of a folder; made if there is none"
        case .uploadTypes:
            "the media types that are taken, in lower case, with commas: image/*,application/pdf"
        case .uploadExtensions: "the extensions of file names that are taken, with commas: png,jpg"
        case .uploadMaximum: "the most bytes of a file; K, M and G may stand behind the number"
        case .uploadQuota: "the most bytes of all files of one owner"
        case .requestSeconds: "how long a signed request is good"
        case .reservationSeconds: "how long an upload may take, from the first request to the end"
        case .undoSeconds: "how long a deleted file can be restored"
        case .sweepSeconds: "how often what is over is swept away"
        case .thumbnailer: "the program that makes thumbnails, ImageMagick's convert; none for none"
        case .eventsToken: "the secret with which a store may push its events to /events"
        case .eventTopics: "the ARNs of SNS topics that may push, with commas"
        case .eventsQueueURL: "the address of the SQS queue that a bucket sends its events to"
        }
    }

    /// What is taken if the variable is not set, for `--help`.
    var defaultText: String {
        switch self {
        case .storageURL: "file:data/files"
        case .metadataURL: "sqlite:data/documents.sqlite"
        case .listen: "127.0.0.1:8080"
        case .publicURL: "http:// and what is listened on"
        case .origins: "PUBLIC_URL"
        case .signingKeyFile: "the folder's path and .key"
        case .uploadTypes, .uploadExtensions: "any"
        case .uploadMaximum: "5G"
        case .requestSeconds: "900"
        case .reservationSeconds: "86400"
        case .undoSeconds: "10"
        case .sweepSeconds: "30"
        case .thumbnailer: "convert, if it is installed"
        case .cdnURL, .cdnKeyPairID, .cdnKeyFile, .uploadQuota, .eventsToken, .eventTopics,
            .eventsQueueURL:
            "none"
        }
    }
}
