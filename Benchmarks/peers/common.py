"""What the peers' programs share: the command line, and many blobs at once."""

import argparse
import asyncio
import json
import os
import sys
import threading
import time

# Chunks of a stream; larger ones than ours, which suits Python better.
CHUNK_BYTES = 4 << 20


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("row")
    parser.add_argument("--root")
    parser.add_argument("--mode", default="async", help="async, or threads-N for the blocking API")
    parser.add_argument("--count", type=int)
    parser.add_argument("--bytes", type=int)
    parser.add_argument("--at-once", type=int)
    parser.add_argument("--source")
    parser.add_argument("--target")
    parser.add_argument("--prefix")
    parser.add_argument("--endpoint")
    parser.add_argument("--bucket")
    parser.add_argument("--key", help="the one blob to read again and again")
    return parser.parse_args()


def keys(args):
    return [args.key or f"d{index % 100}/f{index}" for index in range(args.count)]


def each(args, do, do_async):
    """Calls one of the functions for every key, as the mode says; adds up what they return."""
    left = iter(keys(args))
    if args.mode == "async":

        async def work():
            return sum([await do_async(key) for key in left])

        async def all_work():
            return await asyncio.gather(*[work() for _ in range(args.at_once)])

        return sum(asyncio.run(all_work()))

    total = []

    def thread():
        total.append(sum(do(key) for key in left))

    threads = [threading.Thread(target=thread) for _ in range(int(args.mode.split("-")[1]))]
    for each_thread in threads:
        each_thread.start()
    for each_thread in threads:
        each_thread.join()
    return sum(total)


def chunks(path):
    """The chunks of a file, as an upload would bring them."""
    with open(path, "rb", buffering=0) as file:
        while chunk := file.read(CHUNK_BYTES):
            yield chunk


def new_chunks(count):
    """Chunks as an upload would bring them, each in memory of its own; `count` bytes in all."""
    pattern = memoryview(b"x" * CHUNK_BYTES)
    while count > 0:
        chunk = bytes(pattern[:count])
        count -= len(chunk)
        yield chunk


def main(run):
    """Runs a row and prints how long the work alone took."""
    args = arguments()
    start = time.perf_counter()
    amount = run(args)
    seconds = time.perf_counter() - start
    print(json.dumps({"seconds": seconds, "amount": amount}), file=sys.stderr, flush=True)
    # opendal's asynchronous calls now and then abort Python while it shuts down.
    os._exit(0)
