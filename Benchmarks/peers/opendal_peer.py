"""The rows, done with opendal's fs service.

It writes in place, without the temporary file that the others use: that is its default and its
fastest way. It syncs every file that it closes and has no option against that.
"""

import opendal

import common


def run(args):
    blocking = opendal.Operator("fs", root=args.root)
    operator = opendal.AsyncOperator("fs", root=args.root)
    if args.row == "put":
        data = b"x" * args.bytes

        def put(key):
            blocking.write(key, data)
            return len(data)

        async def put_async(key):
            await operator.write(key, data)
            return len(data)

        return common.each(args, put, put_async)
    if args.row == "get":

        def get(key):
            return len(blocking.read(key))

        async def get_async(key):
            return len(await operator.read(key))

        return common.each(args, get, get_async)
    if args.row in ("put-stream", "put-file"):
        with blocking.open("large.bin", "wb") as file:
            return sum(file.write(chunk) for chunk in common.chunks(args.source))
    if args.row == "get-stream":
        return sum(len(chunk) for chunk in stream(blocking))
    if args.row == "get-file":
        with open(args.target, "wb", buffering=0) as target:
            return sum(target.write(chunk) for chunk in stream(blocking))
    if args.row == "list":
        entries = blocking.list(args.prefix, recursive=True)
        # Folders are entries too; their paths end with a slash.
        return sum(not entry.path.endswith("/") for entry in entries)
    raise SystemExit(f"there is no row {args.row}")


def stream(operator):
    with operator.open("large.bin", "rb") as file:
        while chunk := file.read(common.CHUNK_BYTES):
            yield chunk


common.main(run)
