import BlobCommand

await BlobTool.main()
