// SPDX-License-Identifier: Apache-2.0
// SHA-256 (FIPS 180-4), as names for content. The algorithm is nettle's.
#ifndef MO_BASE_SHA256_H
#define MO_BASE_SHA256_H

#include "base/str.h"

// The digest of the bytes as 64 lower-case hexadecimal digits, in the arena.
struct mo_str mo_sha256_hex(struct mo_arena *arena, struct mo_str bytes);

#endif
