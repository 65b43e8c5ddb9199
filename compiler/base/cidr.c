// SPDX-License-Identifier: Apache-2.0
// Ranges of IPv4 addresses. Addresses are counted in 64 bits, for a range may end at the last one.
#include "base/cidr.h"

// A number without superfluous zeros, at most `most`; moves *at behind it.
static bool
read_number(struct mo_str s, size_t *at, uint32_t most, uint32_t *out)
{
	size_t start = *at;
	uint32_t n = 0;
	while (*at < s.len && s.p[*at] >= '0' && s.p[*at] <= '9' && *at - start < 3) {
		n = n * 10 + (uint32_t)(s.p[(*at)++] - '0');
	}
	bool padded = *at - start > 1 && s.p[start] == '0';
	*out = n;
	return *at > start && !padded && n <= most;
}

bool
mo_cidr_parse(struct mo_str text, struct mo_cidr *out, const char **why)
{
	uint32_t address = 0, part, prefix;
	size_t at = 0;
	*why = "expected an address range such as 10.0.0.0/16";
	for (int i = 0; i < 4; i++) {
		if (!read_number(text, &at, 255, &part)) {
			return false;
		}
		address = address << 8 | part;
		if (at >= text.len || text.p[at++] != (i < 3 ? '.' : '/')) {
			return false;
		}
	}
	if (!read_number(text, &at, 32, &prefix) || at != text.len) {
		*why = "the prefix length must be a number from 0 to 32";
		return false;
	}
	uint32_t host_bits = prefix == 0 ? UINT32_MAX : (UINT32_C(1) << (32 - prefix)) - 1;
	if (address & host_bits) {
		*why = "bits behind the prefix are set, so this is an address in a range and not the range itself";
		return false;
	}
	*out = (struct mo_cidr){ address, (uint8_t)prefix };
	return true;
}

struct mo_str
mo_cidr_text(struct mo_arena *a, struct mo_cidr c)
{
	return mo_str_printf(a, "%u.%u.%u.%u/%u", c.address >> 24, c.address >> 16 & 255, c.address >> 8 & 255, c.address & 255,
		(unsigned)c.prefix);
}

uint64_t
mo_cidr_size(struct mo_cidr c)
{
	return UINT64_C(1) << (32 - c.prefix);
}

uint64_t
mo_cidr_end(struct mo_cidr c)
{
	return c.address + mo_cidr_size(c);
}

bool
mo_cidr_holds(struct mo_cidr outer, struct mo_cidr inner)
{
	return inner.address >= outer.address && mo_cidr_end(inner) <= mo_cidr_end(outer);
}

bool
mo_cidrs_overlap(struct mo_cidr a, struct mo_cidr b)
{
	return a.address < mo_cidr_end(b) && b.address < mo_cidr_end(a);
}
