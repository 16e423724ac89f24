#ifndef CBLOBSTORAGE_CHECKSUM_H
#define CBLOBSTORAGE_CHECKSUM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Every function may be called from any thread, and picks the fastest code that the processor supports.
// `bytes` may be null when `count` is 0, needs no alignment, and is only read.

/// CRC-32 (that of zip and zlib) of `count` bytes, continuing from `crc` (0 to begin).
uint32_t cblobstorage_crc32(uint32_t crc, const void *bytes, size_t count);

/// CRC-32C (Castagnoli) of `count` bytes, continuing from `crc` (0 to begin).
uint32_t cblobstorage_crc32c(uint32_t crc, const void *bytes, size_t count);

/// CRC-64/NVME of `count` bytes, continuing from `crc` (0 to begin).
uint64_t cblobstorage_crc64nvme(uint64_t crc, const void *bytes, size_t count);

/// The CRC-32 of A followed by B, from both CRCs and B's length in bytes.
uint32_t cblobstorage_crc32_combine(uint32_t a, uint32_t b, uint64_t b_count);

/// The CRC-32C of A followed by B, from both CRCs and B's length in bytes.
uint32_t cblobstorage_crc32c_combine(uint32_t a, uint32_t b, uint64_t b_count);

/// The CRC-64/NVME of A followed by B, from both CRCs and B's length in bytes.
uint64_t cblobstorage_crc64nvme_combine(uint64_t a, uint64_t b, uint64_t b_count);

/// The state of a SHA-1 (FIPS 180-4) that is fed in pieces. A plain value: copy it freely.
typedef struct {
    uint32_t state[5];
    uint64_t byte_count;
    uint8_t block[64];
} cblobstorage_sha1;

void cblobstorage_sha1_init(cblobstorage_sha1 *sha);
void cblobstorage_sha1_update(cblobstorage_sha1 *sha, const void *bytes, size_t count);

/// Writes the 20 bytes of the digest; `sha` is spent afterwards.
void cblobstorage_sha1_final(cblobstorage_sha1 *sha, uint8_t digest[20]);

/// The state of a SHA-256 (FIPS 180-4) that is fed in pieces. A plain value: copy it freely.
typedef struct {
    uint32_t state[8];
    uint64_t byte_count;
    uint8_t block[64];
} cblobstorage_sha256;

void cblobstorage_sha256_init(cblobstorage_sha256 *sha);
void cblobstorage_sha256_update(cblobstorage_sha256 *sha, const void *bytes, size_t count);

/// Writes the 32 bytes of the digest; `sha` is spent afterwards.
void cblobstorage_sha256_final(cblobstorage_sha256 *sha, uint8_t digest[32]);

/// For tests and benchmarks: `true` makes every function use portable code only, throughout the process,
/// until `false`. The results are the same.
void cblobstorage_checksum_force_portable(bool portable);

#endif
