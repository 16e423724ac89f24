#ifndef CBLOBSTORAGE_CPU_H
#define CBLOBSTORAGE_CPU_H

#include <stdbool.h>

/// The instruction sets that a kernel in this module needs, one bit for each kernel.
enum {
    /// SSE4.2 `crc32` and PCLMULQDQ, for CRC-32C.
    CBLOBSTORAGE_CPU_CRC32 = 1 << 0,
    /// PCLMULQDQ on 128-bit registers, for CRC-32 and CRC-64/NVME.
    CBLOBSTORAGE_CPU_CLMUL = 1 << 1,
    /// VPCLMULQDQ on 512-bit registers that the operating system saves, for CRC-64/NVME.
    CBLOBSTORAGE_CPU_CLMUL512 = 1 << 2,
    /// The SHA extensions, for SHA-1 and SHA-256.
    CBLOBSTORAGE_CPU_SHA = 1 << 3,
};

/// Whether this machine has `feature` and portable code is not forced.
bool cblobstorage_cpu_has(unsigned feature);

#endif
