// A user who gives a configuration credentials names types of `BlobStorageAWS`, which is no product:
// it is what the clients of all AWS services share. Exported, its names come with this module's, also
// for a user who has `MemberImportVisibility` on. There is no way without the underscore yet.
@_exported public import BlobStorageAWS
// The receiver of events is a handler of the server's requests.
@_exported public import BlobStorageHandler
