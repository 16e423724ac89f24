// A gateway is a handler of the server's requests, and its access keys are `AWSCredentials`; whoever
// imports it has both. There is no way without the underscore yet.
@_exported public import BlobStorageAWS
@_exported public import BlobStorageHandler
