// SPDX-License-Identifier: Apache-2.0
// How the packed catalog is read: little-endian 32-bit words, then texts (two bytes of length, the bytes, a NUL). pack.py writes it and
// vouches for every address in it, so readers check indices that callers give and nothing else. For catalog.c, events.c and iam.c only.
#ifndef MO_CATALOG_DATA_H
#define MO_CATALOG_DATA_H

#include "base/str.h"

#include <stdint.h>

extern const unsigned char mo_cat_data[];

// Words at the beginning.
enum mo_cat_header {
	MO_CAT_TEXTS,          // byte offset of the texts
	MO_CAT_RESOURCES,      // how many resource types
	MO_CAT_RESOURCE_LIST,  // their addresses, in the order of their names
	MO_CAT_RESOURCE_SLOTS, // hash index of them
	MO_CAT_RESOURCE_MASK,  // size of the index - 1
	MO_CAT_SERVICES,       // how many IAM services
	MO_CAT_SERVICE_LIST,   // their records
	MO_CAT_KEY_SLOTS,      // hash index of condition keys without a variable part, by lower-case name
	MO_CAT_KEY_MASK,
	MO_CAT_KEY_PATTERNS, // how many condition keys have a variable part
	MO_CAT_KEY_PATTERN_LIST,
	MO_CAT_EVENTS,     // how many events
	MO_CAT_EVENT_LIST, // their records
};

// The word at an address. Compiles to one load on little-endian machines.
static inline uint32_t
mo_cat_word(uint32_t address)
{
	const unsigned char *p = mo_cat_data + (size_t)address * 4;
	return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

// The text that the word at an address names.
static inline struct mo_str
mo_cat_text(uint32_t address)
{
	const unsigned char *p = mo_cat_data + mo_cat_word(MO_CAT_TEXTS) + mo_cat_word(address);
	return (struct mo_str){ (const char *)p + 2, (size_t)(p[0] | p[1] << 8) };
}

static inline unsigned char
mo_cat_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (unsigned char)(c - 'A' + 'a') : (unsigned char)c;
}

// FNV-1a of 32 bits, as in pack.py.
static inline uint32_t
mo_cat_hash_add(uint32_t hash, unsigned char c)
{
	return (hash ^ c) * 0x01000193u;
}

#define MO_CAT_HASH_START 0x811c9dc5u

#endif
