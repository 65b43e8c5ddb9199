// SPDX-License-Identifier: Apache-2.0
// Strings of RFC 8259: quotes, backslashes and control characters are escaped, all else stays readable. Writing strings is most of what
// an emitter does, so runs of plain ASCII are found eight bytes at a time and copied whole.
#include "base/json.h"

#include <string.h>

static bool
is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

// Not zero when one of the eight bytes is below 0x20, a quote, a backslash or outside ASCII.
static uint64_t
special_bytes(uint64_t word)
{
	const uint64_t ones = 0x0101010101010101ULL, high = 0x8080808080808080ULL;
	uint64_t quote = word ^ ones * '"', backslash = word ^ ones * '\\', del = word ^ ones * 0x7f;
	uint64_t zero_bytes = ((quote - ones) & ~quote) | ((backslash - ones) & ~backslash) | ((del - ones) & ~del);
	return (word | (word - ones * 0x20) | zero_bytes) & high;
}

// How many plain characters there are from s.p[from] on.
static size_t
plain_run(struct mo_str s, size_t from)
{
	size_t i = from;
	while (s.len - i >= sizeof(uint64_t)) {
		uint64_t word;
		memcpy(&word, s.p + i, sizeof(word));
		if (special_bytes(word)) {
			break;
		}
		i += sizeof(word);
	}
	while (i < s.len && is_plain((unsigned char)s.p[i])) {
		i++;
	}
	return i - from;
}

static void
add_code_point(struct mo_buf *out, uint32_t c)
{
	static const char short_escapes[] = "\"\"\\\\\bb\ff\nn\rr\tt"; // pairs: character, letter
	for (size_t i = 0; i + 1 < sizeof(short_escapes); i += 2) {
		if (c == (unsigned char)short_escapes[i]) {
			mo_buf_addc(out, '\\');
			mo_buf_addc(out, short_escapes[i + 1]);
			return;
		}
	}
	if (c < 0x20 || c == 0x7f) {
		mo_buf_printf(out, "\\u%04x", (unsigned)c);
	} else {
		mo_buf_utf8(out, c);
	}
}

void
mo_json_string(struct mo_buf *out, struct mo_str s)
{
	mo_buf_addc(out, '"');
	for (size_t i = 0; i < s.len;) {
		size_t n = plain_run(s, i);
		mo_buf_add(out, mo_str_sub(s, i, i + n));
		i += n;
		if (i < s.len) {
			uint32_t c;
			i += mo_str_code_point(s, i, &c);
			add_code_point(out, c);
		}
	}
	mo_buf_addc(out, '"');
}
