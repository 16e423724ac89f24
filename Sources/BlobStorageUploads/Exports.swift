// Whoever has the service has the store, the records and the presigned requests that it works with.
@_exported public import BlobStorage
