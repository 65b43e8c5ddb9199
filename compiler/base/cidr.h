// SPDX-License-Identifier: Apache-2.0
// Ranges of IPv4 addresses: read, written and compared.
#ifndef MO_BASE_CIDR_H
#define MO_BASE_CIDR_H

#include "base/str.h"

struct mo_cidr {
	uint32_t address; // IPv4, host byte order; bits beyond the prefix are zero
	uint8_t prefix;   // 0..32
};

// "10.0.0.0/16"; host bits must be zero. Otherwise false and *why, which begins in lower case.
bool mo_cidr_parse(struct mo_str text, struct mo_cidr *out, const char **why);
struct mo_str mo_cidr_text(struct mo_arena *a, struct mo_cidr c);

uint64_t mo_cidr_size(struct mo_cidr c); // addresses
uint64_t mo_cidr_end(struct mo_cidr c);  // the first address behind it
bool mo_cidr_holds(struct mo_cidr outer, struct mo_cidr inner);
bool mo_cidrs_overlap(struct mo_cidr a, struct mo_cidr b);

#endif
