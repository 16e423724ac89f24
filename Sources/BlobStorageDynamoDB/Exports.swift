// A user who gives a configuration credentials names types of `BlobStorageAWS`, as a user of S3 does;
// see that module's file of this name.
@_exported public import BlobStorageAWS
