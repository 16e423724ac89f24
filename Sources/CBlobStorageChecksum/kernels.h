#ifndef CBLOBSTORAGE_KERNELS_H
#define CBLOBSTORAGE_KERNELS_H

#include <stddef.h>
#include <stdint.h>

// The inner loops behind the public functions. The CRC ones take and return the bare register, without
// the inversion before and after. Callers check with cblobstorage_cpu_has() first.

/// The round constants of SHA-256, aligned for vector loads.
extern const uint32_t cblobstorage_sha256_round_constants[64];

#if defined(__x86_64__)

/// Any count. Needs CBLOBSTORAGE_CPU_CRC32.
uint32_t cblobstorage_crc32c_sse42(uint32_t crc, const uint8_t *bytes, size_t count);

/// A count that is a multiple of 16, at least 64. Writes 16 bytes that have the same CRC-32 register, from
/// zero, as all the input has from `crc`. Needs CBLOBSTORAGE_CPU_CLMUL.
void cblobstorage_crc32_fold_clmul(uint32_t crc, const uint8_t *bytes, size_t count, uint8_t folded[16]);

/// A count that is a multiple of 16, at least 16. Needs CBLOBSTORAGE_CPU_CLMUL.
uint64_t cblobstorage_crc64nvme_clmul(uint64_t crc, const uint8_t *bytes, size_t count);

/// A count that is a multiple of 16, at least 512. Needs CBLOBSTORAGE_CPU_CLMUL512.
uint64_t cblobstorage_crc64nvme_clmul512(uint64_t crc, const uint8_t *bytes, size_t count);

/// Whole blocks of 64 bytes. Needs CBLOBSTORAGE_CPU_SHA.
void cblobstorage_sha1_blocks_shani(uint32_t state[5], const uint8_t *bytes, size_t blocks);

/// Whole blocks of 64 bytes. Needs CBLOBSTORAGE_CPU_SHA.
void cblobstorage_sha256_blocks_shani(uint32_t state[8], const uint8_t *bytes, size_t blocks);

#endif

#endif
