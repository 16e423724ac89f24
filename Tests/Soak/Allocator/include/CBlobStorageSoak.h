#ifndef CBLOBSTORAGE_SOAK_H
#define CBLOBSTORAGE_SOAK_H

#include <stddef.h>

/// The bytes that malloc(3) has given and not had back, in all of its arenas; Swift doesn't import
/// malloc.h.
size_t cblobstorage_allocated_byte_count(void);

#endif
