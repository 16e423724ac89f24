import Testing
@testable import BlobStorageServer
@Suite struct PlaceholderTests {}
