// swift-tools-version: 6.2
import PackageDescription

let swiftSettings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
]

/// The files of the page of `document-service`, which become a part of the program.
let pageFiles = [
    "index.html", "style.css", "icon.svg", "api.js", "app.js", "documents.js", "dom.js", "kept.js",
    "queue.js", "rate.js", "send.js", "text.js", "toasts.js", "upload.js", "uploads.js",
]

let package = Package(
    name: "blob-storage-examples",
    products: [
        .executable(name: "blob", targets: ["blob"]),
        .executable(name: "document-service", targets: ["document-service"]),
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
        .target(
            name: "DocumentService",
            dependencies: [
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageDisk", package: "swift-blob-storage"),
                .product(name: "BlobStorageS3", package: "swift-blob-storage"),
                .product(name: "BlobStorageSQLite", package: "swift-blob-storage"),
                .product(name: "BlobStoragePostgres", package: "swift-blob-storage"),
                .product(name: "BlobStorageDynamoDB", package: "swift-blob-storage"),
                .product(name: "BlobStorageUploads", package: "swift-blob-storage"),
                .product(name: "BlobStorageGateway", package: "swift-blob-storage"),
                .product(name: "BlobStorageServer", package: "swift-blob-storage"),
            ],
            resources: pageFiles.map { .embedInCode("Page/\($0)") },
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "document-service",
            dependencies: ["DocumentService"],
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
        .testTarget(
            name: "DocumentServiceTests",
            dependencies: [
                "DocumentService", "document-service",
                .product(name: "BlobStorage", package: "swift-blob-storage"),
                .product(name: "BlobStorageServer", package: "swift-blob-storage"),
                .product(name: "BlobStorageUploads", package: "swift-blob-storage"),
            ],
            swiftSettings: swiftSettings
        ),
    ],
    swiftLanguageModes: [.v6]
)
