// SPDX-License-Identifier: Apache-2.0
// Names that are made of names: logical IDs, deployed names, texts of keys. Takes text, gives text; knows no declarations.
#include "eval/instance.h"

static bool
is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static char
raised(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

void
mo_id_add(struct mo_buf *b, struct mo_str segment)
{
	bool start = true;
	for (size_t i = 0; i < segment.len; i++) {
		char c = segment.p[i];
		if (!is_letter_or_digit(c)) {
			start = true;
			continue;
		}
		mo_buf_addc(b, start ? raised(c) : c);
		start = false;
	}
}

struct mo_str
mo_id_of(struct mo_eval *ev, struct mo_str segment)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	mo_id_add(&b, segment);
	return mo_buf_str(&b);
}

// Lower-case words between hyphens; a capital after a small letter starts a word.
struct mo_str
mo_kebab(struct mo_eval *ev, struct mo_str name)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	bool pending = false;
	for (size_t i = 0; i < name.len; i++) {
		char c = name.p[i];
		if (!is_letter_or_digit(c)) {
			pending = b.len > 0;
			continue;
		}
		bool capital = c >= 'A' && c <= 'Z';
		bool after_small = i > 0 && name.p[i - 1] >= 'a' && name.p[i - 1] <= 'z';
		if (pending || (capital && after_small)) {
			mo_buf_addc(&b, '-');
		}
		pending = false;
		mo_buf_addc(&b, capital ? (char)(c - 'A' + 'a') : c);
	}
	return mo_buf_str(&b);
}

struct mo_str
mo_key_text(struct mo_eval *ev, const struct mo_value *key)
{
	return key->kind == MO_VALUE_INT ? mo_str_printf(ev->arena, "%lld", (long long)key->integer) : key->text;
}

uint64_t
mo_hash_mix(uint64_t a, uint64_t b)
{
	uint64_t h = (a ^ b) * 0x9e3779b97f4a7c15ULL;
	return h ^ (h >> 32);
}

struct mo_str
mo_atom_text(struct mo_eval *ev, mo_atom name)
{
	return mo_atom_str(ev->ctx->atoms, name);
}

struct mo_str
mo_symbol_text(struct mo_eval *ev, const struct mo_symbol *s)
{
	return mo_atom_str(ev->ctx->atoms, s->name);
}

void
mo_add_kebab(struct mo_eval *ev, struct mo_buf *b, struct mo_str word)
{
	struct mo_str kebab = mo_kebab(ev, word);
	if (kebab.len) {
		mo_buf_adds(b, b->len ? "-" : "");
		mo_buf_add(b, kebab);
	}
}

struct mo_str
mo_global_name(struct mo_eval *ev, const struct mo_member *m)
{
	struct mo_buf b = mo_buf_in(ev->arena);
	struct mo_str around = m->frame->instance ? m->frame->instance->slug : (struct mo_str){ 0 };
	while (around.len) {
		ptrdiff_t slash = mo_str_find(around, MO_STR("/"), 0);
		size_t end = slash < 0 ? around.len : (size_t)slash;
		mo_add_kebab(ev, &b, mo_str_sub(around, 0, end));
		around = mo_str_sub(around, slash < 0 ? end : end + 1, around.len);
	}
	struct mo_str own = mo_atom_text(ev, mo_name_of(m->node).atom);
	if (!mo_str_is(own, "this") || b.len == 0) {
		mo_add_kebab(ev, &b, own);
	}
	for (uint32_t i = 0; i < m->key_count; i++) {
		mo_add_kebab(ev, &b, mo_key_text(ev, m->keys[i]));
	}
	return mo_buf_str(&b);
}
