// SPDX-License-Identifier: Apache-2.0
// How libFuzzer changes programs: half of the time by bytes, as ever, half of the time by tokens and bracketed groups, so that what comes
// out still parses often enough to reach the later phases. It takes any bytes and knows next to nothing of the language: what a word, a
// text and a bracket look like.
#include <ctype.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

size_t LLVMFuzzerMutate(uint8_t *bytes, size_t size, size_t most);
size_t LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed);
size_t LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t most, unsigned seed);

enum { MOST_TOKENS = 4096 };

enum class { WORD, NUMBER, TEXT, OPEN, CLOSE, MARK };

struct token {
	size_t start, end;
	enum class class;
};

struct tokens {
	const uint8_t *bytes;
	size_t size;
	struct token items[MOST_TOKENS];
	size_t count;
	unsigned random;
};

static size_t
pick(struct tokens *t, size_t below)
{
	t->random = t->random * 1664525u + 1013904223u;
	return (t->random >> 8) % below;
}

static size_t
end_of_text(const uint8_t *bytes, size_t size, size_t i)
{
	uint8_t quote = bytes[i++];
	while (i < size && bytes[i] != quote && bytes[i] != '\n') {
		i += bytes[i] == '\\' ? 2 : 1;
	}
	return i < size ? i + 1 : size;
}

static bool
is_word(uint8_t c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

static enum class
class_of(uint8_t c)
{
	return c == '"' || c == '\'' ? TEXT : isdigit(c) ? NUMBER : is_word(c) ? WORD : strchr("([{", c) ? OPEN : strchr(")]}", c) ? CLOSE : MARK;
}

static void
split(struct tokens *t)
{
	for (size_t i = 0; i < t->size && t->count < MOST_TOKENS;) {
		size_t start = i;
		if (t->bytes[i] == 0 || isspace(t->bytes[i])) {
			i++;
			continue;
		}
		enum class class = class_of(t->bytes[i]);
		if (class == TEXT) {
			i = end_of_text(t->bytes, t->size, i);
		} else if (class == WORD || class == NUMBER) {
			while (i < t->size && is_word(t->bytes[i])) {
				i++;
			}
		} else {
			i++;
		}
		t->items[t->count++] = (struct token){ start, i, class };
	}
}

// The end of what begins at a token: the bracket that matches it, or the token itself.
static size_t
end_of_group(const struct tokens *t, size_t first)
{
	size_t depth = 0;
	for (size_t i = first; i < t->count; i++) {
		depth += t->items[i].class == OPEN;
		depth -= t->items[i].class == CLOSE && depth > 0;
		if (depth == 0) {
			return t->items[i].end;
		}
	}
	return t->items[first].end;
}

// From a token to the end of the statement: past a following block.
static struct token
piece(struct tokens *t, size_t first)
{
	struct token k = { t->items[first].start, end_of_group(t, first), t->items[first].class };
	size_t more = pick(t, 4) == 0 ? pick(t, 12) : 0;
	for (size_t i = first; i < t->count && more > 0; i++) {
		if (t->items[i].start >= k.end) {
			k.end = end_of_group(t, i);
			more--;
		}
	}
	return k;
}

// out = [0, from) + with + [to, size); 0 when it does not fit.
static size_t
replace(uint8_t *out, size_t most, const struct tokens *t, size_t from, size_t to, const uint8_t *with, size_t len)
{
	size_t tail = t->size - to;
	if (from + len + tail + 1 > most) {
		return 0;
	}
	memmove(out, t->bytes, from);
	memcpy(out + from, with, len);
	out[from + len] = ' ';
	memmove(out + from + len + 1, t->bytes + to, tail);
	return from + len + 1 + tail;
}

static struct tokens *
tokens_of(const uint8_t *bytes, size_t size, unsigned seed)
{
	struct tokens *t = calloc(1, sizeof(*t));
	*t = (struct tokens){ .bytes = bytes, .size = size, .random = seed };
	split(t);
	return t;
}

// Another token of the same class, if a few tries find one.
static size_t
similar(struct tokens *t, size_t than)
{
	for (int i = 0; i < 20; i++) {
		size_t k = pick(t, t->count);
		if (t->items[k].class == t->items[than].class) {
			return k;
		}
	}
	return pick(t, t->count);
}

static size_t
mutate_tokens(struct tokens *t, uint8_t *out, size_t most)
{
	size_t at = pick(t, t->count), other = similar(t, at);
	struct token from = piece(t, at), to = piece(t, other);
	size_t len = to.end - to.start;
	switch (pick(t, 5)) {
	case 0: // drop
		return replace(out, most, t, from.start, from.end, t->bytes, 0);
	case 1: // put one before another
		return replace(out, most, t, from.start, from.start, t->bytes + to.start, len);
	case 2: // wrap in brackets
		return replace(out, most, t, from.end, from.end, (const uint8_t *)&"[0](){}?? .x"[pick(t, 6) * 2], 2);
	default: // replace by one of the same class
		return replace(out, most, t, from.start, from.end, t->bytes + to.start, len);
	}
}

size_t
LLVMFuzzerCustomMutator(uint8_t *bytes, size_t size, size_t most, unsigned seed)
{
	if (size == 0 || seed % 4 == 0) {
		return LLVMFuzzerMutate(bytes, size, most);
	}
	size_t result = size;
	for (unsigned times = 1 + seed / 4 % 3; times > 0; times--) {
		uint8_t *copy = malloc(result + 1);
		memcpy(copy, bytes, result);
		struct tokens *t = tokens_of(copy, result, seed + times);
		size_t changed = t->count ? mutate_tokens(t, bytes, most) : 0;
		if (!changed) {
			memcpy(bytes, copy, result);
		} else {
			result = changed;
		}
		free(t);
		free(copy);
	}
	return result;
}

// A piece of the second program put into the first.
size_t
LLVMFuzzerCustomCrossOver(const uint8_t *a, size_t a_size, const uint8_t *b, size_t b_size, uint8_t *out, size_t most, unsigned seed)
{
	struct tokens *x = tokens_of(a, a_size, seed), *y = tokens_of(b, b_size, seed + 1);
	size_t size = 0;
	if (x->count && y->count) {
		struct token at = piece(x, pick(x, x->count)), what = piece(y, pick(y, y->count));
		size_t from = pick(x, 2) ? at.start : at.end;
		size = replace(out, most, x, from, pick(x, 2) ? at.end : from, b + what.start, what.end - what.start);
	}
	free(x);
	free(y);
	return size;
}
