// SPDX-License-Identifier: Apache-2.0
// Strings of RFC 8259: quotes, backslashes and control characters are escaped, all else stays readable.
#include "base/json.h"

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

static bool
is_plain(char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\'; // bytes outside ASCII are negative or above
}

void
mo_json_string(struct mo_buf *out, struct mo_str s)
{
	mo_buf_addc(out, '"');
	for (size_t i = 0; i < s.len;) {
		size_t run = i;
		while (run < s.len && is_plain(s.p[run])) {
			run++;
		}
		mo_buf_add(out, mo_str_sub(s, i, run));
		i = run;
		if (i < s.len) {
			uint32_t c;
			i += mo_str_code_point(s, i, &c);
			add_code_point(out, c);
		}
	}
	mo_buf_addc(out, '"');
}
