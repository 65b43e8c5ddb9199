// SPDX-License-Identifier: Apache-2.0
// What actions are, by the table of action types: whether there is such a kind, how many artifacts it reads and makes, which settings it
// has. Settings that hold the name of an artifact or of a namespace must name one of the pipeline.
#include "check/pipeline.h"

#include "catalog/limits.h"

#include <string.h>

const struct mo_action_type mo_action_types[] = {
#define MO_ACTION(category, owner, provider, least_in, most_in, least_out, most_out, needed, more) \
	{ category, owner, provider, least_in, most_in, least_out, most_out, needed, more },
#include "check/action_types.def"
#undef MO_ACTION
};
const uint32_t mo_action_type_count = sizeof(mo_action_types) / sizeof(*mo_action_types);

const struct mo_action_type *
mo_action_type_find(struct mo_str category, struct mo_str owner, struct mo_str provider)
{
	for (uint32_t i = 0; i < mo_action_type_count; i++) {
		const struct mo_action_type *t = &mo_action_types[i];
		if (mo_str_is(category, t->category) && mo_str_is(owner, t->owner) && mo_str_is(provider, t->provider)) {
			return t;
		}
	}
	return NULL;
}

// ---- kinds -----------------------------------------------------------------------------------------------------------------------

// An owner and provider that exist, in another category or under another owner.
static const struct mo_action_type *
nearly(struct mo_str category, struct mo_str provider)
{
	const struct mo_action_type *best = NULL;
	for (uint32_t i = 0; i < mo_action_type_count; i++) {
		const struct mo_action_type *t = &mo_action_types[i];
		bool same = mo_str_is(provider, t->provider);
		best = same && (!best || mo_str_is(category, t->category)) ? t : best;
	}
	return best;
}

static void
check_kind(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *id = mo_ir_get(a->value, MO_STR("ActionTypeId"));
	const struct mo_ir_value *of = id && id->kind == MO_IR_OBJECT ? mo_ir_get(id, MO_STR("Provider")) : NULL;
	struct mo_str category = mo_pipeline_text(of ? mo_ir_get(id, MO_STR("Category")) : NULL), provider = mo_pipeline_text(of);
	struct mo_str owner = mo_pipeline_text(of ? mo_ir_get(id, MO_STR("Owner")) : NULL);
	if (a->type || !category.len || !provider.len || !owner.len || mo_str_is(owner, "Custom")) {
		return;
	}
	const struct mo_action_type *near = nearly(category, provider);
	if (!near && mo_str_is(owner, "ThirdParty")) {
		return; // partners add kinds of their own
	}
	struct mo_diag *d = mo_pipeline_report(p, MSG_UNKNOWN_ACTION_TYPE, a, of, "there is no `" MO_STR_FMT "` action of the provider `"
		MO_STR_FMT "`, owned by `" MO_STR_FMT "`", MO_STR_ARG(category), MO_STR_ARG(provider), MO_STR_ARG(owner));
	struct mo_suggestion name = mo_suggest(provider);
	if (near) {
		mo_diag_help(d, "`%s` is of the category `%s`, owned by `%s`", near->provider, near->category, near->owner);
		return;
	}
	for (uint32_t i = 0; i < mo_action_type_count; i++) {
		if (mo_str_is(category, mo_action_types[i].category)) {
			mo_suggest_from(&name, mo_str_c(mo_action_types[i].provider));
		}
	}
	if (name.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(name.best));
	}
}

static struct mo_str
range_text(struct mo_pipeline *p, uint32_t least, uint32_t most)
{
	if (most == 0) {
		return MO_STR("none");
	}
	return least == most ? mo_str_printf(p->c->arena, "%u", most) : mo_str_printf(p->c->arena, "%u to %u", least, most);
}

static void
check_count(struct mo_pipeline *p, const struct mo_pipeline_action *a, const char *property, const char *do_it, uint32_t found, uint32_t least,
	uint32_t most)
{
	if (!a->exact || (found >= least && found <= most)) {
		return;
	}
	struct mo_str called = mo_pipeline_called(p, a), takes = range_text(p, least, most);
	struct mo_diag *d = mo_pipeline_report(p, MSG_ARTIFACT_COUNT, a, mo_ir_get(a->value, mo_str_c(property)),
		MO_STR_FMT " %ss %u artifact%s, `%s` actions of %s %s " MO_STR_FMT, MO_STR_ARG(called), do_it, found, found == 1 ? "" : "s",
		a->type->category, a->type->provider, do_it, MO_STR_ARG(takes));
	mo_diag_note(d, "CodePipeline User Guide, \"Valid input and output artifacts for each action type\"");
}

// ---- names of settings -----------------------------------------------------------------------------------------------------------

// Calls `each` for every word of a list with blanks between; stops when it gives true, and gives that.
static bool
any_word(const char *list, bool (*each)(void *data, struct mo_str word), void *data)
{
	struct mo_str rest = mo_str_c(list);
	for (size_t i = 0; i < rest.len;) {
		ptrdiff_t blank = mo_str_find(rest, MO_STR(" "), i);
		size_t end = blank < 0 ? rest.len : (size_t)blank;
		if (each(data, mo_str_sub(rest, i, end))) {
			return true;
		}
		i = end + 1;
	}
	return false;
}

static bool
is_word(void *data, struct mo_str word)
{
	return mo_str_eq(*(struct mo_str *)data, word);
}

static bool
suggest_word(void *data, struct mo_str word)
{
	mo_suggest_from(data, word);
	return false;
}

static void
check_known(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	for (uint32_t i = 0; i < a->settings->members.len; i++) {
		struct mo_ir_member m = a->settings->members.items[i];
		if (any_word(a->type->needed, is_word, &m.key) || any_word(a->type->more, is_word, &m.key)) {
			continue;
		}
		struct mo_ir_value at = { .kind = MO_IR_NULL, .span = m.key_span };
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, &at, "`%s` actions of %s have no setting `" MO_STR_FMT "`",
			a->type->category, a->type->provider, MO_STR_ARG(m.key));
		struct mo_suggestion near = mo_suggest(m.key);
		any_word(a->type->needed, suggest_word, &near);
		any_word(a->type->more, suggest_word, &near);
		if (near.best.len) {
			mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
		}
	}
}

struct missing {
	struct mo_pipeline *p;
	const struct mo_pipeline_action *a;
	const char *when; // "", or why it is needed
};

static bool
report_missing(void *data, struct mo_str word)
{
	struct missing *m = data;
	const struct mo_ir_value *v = m->a->settings ? mo_ir_get(m->a->settings, word) : NULL;
	if (!v) {
		struct mo_str called = mo_pipeline_called(m->p, m->a);
		struct mo_diag *d = mo_pipeline_report(m->p, MSG_ACTION_SETTING, m->a, mo_ir_get(m->a->value, MO_STR("Configuration")),
			MO_STR_FMT " lacks the setting `" MO_STR_FMT "`", MO_STR_ARG(called), MO_STR_ARG(word));
		mo_diag_note(d, "`%s` actions of %s need it%s", m->a->type->category, m->a->type->provider, m->when);
	}
	return false;
}

// What a CloudFormation action needs follows from what it does.
static const char *
needed_by_mode(struct mo_str mode)
{
	static const struct { const char *mode, *needs; } modes[] = {
		{ "CREATE_UPDATE", "TemplatePath RoleArn" },
		{ "REPLACE_ON_FAILURE", "TemplatePath RoleArn" },
		{ "CHANGE_SET_REPLACE", "ChangeSetName TemplatePath RoleArn" },
		{ "CHANGE_SET_EXECUTE", "ChangeSetName" },
		{ "DELETE_ONLY", "RoleArn" },
	};
	for (size_t i = 0; i < sizeof(modes) / sizeof(*modes); i++) {
		if (mo_str_is(mode, modes[i].mode)) {
			return modes[i].needs;
		}
	}
	return NULL;
}

static void
check_mode(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *v = mo_pipeline_setting(a, "ActionMode");
	struct mo_str mode = mo_pipeline_text(v);
	const char *needs = needed_by_mode(mode);
	if (!mode.len || strcmp(a->type->provider, "CloudFormation") != 0) {
		return;
	}
	if (!needs) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, v, "`" MO_STR_FMT "` is no mode of CloudFormation actions",
			MO_STR_ARG(mode));
		mo_diag_help(d, "they are CREATE_UPDATE, REPLACE_ON_FAILURE, CHANGE_SET_REPLACE, CHANGE_SET_EXECUTE and DELETE_ONLY");
		return;
	}
	struct missing m = { p, a, mo_str_printf(p->c->arena, " in the mode " MO_STR_FMT, MO_STR_ARG(mode)).p };
	any_word(needs, report_missing, &m);
}

// ---- values of settings ----------------------------------------------------------------------------------------------------------

static bool
reads(const struct mo_pipeline_action *a, struct mo_str artifact)
{
	for (uint32_t i = 0; i < a->inputs.len; i++) {
		const struct mo_ir_value *v = a->inputs.items[i];
		if (v->kind != MO_IR_STRING || mo_str_eq(v->text, artifact)) {
			return true;
		}
	}
	return !a->whole;
}

// "ARTIFACT::FILE".
static void
check_file(struct mo_pipeline *p, const struct mo_pipeline_action *a, const char *setting)
{
	const struct mo_ir_value *v = mo_pipeline_setting(a, setting);
	struct mo_str text = v && v->kind == MO_IR_SUB && v->items.len ? mo_pipeline_text(v->items.items[0]) : mo_pipeline_text(v);
	ptrdiff_t colons = mo_str_find(text, MO_STR("::"), 0);
	struct mo_str called = mo_pipeline_called(p, a);
	if (v && v->kind == MO_IR_STRING && colons <= 0) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, v, "`%s` names a file of an artifact, and `" MO_STR_FMT
			"` names no artifact", setting, MO_STR_ARG(text));
		mo_diag_help(d, "write `ARTIFACT::FILE`");
	} else if (colons > 0 && !reads(a, mo_str_sub(text, 0, (size_t)colons))) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, v, "`%s` is in the artifact `" MO_STR_FMT "`, which " MO_STR_FMT
			" does not read", setting, MO_STR_ARG(mo_str_sub(text, 0, (size_t)colons)), MO_STR_ARG(called));
		mo_diag_help(d, "add it to `InputArtifacts`");
	}
}

static void
check_primary(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *v = mo_pipeline_setting(a, "PrimarySource");
	struct mo_str called = mo_pipeline_called(p, a);
	if (strcmp(a->type->provider, "CodeBuild") != 0) {
		return;
	}
	if (!v && a->exact && a->inputs.len > 1) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, mo_ir_get(a->value, MO_STR("InputArtifacts")), MO_STR_FMT
			" reads %u artifacts and does not say which one has the buildspec", MO_STR_ARG(called), a->inputs.len);
		mo_diag_help(d, "name it: `PrimarySource: \"…\"`");
	} else if (v && v->kind == MO_IR_STRING && !reads(a, v->text)) {
		mo_pipeline_report(p, MSG_ACTION_SETTING, a, v, "`PrimarySource` is the artifact `" MO_STR_FMT "`, which " MO_STR_FMT " does not read",
			MO_STR_ARG(v->text), MO_STR_ARG(called));
	}
}

static void
check_length(struct mo_pipeline *p, const struct mo_pipeline_action *a, const char *setting)
{
	const struct mo_ir_value *v = mo_pipeline_setting(a, setting);
	const struct mo_limit *limit = &mo_limits[MO_LIMIT_ACTION_SETTING];
	size_t length = mo_str_columns(mo_pipeline_text(v));
	if (length > limit->most) {
		struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, v, "`%s` has %zu characters, it takes %u", setting, length,
			limit->most);
		mo_diag_note(d, "%s", limit->source);
	}
}

static bool
is_namespace(const struct mo_pipeline *p, struct mo_str name)
{
	bool known = p->whole && !mo_str_is(name, "codepipeline") && !mo_str_is(name, "variables");
	for (uint32_t i = 0; i < p->actions.len && known; i++) {
		const struct mo_ir_value *v = mo_ir_get(p->actions.items[i].value, MO_STR("Namespace"));
		known = !v || (v->kind == MO_IR_STRING && !mo_str_eq(v->text, name));
	}
	return !known;
}

// Names in front of the dot of `#{NAMESPACE.VARIABLE}`.
static void
check_variables(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *v)
{
	struct mo_str text = mo_pipeline_text(v);
	for (ptrdiff_t at = mo_str_find(text, MO_STR("#{"), 0); at >= 0; at = mo_str_find(text, MO_STR("#{"), (size_t)at + 2)) {
		ptrdiff_t dot = mo_str_find(text, MO_STR("."), (size_t)at), end = mo_str_find(text, MO_STR("}"), (size_t)at);
		struct mo_str name = mo_str_sub(text, (size_t)at + 2, dot < 0 ? text.len : (size_t)dot);
		if (dot > 0 && dot < end && !is_namespace(p, name)) {
			struct mo_diag *d = mo_pipeline_report(p, MSG_ACTION_SETTING, a, v, "no action of the pipeline has the namespace `" MO_STR_FMT "`",
				MO_STR_ARG(name));
			mo_diag_help(d, "give the action that makes the variable `Namespace: \"" MO_STR_FMT "\"`", MO_STR_ARG(name));
			return;
		}
	}
}

// ---- all of it -------------------------------------------------------------------------------------------------------------------

static void
check_settings(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *v = mo_ir_get(a->value, MO_STR("Configuration"));
	struct missing m = { p, a, "" };
	if (a->settings && strcmp(a->type->needed, "*") != 0) {
		check_known(p, a);
	}
	if ((a->settings || !v) && strcmp(a->type->needed, "*") != 0) {
		any_word(a->type->needed, report_missing, &m);
	}
	check_mode(p, a);
	check_file(p, a, "TemplatePath");
	check_file(p, a, "TemplateConfiguration");
	check_primary(p, a);
	check_length(p, a, "ParameterOverrides");
	check_length(p, a, "UserParameters");
}

void
mo_pipeline_check_settings(struct mo_pipeline *p)
{
	for (uint32_t i = 0; i < p->actions.len; i++) {
		const struct mo_pipeline_action *a = &p->actions.items[i];
		check_kind(p, a);
		if (a->type) {
			check_count(p, a, "InputArtifacts", "read", a->inputs.len, a->type->least_inputs, a->type->most_inputs);
			check_count(p, a, "OutputArtifacts", "make", a->outputs.len, a->type->least_outputs, a->type->most_outputs);
			check_settings(p, a);
		}
		for (uint32_t k = 0; a->settings && k < a->settings->members.len; k++) {
			check_variables(p, a, a->settings->members.items[k].value);
		}
	}
}
