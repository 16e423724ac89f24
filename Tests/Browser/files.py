"""Files to upload."""

import hashlib
import struct
import zlib

KIB = 1 << 10
MIB = 1 << 20


def noise(count, seed=0):
    """Bytes that don't compress, the same for the same seed."""
    block = b"".join(hashlib.sha256(f"{seed} {number}".encode()).digest() for number in range(2048))
    return (block * (count // len(block) + 1))[:count]


def digest(data):
    return hashlib.sha256(data).hexdigest()


def text(folder, name, count):
    """A file of readable lines."""
    path = folder / name
    line = b"A line of a text, with nothing odd in it, again and again.\n"
    path.write_bytes((line * (count // len(line) + 1))[:count])
    return path


def binary(folder, name, count, seed=0):
    path = folder / name
    path.write_bytes(noise(count, seed))
    return path


def hollow(folder, name, count):
    """A file of so many bytes that takes no room."""
    path = folder / name
    with open(path, "wb") as file:
        file.truncate(count)
    return path


def picture(folder, name, count, seed=0):
    """A PNG of stripes and noise, of about so many bytes and never fewer."""
    width = 1200
    height = max(1, -(-count // (width * 3)))
    grain = noise(width * 3 * height, seed)
    rows = bytearray()
    for y in range(height):
        rows.append(0)
        row = bytearray(grain[y * width * 3:(y + 1) * width * 3])
        # A stripe of one colour, so that a thumbnail shows something.
        row[:width] = bytes((40, 120 + y % 100, 110)) * (width // 3)
        rows += row
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header)
    data += _chunk(b"IDAT", zlib.compress(bytes(rows), 1)) + _chunk(b"IEND", b"")
    # Whoever reads pictures stops at IEND.
    data += b"\0" * max(0, count - len(data))
    path = folder / name
    path.write_bytes(data)
    return path


def _chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
