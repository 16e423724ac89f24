// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

let package = Package(
    name: "blob-storage-examples",
    products: [
        .executable(name: "blob", targets: ["blob"])
    ],
    dependencies: [
        // The package's own folder, which need not have its name.
        .package(name: "swift-blob-storage", path: "..")
    ],
    targets: [
        .target(
            name: "BlobCommand",
            dependencies: [
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageDisk", package: "swift-blob-storage"),
                .product(name: "BlobStorageS3", package: "swift-blob-storage"),
                .product(name: "BlobStorageGateway", package: "swift-blob-storage"),
                .product(name: "BlobStorageServer", package: "swift-blob-storage"),
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "blob",
            dependencies: ["BlobCommand"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobCommandTests",
            dependencies: [
                "BlobCommand",
                .product(name: "BlobStorage", package: "swift-blob-storage"),
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobEndToEndTests",
            dependencies: ["blob"],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)
