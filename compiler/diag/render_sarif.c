// SPDX-License-Identifier: Apache-2.0
// Diagnostics as one log of SARIF 2.1.0 (OASIS), which code scanning services and editors read. Rules are the messages that occur; columns
// count code points, the end of a region is behind its last character.
#include "base/json_writer.h"
#include "diag/render.h"

#include <string.h>

#define SCHEMA "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

static const char *const levels[] = { [MO_ERROR] = "error", [MO_WARNING] = "warning", [MO_NOTE] = "note" };

struct log {
	struct mo_json_writer json;
	struct mo_arena *arena;
	struct mo_sources *sources;
	const struct mo_render_options *options;
	MO_VEC(const struct mo_diag *) shown;
	uint32_t *rules; // message -> index of its rule + 1; 0 when it does not occur
};

static void
key(struct log *l, const char *name)
{
	mo_json_put_key(&l->json, mo_str_c(name));
}

static void
field(struct log *l, const char *name, struct mo_str text)
{
	key(l, name);
	mo_json_put_string(&l->json, text);
}

static void
number_field(struct log *l, const char *name, uint32_t n)
{
	key(l, name);
	mo_json_put_int(&l->json, n);
}

static void
begin(struct log *l, const char *name)
{
	key(l, name);
	mo_json_begin_object(&l->json);
}

static void
end(struct log *l)
{
	mo_json_end_object(&l->json);
}

static void
begin_list(struct log *l, const char *name)
{
	key(l, name);
	mo_json_begin_list(&l->json);
}

// A message object: { "text": … }.
static void
text_field(struct log *l, const char *name, struct mo_str text)
{
	begin(l, name);
	field(l, "text", text);
	end(l);
}

// ---- places ----------------------------------------------------------------------------------------------------------------------

static bool
stands_in_uri(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || (c && strchr("-._~/!$&'()*+,;=@", c));
}

// A relative name stays relative to where the compiler was started; what the library holds is no file of the user.
static struct mo_str
uri_of(struct mo_arena *arena, const struct mo_source *source)
{
	struct mo_buf uri = mo_buf_in(arena);
	bool is_embedded = source->kind == MO_SOURCE_LIBRARY && !source->path.len;
	mo_buf_adds(&uri, is_embedded ? "mlopsc:" : mo_str_starts(source->name, MO_STR("/")) ? "file://" : "");
	for (size_t i = 0; i < source->name.len; i++) {
		if (stands_in_uri(source->name.p[i])) {
			mo_buf_addc(&uri, source->name.p[i]);
		} else {
			mo_buf_printf(&uri, "%%%02X", (unsigned)(unsigned char)source->name.p[i]);
		}
	}
	return mo_buf_str(&uri);
}

static void
put_region(struct log *l, const char *name, const struct mo_render_place *p)
{
	begin(l, name);
	number_field(l, "startLine", p->from.line);
	number_field(l, "startColumn", p->from.column);
	number_field(l, "endLine", p->to.line);
	number_field(l, "endColumn", p->to.column);
	end(l);
}

static void
put_artifact(struct log *l, const struct mo_source *source)
{
	begin(l, "artifactLocation");
	field(l, "uri", uri_of(l->arena, source));
	end(l);
}

// The members of a location; `text` may be empty.
static void
put_location(struct log *l, const struct mo_render_place *p, struct mo_str text)
{
	begin(l, "physicalLocation");
	put_artifact(l, p->from.source);
	put_region(l, "region", p);
	end(l);
	if (text.len) {
		text_field(l, "message", text);
	}
}

static void
put_locations(struct log *l, const struct mo_diag *d)
{
	struct mo_render_place p = mo_render_place_of(l->sources, d->span);
	begin_list(l, "locations");
	if (p.from.source) {
		mo_json_begin_object(&l->json);
		put_location(l, &p, d->here);
		end(l);
	}
	mo_json_end_list(&l->json);
}

static void
put_related(struct log *l, const struct mo_diag *d)
{
	begin_list(l, "relatedLocations");
	for (uint32_t i = 0; i < d->labels.len; i++) {
		struct mo_render_place p = mo_render_place_of(l->sources, d->labels.items[i].span);
		if (p.from.source) {
			mo_json_begin_object(&l->json);
			number_field(l, "id", i + 1);
			put_location(l, &p, d->labels.items[i].text);
			end(l);
		}
	}
	mo_json_end_list(&l->json);
}

// ---- fixes -----------------------------------------------------------------------------------------------------------------------

static void
put_replacement(struct log *l, const struct mo_render_place *p, struct mo_str text)
{
	mo_json_begin_object(&l->json);
	put_region(l, "deletedRegion", p);
	text_field(l, "insertedContent", text);
	end(l);
}

// All replacements in the file that the fix number `first` is in; nothing when an earlier one is in it, too.
static void
put_change(struct log *l, const struct mo_diag *d, uint32_t first)
{
	struct mo_render_place p = mo_render_place_of(l->sources, d->fixes.items[first].span);
	for (uint32_t i = 0; i < first; i++) {
		if (mo_render_place_of(l->sources, d->fixes.items[i].span).from.source == p.from.source) {
			return;
		}
	}
	mo_json_begin_object(&l->json);
	put_artifact(l, p.from.source);
	begin_list(l, "replacements");
	for (uint32_t i = first; i < d->fixes.len; i++) {
		struct mo_render_place q = mo_render_place_of(l->sources, d->fixes.items[i].span);
		if (q.from.source == p.from.source) {
			put_replacement(l, &q, d->fixes.items[i].replacement);
		}
	}
	mo_json_end_list(&l->json);
	end(l);
}

static void
put_fixes(struct log *l, const struct mo_diag *d)
{
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		if (mo_span_is_nowhere(d->fixes.items[i].span)) {
			return;
		}
	}
	begin_list(l, "fixes");
	mo_json_begin_object(&l->json);
	if (d->help.len) {
		text_field(l, "description", d->help);
	}
	begin_list(l, "artifactChanges");
	for (uint32_t i = 0; i < d->fixes.len; i++) {
		put_change(l, d, i);
	}
	mo_json_end_list(&l->json);
	end(l);
	mo_json_end_list(&l->json);
}

// ---- the log ---------------------------------------------------------------------------------------------------------------------

static void
put_result(struct log *l, const struct mo_diag *d)
{
	mo_json_begin_object(&l->json);
	field(l, "ruleId", mo_str_c(mo_message_info(d->message)->code));
	number_field(l, "ruleIndex", l->rules[d->message] - 1);
	field(l, "level", mo_str_c(levels[d->severity]));
	text_field(l, "message", mo_diag_whole_text(l->arena, d));
	put_locations(l, d);
	if (d->labels.len) {
		put_related(l, d);
	}
	if (d->fixes.len) {
		put_fixes(l, d);
	}
	end(l);
}

static void
put_rule(struct log *l, const struct mo_message_info *info)
{
	mo_json_begin_object(&l->json);
	field(l, "id", mo_str_c(info->code));
	field(l, "name", mo_str_c(info->slug));
	text_field(l, "shortDescription", mo_str_c(info->title));
	text_field(l, "fullDescription", mo_str_c(info->explanation));
	begin(l, "defaultConfiguration");
	field(l, "level", mo_str_c(levels[info->severity]));
	end(l);
	text_field(l, "help", mo_str_printf(l->arena, "for more: %s explain %s", l->options->program, info->code));
	end(l);
}

static void
put_tool(struct log *l)
{
	begin(l, "tool");
	begin(l, "driver");
	field(l, "name", mo_str_c(l->options->program));
	if (l->options->version) {
		field(l, "version", mo_str_c(l->options->version));
		field(l, "semanticVersion", mo_str_c(l->options->version));
	}
	begin_list(l, "rules");
	for (uint32_t m = 0; m < mo_message_count(); m++) {
		if (l->rules[m]) {
			put_rule(l, mo_message_info((enum mo_message)m));
		}
	}
	mo_json_end_list(&l->json);
	end(l);
	end(l);
}

static void
choose(struct log *l, const struct mo_diags *store)
{
	uint32_t count[MO_NOTE + 1] = { 0 }, rules = 0;
	l->rules = mo_new_array(l->arena, uint32_t, mo_message_count());
	for (uint32_t i = 0; i < store->items.len; i++) {
		const struct mo_diag *d = store->items.items[i];
		if (mo_render_wants(l->options, d, count)) {
			mo_push(l->arena, &l->shown, d);
			l->rules[d->message] = 1;
		}
	}
	for (uint32_t m = 0; m < mo_message_count(); m++) {
		l->rules[m] = l->rules[m] ? ++rules : 0;
	}
}

// A run without mistakes is a log, too: it tells the service that what it knew of is gone.
void
mo_render_sarif(struct mo_buf *out, struct mo_sources *sources, const struct mo_diags *store, const struct mo_render_options *options)
{
	struct log l = { .json = mo_json_writer(out), .arena = out->arena, .sources = sources, .options = options };
	choose(&l, store);
	mo_json_begin_object(&l.json);
	field(&l, "$schema", MO_STR(SCHEMA));
	field(&l, "version", MO_STR("2.1.0"));
	begin_list(&l, "runs");
	mo_json_begin_object(&l.json);
	put_tool(&l);
	field(&l, "columnKind", MO_STR("unicodeCodePoints"));
	begin_list(&l, "results");
	for (uint32_t i = 0; i < l.shown.len; i++) {
		put_result(&l, l.shown.items[i]);
	}
	mo_json_end_list(&l.json);
	end(&l);
	mo_json_end_list(&l.json);
	end(&l);
	mo_buf_addc(out, '\n');
}
