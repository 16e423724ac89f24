import Dispatch
import DocumentService

Task { await ServiceProgram.main() }
dispatchMain()
