import Testing
@testable import BlobStorageGateway
@Suite struct PlaceholderTests {}
