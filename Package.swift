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
        .library(name: "BlobStorageS3", targets: ["BlobStorageS3"]),
        .library(name: "BlobStorageSQLite", targets: ["BlobStorageSQLite"]),
        .library(name: "BlobStoragePostgres", targets: ["BlobStoragePostgres"]),
        .library(name: "BlobStorageDynamoDB", targets: ["BlobStorageDynamoDB"]),
        .library(name: "BlobStorageUploads", targets: ["BlobStorageUploads"]),
        .library(name: "BlobStorageGateway", targets: ["BlobStorageGateway"]),
        .library(name: "BlobStorageServer", targets: ["BlobStorageServer"]),
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
        .systemLibrary(
            name: "CBlobStorageOpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(
            name: "CBlobStorageCurl",
            pkgConfig: "libcurl",
            providers: [.apt(["libcurl4-openssl-dev"])]
        ),
        .systemLibrary(
            name: "CBlobStorageLibXML2",
            pkgConfig: "libxml-2.0",
            providers: [.apt(["libxml2-dev"])]
        ),
        .target(name: "CBlobStorageHTTP", dependencies: ["CBlobStorageCurl"]),
        .target(name: "CBlobStorageXML", dependencies: ["CBlobStorageLibXML2"]),
        .target(
            name: "BlobStorageCrypto",
            dependencies: ["CBlobStorageChecksum", "CBlobStorageOpenSSL"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageHandler",
            dependencies: ["BlobStorage"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageHTTP",
            dependencies: ["BlobStorage", "BlobStorageHandler", "CBlobStorageHTTP"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageXML",
            dependencies: ["CBlobStorageXML"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageAWS",
            dependencies: [
                "BlobStorage", "BlobStorageCrypto", "BlobStorageHTTP", "BlobStorageXML",
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageS3",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageCrypto", "BlobStorageHandler",
                "BlobStorageHTTP", "BlobStorageXML",
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageDynamoDB",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageCrypto", "BlobStorageHTTP",
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageUploads",
            dependencies: ["BlobStorage"],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageGateway",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageCrypto", "BlobStorageHandler",
                "BlobStorageXML",
            ],
            swiftSettings: swiftSettings
        ),
        .systemLibrary(
            name: "CBlobStorageMicroHTTPD",
            pkgConfig: "libmicrohttpd",
            providers: [.apt(["libmicrohttpd-dev"])]
        ),
        .target(name: "CBlobStorageServer", dependencies: ["CBlobStorageMicroHTTPD"]),
        .target(
            name: "BlobStorageServer",
            dependencies: ["BlobStorage", "BlobStorageHandler", "CBlobStorageServer"],
            swiftSettings: swiftSettings
        ),
        .systemLibrary(
            name: "CBlobStorageSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .target(
            name: "BlobStorageSQLite",
            dependencies: ["BlobStorage", "CBlobStorageSQLite"],
            swiftSettings: swiftSettings
        ),
        .systemLibrary(
            name: "CBlobStoragePostgres",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"])]
        ),
        .target(
            name: "BlobStoragePostgres",
            dependencies: ["BlobStorage", "CBlobStoragePostgres"],
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
        .testTarget(
            name: "BlobStorageCryptoTests",
            dependencies: ["BlobStorageCrypto"],
            resources: [.copy("Vectors")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageXMLTests",
            dependencies: ["BlobStorageXML"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageHTTPTests",
            dependencies: [
                "BlobStorage", "BlobStorageHTTP", "BlobStorageTransportTestSupport",
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageTransportTestSupport",
            dependencies: ["BlobStorage", "BlobStorageAWS", "BlobStorageHTTP"],
            path: "Tests/Support",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageAWSTests",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageCrypto", "BlobStorageHTTP",
                "BlobStorageTestKit", "BlobStorageTransportTestSupport", "BlobStorageXML",
            ],
            resources: [.copy("Vectors")],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "leak-worker",
            dependencies: ["BlobStorage", "BlobStorageS3"],
            path: "Tests/BlobStorageS3Tests/Worker",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageS3Tests",
            dependencies: [
                "leak-worker", "BlobStorage", "BlobStorageAWS", "BlobStorageCrypto",
                "BlobStorageHTTP",
                "BlobStorageS3", "BlobStorageTestKit", "BlobStorageTransportTestSupport",
                "BlobStorageXML",
            ],
            exclude: ["Worker"],
            resources: [.copy("Vectors")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageS3IntegrationTests",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageDisk", "BlobStorageGateway",
                "BlobStorageHTTP", "BlobStorageS3", "BlobStorageServer", "BlobStorageTestKit",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageDynamoDBTests",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageDynamoDB", "BlobStorageHTTP",
                "BlobStorageTestKit", "BlobStorageTransportTestSupport",
            ],
            resources: [.copy("Vectors")],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageGatewayTests",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageCrypto", "BlobStorageDisk",
                "BlobStorageGateway", "BlobStorageHandler", "BlobStorageHTTP", "BlobStorageS3",
                "BlobStorageTestKit", "BlobStorageTransportTestSupport", "BlobStorageXML",
            ],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageUploadsTests",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageDisk", "BlobStorageGateway",
                "BlobStorageHandler", "BlobStorageS3", "BlobStorageSQLite", "BlobStorageUploads",
            ],
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "server-worker",
            dependencies: ["BlobStorage", "BlobStorageServer"],
            path: "Tests/BlobStorageServerTests/Worker",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageServerTests",
            dependencies: [
                "BlobStorage", "BlobStorageHandler", "BlobStorageServer",
                "BlobStorageTransportTestSupport", "server-worker",
            ],
            exclude: ["Worker"],
            swiftSettings: swiftSettings
        ),
        .target(name: "CBlobStorageSoak", path: "Tests/Soak/Allocator"),
        .executableTarget(
            name: "soak-worker",
            dependencies: [
                "BlobStorage", "BlobStorageDisk", "BlobStorageGateway", "BlobStorageHandler",
                "BlobStorageS3", "BlobStorageServer", "BlobStorageTestKit", "CBlobStorageSoak",
            ],
            path: "Tests/Soak",
            exclude: ["Allocator"],
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
            name: "metadata-worker",
            dependencies: ["BlobStorage", "BlobStorageSQLite"],
            path: "Tests/BlobStorageSQLiteTests/Worker",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageSQLiteTests",
            dependencies: [
                "BlobStorage", "BlobStorageSQLite", "BlobStorageTestKit", "CBlobStorageSQLite",
                "metadata-worker",
            ],
            exclude: ["Worker"],
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStoragePostgresTests",
            dependencies: [
                "BlobStorage", "BlobStoragePostgres", "BlobStorageTestKit", "CBlobStoragePostgres",
            ],
            swiftSettings: swiftSettings
        ),
        .target(
            name: "BlobStorageUploadFireSupport",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageDisk", "BlobStorageGateway",
                "BlobStorageS3", "BlobStorageSQLite", "BlobStorageServer", "BlobStorageTestKit",
                "BlobStorageUploads",
            ],
            path: "Tests/Uploads/Support",
            swiftSettings: swiftSettings
        ),
        .executableTarget(
            name: "upload-worker",
            dependencies: [
                "BlobStorage", "BlobStorageDisk", "BlobStorageHTTP", "BlobStorageS3",
                "BlobStorageSQLite", "BlobStorageServer", "BlobStorageTestKit",
                "BlobStorageUploadFireSupport", "BlobStorageUploads",
            ],
            path: "Tests/Uploads/Worker",
            swiftSettings: swiftSettings
        ),
        .testTarget(
            name: "BlobStorageUploadFireTests",
            dependencies: [
                "BlobStorage", "BlobStorageS3", "BlobStorageSQLite", "BlobStorageTestKit",
                "BlobStorageUploadFireSupport", "BlobStorageUploads", "CBlobStorageSQLite",
                "upload-worker",
            ],
            path: "Tests/Uploads",
            exclude: ["Load", "Support", "Worker"],
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

// Built by `make fuzz` alone, since it needs libFuzzer and every module with its instruments.
if Context.environment["BLOB_STORAGE_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "fuzz-worker",
            dependencies: [
                "BlobStorage", "BlobStorageAWS", "BlobStorageDisk", "BlobStorageGateway",
                "BlobStorageHandler", "BlobStorageS3", "BlobStorageXML",
            ],
            path: "Tests/Fuzz/Worker",
            swiftSettings: swiftSettings
        )
    )
}
