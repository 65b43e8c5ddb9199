// SPDX-License-Identifier: Apache-2.0
// How a string is written, and libyaml to write it. Only letters, digits and a few signs stand without quotes, only where no resolver
// of YAML 1.1 or 1.2 sees anything but a string; text of several lines is a literal block where that gives back every byte.
#include "emitters/yaml.h"

#include <setjmp.h>
#include <string.h>
#include <yaml.h>

// ---- styles ----------------------------------------------------------------------------------------------------------------------

static bool
is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_alphanumeric(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9');
}

// Words that YAML 1.1 (or a reader that goes further) takes for booleans, null or numbers: https://yaml.org/type/
static bool
is_reserved(struct mo_str text)
{
	static const char *const words[] = { "y", "yes", "n", "no", "true", "false", "on", "off", "null", "nil", "none", "inf", "infinity", "nan" };
	for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (text.len == strlen(words[i]) && strncasecmp(text.p, words[i], text.len) == 0) {
			return true;
		}
	}
	return false;
}

// It starts with a letter, so it is no number, date, time, merge key or indicator. A colon before a blank or at the end would make a
// key of it; number signs and brackets are left out altogether.
bool
mo_yaml_is_plain(struct mo_str text)
{
	if (!text.len || !is_letter(text.p[0]) || text.p[text.len - 1] == ' ' || is_reserved(text)) {
		return false;
	}
	for (size_t i = 0; i < text.len; i++) {
		char c = text.p[i];
		bool good = c == ':' ? i + 1 < text.len && text.p[i + 1] != ' ' : is_alphanumeric(c) || (c && strchr("-_./+*()@=%$,; ", c));
		if (!good) {
			return false;
		}
	}
	return true;
}

// What every reader takes as it stands, between quotes or in a block. C1 controls, the separators of lines and paragraphs (ends of lines
// for YAML 1.1), byte order marks and what is outside of the basic plane (libyaml escapes it) are not.
static bool
is_printable(uint32_t c)
{
	return (c >= 0x20 && c < 0x7f) || (c >= 0xa0 && c < 0xd800 && c != 0x2028 && c != 0x2029) || (c >= 0xe000 && c < 0xfffe && c != 0xfeff);
}

static bool
is_all_printable(struct mo_str text, bool lines)
{
	uint32_t c;
	for (size_t i = 0; i < text.len; i += mo_str_code_point(text, i, &c)) {
		mo_str_code_point(text, i, &c);
		if (!is_printable(c) && !(lines && c == '\n')) {
			return false;
		}
	}
	return true;
}

// At most one line end at the end, no line that ends with a blank, and a first line that shows the indentation.
static bool
is_block(struct mo_str text)
{
	ptrdiff_t first = mo_str_find(text, MO_STR("\n"), 0);
	return first > 0 && text.p[0] != ' ' && !mo_str_ends(text, MO_STR("\n\n")) && !mo_str_ends(text, MO_STR(" ")) &&
		mo_str_find(text, MO_STR(" \n"), 0) < 0 && is_all_printable(text, true);
}

// Within brackets, commas divide, and readers of YAML 1.1 disagree about colons.
static bool
has_flow_sign(struct mo_str text)
{
	return mo_str_find(text, MO_STR(","), 0) >= 0 || mo_str_find(text, MO_STR(":"), 0) >= 0;
}

static yaml_scalar_style_t
style_of(const struct mo_yaml_event *e, bool flow)
{
	if (e->kind == MO_YAML_WORD || (mo_yaml_is_plain(e->text) && !(flow && has_flow_sign(e->text)))) {
		return YAML_PLAIN_SCALAR_STYLE;
	}
	if (e->kind == MO_YAML_STRING && is_block(e->text)) {
		return YAML_LITERAL_SCALAR_STYLE;
	}
	bool has_escapes = mo_str_find(e->text, MO_STR("\""), 0) >= 0 || mo_str_find(e->text, MO_STR("\\"), 0) >= 0;
	bool single = has_escapes && mo_str_find(e->text, MO_STR("'"), 0) < 0 && is_all_printable(e->text, false);
	return single ? YAML_SINGLE_QUOTED_SCALAR_STYLE : YAML_DOUBLE_QUOTED_SCALAR_STYLE;
}

// ---- libyaml ---------------------------------------------------------------------------------------------------------------------

struct writer {
	yaml_emitter_t emitter;
	struct mo_buf *out;
	uint32_t open;      // objects and lists
	uint32_t flow_from; // how many were open when the one began that is on one line; 0 outside of one
};

static int
take_bytes(void *data, unsigned char *bytes, size_t len)
{
	struct writer *w = data;
	mo_buf_add(w->out, (struct mo_str){ (const char *)bytes, len });
	return 1;
}

// libyaml owns the event from here on, whether it succeeds or not. All that can go wrong with events that nest properly is memory.
static void
emit(struct writer *w, yaml_event_t *event, int made)
{
	if (!made || !yaml_emitter_emit(&w->emitter, event)) {
		longjmp(*w->out->arena->mem->on_exhausted, 1);
	}
}

// As JSON does it: a byte that is no UTF-8 becomes U+FFFD. libyaml would refuse it.
static struct mo_str
valid(struct mo_arena *arena, struct mo_str text)
{
	size_t bad;
	if (mo_str_utf8(text, &bad)) {
		return text;
	}
	struct mo_buf good = mo_buf_in(arena);
	uint32_t c;
	for (size_t i = 0; i < text.len; i += mo_str_code_point(text, i, &c)) {
		mo_str_code_point(text, i, &c);
		mo_buf_utf8(&good, c);
	}
	return mo_buf_str(&good);
}

static yaml_char_t *
chars(struct mo_str text)
{
	union {
		const char *in;
		yaml_char_t *out; // libyaml does not write there
	} p = { text.p ? text.p : "" };
	return p.out;
}

static void
emit_scalar(struct writer *w, const struct mo_yaml_event *e)
{
	yaml_event_t event;
	yaml_scalar_style_t style = style_of(e, w->flow_from > 0);
	struct mo_str text = valid(w->out->arena, e->text);
	yaml_char_t *tag = e->tag.len ? chars(e->tag) : NULL;
	bool plain = !tag && style == YAML_PLAIN_SCALAR_STYLE, quoted = !tag && !plain;
	emit(w, &event, yaml_scalar_event_initialize(&event, NULL, tag, chars(text), (int)text.len, plain, quoted, style));
}

static void
count_level(struct writer *w, const struct mo_yaml_event *e)
{
	if (e->kind == MO_YAML_BEGIN_OBJECT || e->kind == MO_YAML_BEGIN_LIST) {
		w->open++;
		w->flow_from = !w->flow_from && e->kind == MO_YAML_BEGIN_LIST && e->flow ? w->open : w->flow_from;
	} else if (e->kind == MO_YAML_END_OBJECT || e->kind == MO_YAML_END_LIST) {
		w->flow_from = w->flow_from == w->open ? 0 : w->flow_from;
		w->open--;
	}
}

static void
emit_event(struct writer *w, const struct mo_yaml_event *e)
{
	yaml_event_t event;
	yaml_char_t *tag = e->tag.len ? chars(e->tag) : NULL;
	count_level(w, e);
	switch (e->kind) {
	case MO_YAML_BEGIN_OBJECT:
		emit(w, &event, yaml_mapping_start_event_initialize(&event, NULL, tag, !tag, YAML_BLOCK_MAPPING_STYLE));
		break;
	case MO_YAML_END_OBJECT:
		emit(w, &event, yaml_mapping_end_event_initialize(&event));
		break;
	case MO_YAML_BEGIN_LIST:
		emit(w, &event, yaml_sequence_start_event_initialize(&event, NULL, tag, !tag,
					e->flow ? YAML_FLOW_SEQUENCE_STYLE : YAML_BLOCK_SEQUENCE_STYLE));
		break;
	case MO_YAML_END_LIST:
		emit(w, &event, yaml_sequence_end_event_initialize(&event));
		break;
	case MO_YAML_KEY:
	case MO_YAML_STRING:
	case MO_YAML_WORD:
		emit_scalar(w, e);
		break;
	}
}

static void
write_document(struct writer *w, const mo_yaml_events *events)
{
	yaml_event_t event;
	yaml_emitter_set_output(&w->emitter, take_bytes, w);
	yaml_emitter_set_unicode(&w->emitter, 1);
	yaml_emitter_set_indent(&w->emitter, 2);
	yaml_emitter_set_width(&w->emitter, -1); // lines are never folded
	emit(w, &event, yaml_stream_start_event_initialize(&event, YAML_UTF8_ENCODING));
	emit(w, &event, yaml_document_start_event_initialize(&event, NULL, NULL, NULL, 1));
	for (uint32_t i = 0; i < events->len; i++) {
		emit_event(w, &events->items[i]);
	}
	emit(w, &event, yaml_document_end_event_initialize(&event, 1));
	emit(w, &event, yaml_stream_end_event_initialize(&event));
}

// Memory that runs out on the way must not leave libyaml's behind.
void
mo_yaml_write(struct mo_buf *out, const mo_yaml_events *events)
{
	struct mo_mem *mem = out->arena->mem;
	struct writer *w = mo_new(out->arena, struct writer);
	w->out = out;
	if (!yaml_emitter_initialize(&w->emitter)) {
		longjmp(*mem->on_exhausted, 1);
	}
	jmp_buf *outer = mem->on_exhausted, here;
	if (setjmp(here)) {
		mem->on_exhausted = outer;
		yaml_emitter_delete(&w->emitter);
		longjmp(*outer, 1);
	}
	mem->on_exhausted = &here;
	write_document(w, events);
	mem->on_exhausted = outer;
	yaml_emitter_delete(&w->emitter);
}
