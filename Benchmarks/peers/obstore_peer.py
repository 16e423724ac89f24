"""The rows, done with obstore's LocalStore (the Rust crate object_store)."""

from pathlib import Path

import obstore
from obstore.store import LocalStore

import common


def run(args):
    store = LocalStore(args.root)
    if args.row == "put":
        data = b"x" * args.bytes

        def put(key):
            obstore.put(store, key, data)
            return len(data)

        async def put_async(key):
            await obstore.put_async(store, key, data)
            return len(data)

        return common.each(args, put, put_async)
    if args.row == "get":

        def get(key):
            return len(obstore.get(store, key).bytes())

        async def get_async(key):
            return len(await (await obstore.get_async(store, key)).bytes_async())

        return common.each(args, get, get_async)
    if args.row == "put-stream":
        obstore.put(store, "large.bin", common.chunks(args.source))
        return obstore.head(store, "large.bin")["size"]
    if args.row == "put-file":
        obstore.put(store, "large.bin", Path(args.source))
        return obstore.head(store, "large.bin")["size"]
    if args.row == "get-stream":
        return sum(len(chunk) for chunk in stream(store))
    if args.row == "get-file":
        with open(args.target, "wb", buffering=0) as file:
            return sum(file.write(chunk) for chunk in stream(store))
    if args.row == "list":
        pages = obstore.list(store, args.prefix or None, chunk_size=1_000)
        return sum(len(page) for page in pages)
    raise SystemExit(f"there is no row {args.row}")


def stream(store):
    return obstore.get(store, "large.bin").stream(min_chunk_size=common.CHUNK_BYTES)


common.main(run)
