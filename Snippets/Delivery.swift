// Addresses of blobs for clients: made here, and asked for by nobody.
import BlobStorage
import BlobStorageS3
import Foundation

// snippet.hide
let keys = StaticCredentials(AWSCredentials(accessKeyID: "AKIDEXAMPLE", secretAccessKey: "secret"))
let store = try S3Store(
    S3Configuration(bucket: "reports", region: "eu-central-1", credentials: keys)
)

// snippet.show
// Signed by the store: the address expires, and the store answers.
let signed: any BlobDelivery = PresignedDelivery(store)
let options = DeliveryOptions(
    lifetime: .seconds(300),
    responseHeaders: ResponseHeaders(disposition: .attachment("Übersicht 2026.pdf"))
)
let address = try await signed.url(of: "2026/a.pdf", options: options)

// What a client gets: {"url":"https://…","expiresAt":"2026-01-31T12:05:00Z"}
let json = try JSONEncoder().encode(address)

// Open to all: a public bucket, a web server, a content delivery network.
let open: any BlobDelivery = try PublicDelivery(baseURL: "https://cdn.example.com/reports")
print(try await open.url(of: "2026/ü.pdf").url)
// https://cdn.example.com/reports/2026/%C3%BC.pdf
// snippet.hide
precondition(!json.isEmpty)
let found = try await open.url(of: "2026/ü.pdf").url
precondition(found == "https://cdn.example.com/reports/2026/%C3%BC.pdf")

func deliverByCloudFront(pem: String) async throws -> [String] {
    // snippet.show
    // A private distribution of CloudFront.
    let signer = try CloudFrontSigner(keyPairID: "K2JCJMDEHXQW5F", privateKey: pem)
    let delivery = try CloudFrontDelivery(baseURL: "https://cdn.example.com", signer: signer)
    let address = try await delivery.url(of: "2026/a.pdf")

    // All blobs of a folder at once, by cookies of the domain that page and distribution share.
    let cookies = try delivery.cookies(prefix: "2026/", lifetime: .seconds(3_600))
    let headers = try cookies.setCookieHeaders(domain: "example.com")

    // What an address of a single blob can't say, a policy of one's own can.
    let policy = CloudFrontPolicy(
        resource: "https://cdn.example.com/training/*.mp4",
        expiresAt: Date(timeIntervalSinceNow: 3_600),
        notBefore: Date(timeIntervalSinceNow: 60),
        ipRange: "192.0.2.0/24"
    )
    let url = try signer.signedURL("https://cdn.example.com/training/1.mp4", policy: policy)
    // snippet.hide
    return headers + [address.url, url]
}
