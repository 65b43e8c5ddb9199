// SPDX-License-Identifier: Apache-2.0
// Values for the program's inputs: the file of values is read and its names are looked up; what stands on the command line becomes a small
// source of its own, so that a message can point into it. Types are the checker's business.
#include "sema/inputs.h"

#include "diag/diag.h"
#include "diag/files.h"

bool
mo_is_program_input(const struct mo_symbol *s)
{
	return s->kind == MO_SYM_INPUT && s->scope->kind == MO_SCOPE_FILE;
}

struct mo_supplied *
mo_input_supplied(const struct mo_program *p, mo_atom name)
{
	return mo_map_get(&p->given_by_name, name);
}

static struct mo_supplied *
give(struct mo_program *p, struct mo_str name, struct mo_span at)
{
	struct mo_supplied *g = mo_new(&p->ctx->session, struct mo_supplied);
	g->name = name;
	g->name_span = at;
	mo_push(&p->ctx->session, &p->given, g);
	mo_map_put(&p->ctx->session, &p->given_by_name, mo_atom_of(p->ctx->atoms, name), g);
	return g;
}

// ---- the file of values ----------------------------------------------------------------------------------------------------------

static const struct mo_data *
parse(struct mo_program *p, const struct mo_source *source)
{
	struct mo_data_error error = { 0 };
	bool json = mo_str_ends(source->name, MO_STR(".json"));
	struct mo_arena *arena = &p->ctx->session;
	const struct mo_data *d = json ? mo_data_read_json(arena, source, &error) : mo_data_read_yaml(arena, source, &error);
	if (!d) {
		mo_report(p->ctx->diags, json ? MSG_BAD_JSON : MSG_BAD_YAML, error.span, MO_STR_FMT, MO_STR_ARG(error.text));
	}
	return d;
}

static void
load_values(struct mo_program *p, struct mo_str file)
{
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	enum mo_source_error e = mo_source_read(p->ctx->sources, file, file, MO_SOURCE_DATA, &source, &bad);
	if (e != MO_SOURCE_OK) {
		mo_report_source_error(p->ctx->diags, e, file, MO_NOWHERE, source, bad);
		p->values_unread = true;
		return;
	}
	const struct mo_data *d = parse(p, source);
	p->values_unread = !d || (d->kind != MO_DATA_OBJECT && d->kind != MO_DATA_NULL);
	if (d && p->values_unread) {
		struct mo_diag *g = mo_report(p->ctx->diags, MSG_TYPE_MISMATCH, (struct mo_span){ d->span.start, d->span.start + 1 },
			"a file of values wants the names of inputs, each with its value");
		mo_diag_help(g, "write `name: value`");
	}
	for (uint32_t i = 0; d && i < d->members.len; i++) {
		give(p, d->members.items[i].key, d->members.items[i].key_span)->data = d->members.items[i].value;
	}
}

// ---- the command line ------------------------------------------------------------------------------------------------------------

// The text behind the equals sign as a source; it lies within the source of the whole definition.
static const struct mo_source *
value_of(struct mo_program *p, const struct mo_source *whole, size_t start)
{
	struct mo_source *part = mo_new(&p->ctx->session, struct mo_source);
	*part = *whole;
	part->text = mo_str_sub(whole->text, start, whole->text.len);
	part->base = whole->base + (uint32_t)start;
	return part;
}

static void
load_definition(struct mo_program *p, struct mo_definition d)
{
	struct mo_source *source = NULL;
	uint32_t bad = 0;
	struct mo_str text = mo_str_printf(&p->ctx->session, MO_STR_FMT "=" MO_STR_FMT, MO_STR_ARG(d.name), MO_STR_ARG(d.text));
	enum mo_source_error e = mo_source_add(p->ctx->sources, MO_STR("-D"), MO_STR(""), text, MO_SOURCE_DATA, &source, &bad);
	if (e != MO_SOURCE_OK) {
		mo_report_source_error(p->ctx->diags, e, MO_STR("-D"), MO_NOWHERE, source, bad);
		return;
	}
	struct mo_span name = { source->base, source->base + (uint32_t)d.name.len };
	give(p, mo_str_sub(source->text, 0, d.name.len), name)->text = value_of(p, source, d.name.len + 1);
}

void
mo_inputs_load(struct mo_program *p)
{
	if (p->options.values.len) {
		load_values(p, p->options.values);
	}
	for (uint32_t i = 0; i < p->options.definition_count; i++) {
		load_definition(p, p->options.definitions[i]);
	}
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static void
collect(struct mo_program *p, const struct mo_module *m)
{
	for (uint32_t i = 0; !m->library && m->scope && i < m->scope->symbols.len; i++) {
		struct mo_symbol *s = m->scope->symbols.items[i], *first;
		if (s->alias_of || !mo_is_program_input(s)) {
			continue;
		}
		first = mo_map_get(&p->inputs, s->name);
		if (first) {
			struct mo_str name = mo_atom_str(p->ctx->atoms, s->name);
			struct mo_diag *d = mo_report(p->ctx->diags, MSG_DUPLICATE_NAME, s->span, "the program has two inputs `" MO_STR_FMT "`",
				MO_STR_ARG(name));
			mo_diag_label(d, first->span, "the other one");
			mo_diag_help(d, "import it from the other file, or give one another name");
			continue;
		}
		mo_map_put(&p->ctx->session, &p->inputs, s->name, s);
		mo_push(&p->ctx->session, &p->input_list, s);
	}
}

static void
report_unknown(struct mo_program *p, struct mo_supplied *g)
{
	struct mo_diag *d = mo_report(p->ctx->diags, MSG_UNKNOWN_INPUT, g->name_span, "the program has no input `" MO_STR_FMT "`",
		MO_STR_ARG(g->name));
	struct mo_suggestion near = mo_suggest(g->name);
	for (uint32_t i = 0; i < p->input_list.len; i++) {
		mo_suggest_from(&near, mo_atom_str(p->ctx->atoms, p->input_list.items[i]->name));
	}
	mo_atom meant = near.best.len ? mo_atom_of(p->ctx->atoms, near.best) : 0;
	if (meant && !mo_input_supplied(p, meant)) { // what is meant is not missing as well
		mo_map_put(&p->ctx->session, &p->given_by_name, meant, mo_new(&p->ctx->session, struct mo_supplied));
	}
	if (!meant) {
		mo_diag_help(d, "inputs are declared at the top of a file: `input " MO_STR_FMT ": String`", MO_STR_ARG(g->name));
	} else if (g->text) { // the command line is nothing that a tool could correct
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	} else {
		mo_diag_suggest(d, g->name_span, &near);
	}
}

// What declares inputs may be in a file that could not be read.
static bool
is_whole(const struct mo_program *p, const struct mo_module *m)
{
	mo_nodes items = m->syntax && m->syntax->file ? m->syntax->file->items : (mo_nodes){ 0 };
	for (uint32_t i = 0; i < items.len; i++) {
		if (items.items[i]->kind == MO_IMPORT_NODE && !mo_map_get(&p->imports, (uint64_t)(uintptr_t)items.items[i])) {
			return false;
		}
	}
	return !m->unreadable && !m->scope->incomplete;
}

void
mo_inputs_bind(struct mo_program *p)
{
	bool whole = true;
	for (uint32_t i = 0; i < p->modules.len; i++) {
		collect(p, p->modules.items[i]);
		whole = is_whole(p, p->modules.items[i]) && whole;
	}
	for (uint32_t i = 0; i < p->given.len; i++) {
		struct mo_supplied *g = p->given.items[i];
		if (whole && !mo_map_get(&p->inputs, mo_atom_of(p->ctx->atoms, g->name))) {
			report_unknown(p, g);
		}
	}
}
