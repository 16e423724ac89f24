internal import BlobStorage
