// SPDX-License-Identifier: Apache-2.0
#include "base/sha256.h"

#include <nettle/base16.h>
#include <nettle/sha2.h>

struct mo_str
mo_sha256_hex(struct mo_arena *arena, struct mo_str bytes)
{
	uint8_t digest[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;
	sha256_init(&sha);
	sha256_update(&sha, bytes.len, (const uint8_t *)bytes.p);
	sha256_digest(&sha, sizeof(digest), digest);
	char *hex = mo_arena_alloc(arena, BASE16_ENCODE_LENGTH(sizeof(digest)) + 1);
	base16_encode_update(hex, sizeof(digest), digest);
	return (struct mo_str){ hex, BASE16_ENCODE_LENGTH(sizeof(digest)) };
}
