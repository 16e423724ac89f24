"""The rows, done with obstore's S3Store (the Rust crate object_store).

It puts a stream as parts, whatever its length: it has no single request for one. It signs every
body with its hash and sends no checksum.
"""

import asyncio

import obstore
from obstore.store import S3Store

import common

PART_BYTES = 8 << 20
AT_ONCE = 8


def run(args):
    store = S3Store(
        args.bucket, endpoint=args.endpoint, region="us-east-1", virtual_hosted_style_request=False,
        client_options={"allow_http": True, "allow_invalid_certificates": True})
    if args.row == "put-small":
        data = b"x" * args.bytes

        def put(key):
            obstore.put(store, key, data, use_multipart=False)
            return len(data)

        async def put_async(key):
            await obstore.put_async(store, key, data, use_multipart=False)
            return len(data)

        return common.each(args, put, put_async)
    if args.row == "get-small":

        def get(key):
            return len(obstore.get(store, key).bytes())

        async def get_async(key):
            return len(await (await obstore.get_async(store, key)).bytes_async())

        return common.each(args, get, get_async)
    if args.row == "get-stream":
        chunks = obstore.get(store, args.key).stream(min_chunk_size=common.CHUNK_BYTES)
        return sum(len(chunk) for chunk in chunks)
    if args.row == "get-ranges":
        return asyncio.run(ranges(store, args))
    if args.row == "put-stream":
        obstore.put(store, args.key, common.new_chunks(args.bytes))
        return args.bytes
    if args.row == "put-parts":
        obstore.put(store, args.key, common.new_chunks(args.bytes), chunk_size=PART_BYTES,
                    max_concurrency=AT_ONCE)
        return args.bytes
    if args.row == "list":
        pages = obstore.list(store, args.prefix or None, chunk_size=1_000)
        return sum(len(page) for page in pages)
    raise SystemExit(f"there is no row {args.row}")


async def ranges(store, args):
    """Reads all ranges, some at once, and uses them in order."""
    size = (await obstore.head_async(store, args.key))["size"]
    starts = iter(range(0, size, PART_BYTES))

    def begin():
        start = next(starts, None)
        if start is None:
            return None
        length = min(PART_BYTES, size - start)
        return asyncio.ensure_future(
            obstore.get_range_async(store, args.key, start=start, length=length))

    under_way = [begin() for _ in range(AT_ONCE)]
    total = 0
    while under_way:
        first = under_way.pop(0)
        if first is None:
            continue
        total += len(await first)
        del first
        under_way.append(begin())
    return total


common.main(run)
