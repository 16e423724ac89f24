import BlobCommand
import Dispatch

// Before anything else opens a file, which would take the number of a stream that is closed.
BlobTool.reserveStandardStreams()
Task { await BlobTool.main() }
dispatchMain()
