// Whoever has the server has the requests that it hands to a handler.
@_exported public import BlobStorageHandler
