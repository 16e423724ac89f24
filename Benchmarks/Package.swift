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
        .executableTarget(
            name: "disk-bench",
            dependencies: [
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageDisk", package: "swift-blob-storage"),
            ],
            path: "Sources/DiskBench",
            swiftSettings: swiftSettings
        )
    ],
    swiftLanguageModes: [.v6]
)
