// swift-tools-version: 6.2
import PackageDescription

/// The upcoming language features that every Swift target is written in.
let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "swift-blob-storage",
    products: [
        .library(name: "BlobStorage", targets: ["BlobStorage"]),
        .library(name: "BlobStorageDisk", targets: ["BlobStorageDisk"]),
        .library(name: "BlobStorageTestKit", targets: ["BlobStorageTestKit"]),
    ],
    targets: [
        .target(name: "CBlobStorageSystem"),
        .target(name: "CBlobStorageChecksum"),
        .target(
            name: "BlobStorage",
            dependencies: ["CBlobStorageSystem", "CBlobStorageChecksum"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageDisk",
            dependencies: ["BlobStorage", "CBlobStorageSystem"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageTestKit",
            dependencies: ["BlobStorage"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageTests",
            dependencies: ["BlobStorage", "BlobStorageTestKit"],
            resources: [.copy("Vectors")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageTestKitTests",
            dependencies: ["BlobStorage", "BlobStorageTestKit"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "race-worker",
            dependencies: ["BlobStorage", "BlobStorageDisk"],
            path: "Tests/BlobStorageDiskTests/Worker",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageDiskTests",
            dependencies: [
                "BlobStorage", "BlobStorageDisk", "BlobStorageTestKit", "CBlobStorageSystem",
                "race-worker",
            ],
            exclude: ["Worker"],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "crash-worker",
            dependencies: ["BlobStorage", "BlobStorageDisk"],
            path: "Tests/Crash/Worker",
            swiftSettings: swiftSettings
        ),
        .executableTarget(name: "crash-tracer", path: "Tests/Crash/Tracer"),
    ],
    swiftLanguageModes: [.v6]
)
