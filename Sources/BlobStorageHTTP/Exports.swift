// `HTTPHeaders` belongs to both sides of HTTP; whoever has the client's requests has it too.
@_exported public import BlobStorageHandler
