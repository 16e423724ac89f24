// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// Programs that measure the libraries as a user's program would use them.
let package = Package(
    name: "BlobStorageBenchmarks",
    dependencies: [
        .package(name: "swift-blob-storage", path: "..")
    ],
    targets: [
        .target(
            name: "BenchSupport",
            dependencies: [.product(name: "BlobStorage", package: "swift-blob-storage")],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "disk-bench",
            dependencies: [
                "BenchSupport",
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageDisk", package: "swift-blob-storage"),
            ],
            path: "Sources/DiskBench",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "s3-bench",
            dependencies: [
                "BenchSupport",
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageS3", package: "swift-blob-storage"),
            ],
            path: "Sources/S3Bench",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "presign-bench",
            dependencies: [
                "BenchSupport",
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageS3", package: "swift-blob-storage"),
            ],
            path: "Sources/PresignBench",
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)
