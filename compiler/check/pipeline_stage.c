// SPDX-License-Identifier: Apache-2.0
// Stages of a pipeline: how many there are, that sources come first and alone, and how stages and actions are called.
// CodePipeline User Guide, "CodePipeline pipeline structure reference" and "Quotas in AWS CodePipeline".
#include "check/pipeline.h"

#include "catalog/limits.h"

enum { LEAST_STAGES = 2, LONGEST_NAME = 100 };

static bool
is_source(const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *id = mo_ir_get(a->value, MO_STR("ActionTypeId"));
	return id && id->kind == MO_IR_OBJECT && mo_str_is(mo_pipeline_text(mo_ir_get(id, MO_STR("Category"))), "Source");
}

static bool
has_known_category(const struct mo_pipeline_action *a)
{
	const struct mo_ir_value *id = mo_ir_get(a->value, MO_STR("ActionTypeId"));
	return id && id->kind == MO_IR_OBJECT && mo_pipeline_text(mo_ir_get(id, MO_STR("Category"))).len > 0;
}

static void
check_sources(struct mo_pipeline *p)
{
	for (uint32_t i = 0; i < p->actions.len; i++) {
		const struct mo_pipeline_action *a = &p->actions.items[i];
		struct mo_str called = mo_pipeline_called(p, a);
		if (!has_known_category(a) || is_source(a) == (a->stage == 0)) {
			continue;
		}
		if (a->stage > 0) {
			struct mo_diag *d = mo_pipeline_report(p, MSG_PIPELINE_STAGES, a, NULL, MO_STR_FMT " is a source, in stage %u of the pipeline",
				MO_STR_ARG(called), a->stage + 1);
			mo_diag_help(d, "sources belong into the first stage");
		} else {
			struct mo_diag *d = mo_pipeline_report(p, MSG_PIPELINE_STAGES, a, NULL, MO_STR_FMT " is in the first stage and no source",
				MO_STR_ARG(called));
			mo_diag_help(d, "the first stage has sources only; give it a stage of its own");
		}
	}
}

static void
check_counts(struct mo_pipeline *p)
{
	if (p->whole && p->stages.len < LEAST_STAGES) {
		mo_pipeline_report(p, MSG_PIPELINE_STAGES, NULL, mo_ir_get(p->resource->properties, MO_STR("Stages")),
			"a pipeline has at least %d stages, this one has %u", LEAST_STAGES, p->stages.len);
	}
	uint32_t stages = 0, actions = 0;
	uint32_t most_stages = mo_limits[MO_LIMIT_PIPELINE_STAGES].most, most_actions = mo_limits[MO_LIMIT_PIPELINE_ACTIONS].most;
	uint32_t most_of_stage = mo_limits[MO_LIMIT_STAGE_ACTIONS].most;
	for (uint32_t i = 0; i < p->stages.len; i++) {
		const struct mo_pipeline_stage *s = &p->stages.items[i];
		stages += !s->maybe;
		actions += s->maybe ? 0 : s->count;
		if (s->whole && s->count == 0) {
			mo_pipeline_report(p, MSG_PIPELINE_STAGES, NULL, mo_ir_get(s->value, MO_STR("Name")), "stage `" MO_STR_FMT "` has no action",
				MO_STR_ARG(s->name));
		}
		if (s->count > most_of_stage) {
			mo_pipeline_report(p, MSG_PIPELINE_STAGES, NULL, mo_ir_get(s->value, MO_STR("Name")),
				"stage `" MO_STR_FMT "` has %u actions, a stage takes %u", MO_STR_ARG(s->name), s->count, most_of_stage);
		}
	}
	if (stages > most_stages || actions > most_actions) {
		mo_pipeline_report(p, MSG_PIPELINE_STAGES, NULL, NULL, "a pipeline takes %u stages and %u actions, this one has %u and %u", most_stages,
			most_actions, stages, actions);
	}
}

// ---- names -----------------------------------------------------------------------------------------------------------------------

static bool
is_alphanumeric(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') || (ch >= '0' && ch <= '9');
}

// `others` are characters beside letters and digits.
static void
check_name(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *v, const char *what, const char *others)
{
	struct mo_str name = mo_pipeline_text(v), more = mo_str_c(others);
	if (!v || v->kind != MO_IR_STRING) {
		return;
	}
	if (name.len == 0 || name.len > LONGEST_NAME) {
		mo_pipeline_report(p, MSG_PIPELINE_NAMES, a, v, "the name of %s has 1 to %d characters, this one %zu", what, LONGEST_NAME, name.len);
		return;
	}
	for (size_t i = 0; i < name.len; i++) {
		struct mo_str one = mo_str_sub(name, i, i + 1);
		if (!is_alphanumeric(name.p[i]) && mo_str_find(more, one, 0) < 0) {
			struct mo_diag *d = mo_pipeline_report(p, MSG_PIPELINE_NAMES, a, v, "`" MO_STR_FMT "` cannot be the name of %s", MO_STR_ARG(name),
				what);
			mo_diag_note(d, "it takes letters, digits and any of `%s`", others);
			return;
		}
	}
}

static void
check_letters(struct mo_pipeline *p)
{
	for (uint32_t i = 0; i < p->stages.len; i++) {
		check_name(p, NULL, mo_ir_get(p->stages.items[i].value, MO_STR("Name")), "a stage", ".@-_");
	}
	for (uint32_t i = 0; i < p->actions.len; i++) {
		const struct mo_pipeline_action *a = &p->actions.items[i];
		check_name(p, a, mo_ir_get(a->value, MO_STR("Name")), "an action", ".@-_");
		check_name(p, a, mo_ir_get(a->value, MO_STR("Namespace")), "a namespace", "@-_");
		for (uint32_t k = 0; k < a->outputs.len; k++) {
			check_name(p, a, a->outputs.items[k], "an artifact", "-_");
		}
	}
}

// Reports the second of two that are there for certain.
static void
check_stage_twice(struct mo_pipeline *p, uint32_t at)
{
	const struct mo_pipeline_stage *s = &p->stages.items[at];
	for (uint32_t i = 0; i < at && s->name.len && !s->maybe; i++) {
		const struct mo_pipeline_stage *before = &p->stages.items[i];
		if (!before->maybe && mo_str_eq(before->name, s->name)) {
			mo_pipeline_report(p, MSG_PIPELINE_NAMES, NULL, mo_ir_get(s->value, MO_STR("Name")), "two stages are called `" MO_STR_FMT "`",
				MO_STR_ARG(s->name));
			return;
		}
	}
}

static void
check_action_twice(struct mo_pipeline *p, uint32_t at)
{
	const struct mo_pipeline_action *a = &p->actions.items[at];
	const struct mo_pipeline_stage *s = &p->stages.items[a->stage];
	for (uint32_t i = s->first; i < at && a->name.len && !a->maybe; i++) {
		const struct mo_pipeline_action *before = &p->actions.items[i];
		if (!before->maybe && mo_str_eq(before->name, a->name)) {
			mo_pipeline_report(p, MSG_PIPELINE_NAMES, a, NULL, "two actions of stage `" MO_STR_FMT "` are called `" MO_STR_FMT "`",
				MO_STR_ARG(s->name), MO_STR_ARG(a->name));
			return;
		}
	}
}

static void
check_twice(struct mo_pipeline *p)
{
	for (uint32_t i = 0; i < p->stages.len; i++) {
		check_stage_twice(p, i);
	}
	for (uint32_t i = 0; i < p->actions.len; i++) {
		check_action_twice(p, i);
	}
}

void
mo_pipeline_check_stages(struct mo_pipeline *p)
{
	check_counts(p);
	check_sources(p);
	check_letters(p);
	check_twice(p);
}
