// Removing what is old: in any store, and in the buckets of a gateway.
import BlobStorage
import BlobStorageGateway

// snippet.hide
let store = InMemoryStore()
try await store.put("tmp/a", "x")

// snippet.show
let rules = [
    LifecycleRule(prefix: "tmp/", expiration: .after(days: 7), abortUploadsAfterDays: 2),
    LifecycleRule(prefix: "logs/", largerThan: 1 << 20, expiration: .after(days: 30)),
]
// Once an hour, say.
let report = try await store.apply(rules)
print(report)
for failure in report.failures { print(failure.key, failure.error) }
// snippet.hide
precondition(report.isEmpty)
let buckets = DynamicBuckets.inMemory()
try await buckets.create("photos")
await buckets.changeSettings(of: "photos") { $0.lifecycleRules = rules }
var configuration = S3GatewayConfiguration(buckets: buckets, accessKeys: [])

// snippet.show
configuration.isLifecycleEnforced = true
let gateway = S3Gateway(configuration)

// What a clock of the application calls.
for outcome in try await BucketLifecycle(buckets).run() {
    print(outcome.bucket, outcome.result)
}
