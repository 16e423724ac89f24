// A store that clients of S3 use, through a server or inside of an application's own.
import BlobStorage
import BlobStorageGateway
import BlobStorageServer

let store = InMemoryStore()

// snippet.hide
// A key that works nowhere else.
let secret = "not/a/secret/only/for/this/snippet"
// snippet.show
let key = GatewayAccessKey(
    AWSCredentials(accessKeyID: "app", secretAccessKey: secret),
    rights: [
        GatewayRight([.read, .list], bucket: "photos"),
        GatewayRight([.write], bucket: "photos", prefix: "incoming/"),
    ]
)
var configuration = S3GatewayConfiguration(
    buckets: FixedBuckets(["photos": store]),
    accessKeys: [key]
)
configuration.region = "eu-central-1"
configuration.cors = [
    "photos": [CORSRule(origins: ["https://app.example"], methods: ["GET", "PUT"])]
]
let gateway = S3Gateway(configuration)

let server = HTTPServer(handler: gateway)
let address = try await server.start()
print(address.url)
await server.stop(within: .seconds(10))
