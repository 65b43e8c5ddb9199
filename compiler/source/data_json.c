// SPDX-License-Identifier: Apache-2.0
// JSON files. cJSON reads the text and says whether it is JSON; it keeps no positions, so the text is walked once more beside its tree.
// The walk also refuses what cJSON lets through: duplicate keys, control characters, numbers such as 01, U+0000 in text, and more than
// MO_DATA_DEPTH levels. Integers are read from the text, because cJSON keeps every number as a double.
#include "source/data_tree.h"

#include <cjson/cJSON.h>
#include <math.h>
#include <setjmp.h>
#include <string.h>

struct walk {
	struct mo_arena *arena;
	const struct mo_source *source;
	struct mo_data_error *error;
	size_t at;
};

static struct mo_span
span_from(const struct walk *w, size_t start)
{
	uint32_t base = w->source->base;
	return (struct mo_span){ base + (uint32_t)start, base + (uint32_t)w->at };
}

static struct mo_span
span_here(const struct walk *w)
{
	uint32_t at = w->source->base + (uint32_t)w->at;
	return (struct mo_span){ at, at + (w->at < w->source->text.len) };
}

static char
peek(const struct walk *w)
{
	return w->at < w->source->text.len ? w->source->text.p[w->at] : '\0';
}

static void
skip_space(struct walk *w)
{
	while (peek(w) == ' ' || peek(w) == '\t' || peek(w) == '\n' || peek(w) == '\r') {
		w->at++;
	}
}

static struct mo_data *
unexpected(struct walk *w)
{
	unsigned char c = (unsigned char)peek(w);
	if (w->at >= w->source->text.len) {
		return mo_data_fail(w->arena, w->error, span_here(w), "the file ends too early");
	}
	if (c < 0x20) {
		return mo_data_fail(w->arena, w->error, span_here(w), "unexpected control character 0x%02X", c);
	}
	size_t end = w->at + 1; // all bytes of a character
	while (end < w->source->text.len && ((unsigned char)w->source->text.p[end] & 0xc0) == 0x80) {
		end++;
	}
	struct mo_str found = mo_str_sub(w->source->text, w->at, end);
	return mo_data_fail(w->arena, w->error, span_here(w), "unexpected `" MO_STR_FMT "`", MO_STR_ARG(found));
}

static bool
expect(struct walk *w, char c)
{
	skip_space(w);
	if (peek(w) != c) {
		unexpected(w);
		return false;
	}
	w->at++;
	return true;
}

static bool
check_escape(struct walk *w)
{
	struct mo_str rest = mo_str_sub(w->source->text, w->at, w->source->text.len);
	if (mo_str_starts(rest, MO_STR("\\u0000"))) {
		return mo_data_fail(w->arena, w->error, span_here(w), "a text cannot hold U+0000");
	}
	if (rest.len < 2 || !memchr("\"\\/bfnrtu", rest.p[1], 9)) {
		return mo_data_fail(w->arena, w->error, span_here(w), "this is no escape of JSON");
	}
	return true;
}

// Over a string; false when it holds what JSON or this compiler does not allow.
static bool
skip_string(struct walk *w, struct mo_span *span)
{
	size_t start = w->at;
	struct mo_str text = w->source->text;
	if (!expect(w, '"')) {
		return false;
	}
	while (peek(w) != '"') {
		if (w->at >= text.len || (unsigned char)peek(w) < 0x20) {
			unexpected(w);
			return false;
		}
		if (peek(w) == '\\' && !check_escape(w)) {
			return false;
		}
		w->at += peek(w) == '\\' ? 2 : 1;
	}
	w->at++;
	*span = span_from(w, start);
	return true;
}

// ---- numbers ---------------------------------------------------------------------------------------------------------------------

static bool
starts_number(const struct walk *w)
{
	return peek(w) == '-' || (peek(w) >= '0' && peek(w) <= '9');
}

static size_t
skip_digits(struct walk *w)
{
	size_t start = w->at;
	while (peek(w) >= '0' && peek(w) <= '9') {
		w->at++;
	}
	return w->at - start;
}

// As RFC 8259 has it; *whole when there is neither a fraction nor an exponent.
static bool
skip_number(struct walk *w, bool *whole)
{
	w->at += peek(w) == '-';
	bool zero = peek(w) == '0';
	size_t digits = skip_digits(w);
	*whole = true;
	if (digits == 0 || (zero && digits > 1)) {
		return false;
	}
	if (peek(w) == '.') {
		w->at++;
		*whole = false;
		if (!skip_digits(w)) {
			return false;
		}
	}
	if (peek(w) == 'e' || peek(w) == 'E') {
		w->at++;
		w->at += peek(w) == '+' || peek(w) == '-';
		*whole = false;
		return skip_digits(w) > 0;
	}
	return true;
}

static bool
read_integer(struct mo_str text, int64_t *out)
{
	bool negative = mo_str_starts(text, MO_STR("-"));
	int64_t n = 0;
	for (size_t i = negative; i < text.len; i++) {
		int64_t digit = text.p[i] - '0';
		if (__builtin_mul_overflow(n, 10, &n) || __builtin_add_overflow(n, negative ? -digit : digit, &n)) {
			return false;
		}
	}
	*out = n;
	return true;
}

static struct mo_data *
walk_number(struct walk *w, const cJSON *item)
{
	size_t start = w->at;
	bool whole;
	if (!skip_number(w, &whole)) {
		return mo_data_fail(w->arena, w->error, span_from(w, start), "this is no number as JSON writes it");
	}
	struct mo_data *d = mo_data_new(w->arena, whole ? MO_DATA_INT : MO_DATA_FLOAT, span_from(w, start));
	d->text = mo_str_sub(w->source->text, start, w->at);
	d->number = item->valuedouble;
	if (whole && !read_integer(d->text, &d->integer)) {
		return mo_data_fail(w->arena, w->error, d->span, "the number does not fit 64 bits; write it as text");
	}
	if (!isfinite(d->number)) {
		return mo_data_fail(w->arena, w->error, d->span, "the number is too large for 64-bit floating point");
	}
	return d;
}

// ---- everything else -------------------------------------------------------------------------------------------------------------

static struct mo_data *walk(struct walk *w, const cJSON *item, uint32_t depth);

static struct mo_data *
walk_list(struct walk *w, const cJSON *item, uint32_t depth)
{
	size_t start = w->at++;
	struct mo_data *list = mo_data_new(w->arena, MO_DATA_LIST, span_from(w, start));
	for (const cJSON *child = item->child; child; child = child->next) {
		struct mo_data *d = (child == item->child || expect(w, ',')) ? walk(w, child, depth + 1) : NULL;
		if (!d) {
			return NULL;
		}
		mo_push(w->arena, &list->items, d);
	}
	if (!expect(w, ']')) {
		return NULL;
	}
	list->span = span_from(w, start);
	return list;
}

static bool
walk_member(struct walk *w, const cJSON *child, struct mo_data *object, struct mo_data_keys *keys, uint32_t depth)
{
	struct mo_data_member m = { .key = mo_str_dup(w->arena, mo_str_c(child->string)) };
	skip_space(w);
	if (!skip_string(w, &m.key_span) || !expect(w, ':')) {
		return false;
	}
	if (mo_data_find(keys, object, m.key)) {
		mo_data_fail(w->arena, w->error, m.key_span, "duplicate key `" MO_STR_FMT "`", MO_STR_ARG(m.key));
		return false;
	}
	m.value = walk(w, child, depth + 1);
	if (m.value) {
		mo_data_add(w->arena, keys, object, m);
	}
	return m.value != NULL;
}

static struct mo_data *
walk_object(struct walk *w, const cJSON *item, uint32_t depth)
{
	size_t start = w->at++;
	struct mo_data *object = mo_data_new(w->arena, MO_DATA_OBJECT, span_from(w, start));
	struct mo_data_keys keys = { 0 };
	for (const cJSON *child = item->child; child; child = child->next) {
		if ((child != item->child && !expect(w, ',')) || !walk_member(w, child, object, &keys, depth)) {
			return NULL;
		}
	}
	if (!expect(w, '}')) {
		return NULL;
	}
	object->span = span_from(w, start);
	return object;
}

static struct mo_data *
walk_string(struct walk *w, const cJSON *item)
{
	struct mo_span span;
	if (!skip_string(w, &span)) {
		return NULL;
	}
	struct mo_data *d = mo_data_new(w->arena, MO_DATA_STRING, span);
	d->text = mo_str_dup(w->arena, mo_str_c(item->valuestring));
	return d;
}

static struct mo_data *
walk_word(struct walk *w, const cJSON *item)
{
	struct mo_str word = cJSON_IsNull(item) ? MO_STR("null") : cJSON_IsTrue(item) ? MO_STR("true") : MO_STR("false");
	size_t start = w->at;
	if (!mo_str_starts(mo_str_sub(w->source->text, start, w->source->text.len), word)) {
		return unexpected(w);
	}
	w->at += word.len;
	struct mo_data *d = mo_data_new(w->arena, cJSON_IsNull(item) ? MO_DATA_NULL : MO_DATA_BOOL, span_from(w, start));
	d->text = word;
	d->boolean = cJSON_IsTrue(item);
	return d;
}

static struct mo_data *
walk(struct walk *w, const cJSON *item, uint32_t depth)
{
	skip_space(w);
	if (depth > MO_DATA_DEPTH) {
		return mo_data_fail(w->arena, w->error, span_here(w), "nested deeper than %d levels", MO_DATA_DEPTH);
	}
	switch (peek(w)) {
	case '{':
		return cJSON_IsObject(item) ? walk_object(w, item, depth) : unexpected(w);
	case '[':
		return cJSON_IsArray(item) ? walk_list(w, item, depth) : unexpected(w);
	case '"':
		return cJSON_IsString(item) ? walk_string(w, item) : unexpected(w);
	default:
		return !cJSON_IsNumber(item) ? walk_word(w, item) : starts_number(w) ? walk_number(w, item) : unexpected(w);
	}
}

// ---- where the mistake is --------------------------------------------------------------------------------------------------------

static bool locate(struct walk *w, uint32_t depth);

// The items of `[…]` or `{…}`.
static bool
locate_in_items(struct walk *w, char close, uint32_t depth)
{
	struct mo_span span;
	w->at++;
	skip_space(w);
	if (peek(w) == close) {
		w->at++;
		return true;
	}
	for (;;) {
		skip_space(w);
		if (close == '}' && (!skip_string(w, &span) || !expect(w, ':'))) {
			return false;
		}
		if (!locate(w, depth + 1)) {
			return false;
		}
		skip_space(w);
		if (peek(w) == close) {
			w->at++;
			return true;
		}
		if (!expect(w, ',')) {
			return false;
		}
	}
}

static bool
locate_in_word(struct walk *w)
{
	static const struct mo_str words[] = { { "null", 4 }, { "true", 4 }, { "false", 5 } };
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (mo_str_starts(mo_str_sub(w->source->text, w->at, w->source->text.len), words[i])) {
			w->at += words[i].len;
			return true;
		}
	}
	return unexpected(w);
}

// Over a text that cJSON has refused without saying where; false when the mistake is found and described.
static bool
locate(struct walk *w, uint32_t depth)
{
	struct mo_span span;
	bool whole;
	skip_space(w);
	size_t start = w->at;
	if (depth > MO_DATA_DEPTH) {
		return mo_data_fail(w->arena, w->error, span_here(w), "nested deeper than %d levels", MO_DATA_DEPTH);
	}
	switch (peek(w)) {
	case '{':
		return locate_in_items(w, '}', depth);
	case '[':
		return locate_in_items(w, ']', depth);
	case '"':
		return skip_string(w, &span);
	default:
		if (!starts_number(w)) {
			return locate_in_word(w);
		}
		return skip_number(w, &whole)
			|| mo_data_fail(w->arena, w->error, span_from(w, start), "this is no number as JSON writes it");
	}
}

static struct mo_data *
describe_mistake(struct walk *w, const char *end)
{
	if (!locate(w, 1)) {
		return NULL;
	}
	skip_space(w);
	if (w->at < w->source->text.len) {
		return unexpected(w);
	}
	w->at = end ? (size_t)(end - w->source->text.p) : 0; // half a surrogate pair, a number of 60 digits: cJSON's own reasons
	return mo_data_fail(w->arena, w->error, span_here(w), "this is no JSON");
}

// ---- documents -------------------------------------------------------------------------------------------------------------------

static struct mo_data *
walk_document(struct walk *w, const cJSON *root)
{
	struct mo_data *d = walk(w, root, 1);
	skip_space(w);
	if (d && w->at < w->source->text.len) {
		return unexpected(w);
	}
	return d;
}

// Memory that runs out during the walk must not leave cJSON's tree behind.
static struct mo_data *
walk_and_free(struct walk *w, cJSON *root)
{
	struct mo_mem *mem = w->arena->mem;
	jmp_buf *outer = mem->on_exhausted, here;
	if (setjmp(here)) {
		mem->on_exhausted = outer;
		cJSON_Delete(root);
		longjmp(*outer, 1);
	}
	mem->on_exhausted = &here;
	struct mo_data *d = walk_document(w, root);
	mem->on_exhausted = outer;
	cJSON_Delete(root);
	return d;
}

const struct mo_data *
mo_data_read_json(struct mo_arena *arena, const struct mo_source *source, struct mo_data_error *error)
{
	struct walk w = { .arena = arena, .source = source, .error = error };
	const char *end = NULL;
	cJSON *root = source->text.len ? cJSON_ParseWithLengthOpts(source->text.p, source->text.len, &end, 0) : NULL;
	if (root) {
		return walk_and_free(&w, root);
	}
	return describe_mistake(&w, end);
}
