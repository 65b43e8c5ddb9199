// SPDX-License-Identifier: Apache-2.0
// Artifacts of a pipeline: each is made by one action, and read only by actions that run after it.
// CodePipeline User Guide, "CodePipeline pipeline structure reference".
#include "check/pipeline.h"

#include <inttypes.h>

static struct mo_str
artifact_name(struct mo_pipeline *p, const struct mo_ir_value *v)
{
	return v->kind == MO_IR_STRING ? mo_str_printf(p->c->arena, "`" MO_STR_FMT "`", MO_STR_ARG(v->text)) : MO_STR("this artifact");
}

static bool
makes(const struct mo_pipeline_action *a, const struct mo_ir_value *artifact)
{
	for (uint32_t i = 0; i < a->outputs.len; i++) {
		if (mo_ir_equal(a->outputs.items[i], artifact)) {
			return true;
		}
	}
	return false;
}

// Names that only CloudFormation knows may be that of anything.
static bool
all_makers_known(const struct mo_pipeline *p)
{
	bool known = p->whole;
	for (uint32_t i = 0; i < p->actions.len; i++) {
		known = known && p->actions.items[i].whole;
		for (uint32_t k = 0; k < p->actions.items[i].outputs.len; k++) {
			known = known && p->actions.items[i].outputs.items[k]->kind == MO_IR_STRING;
		}
	}
	return known;
}

static void
report_nobody(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *artifact)
{
	struct mo_str called = mo_pipeline_called(p, a), name = artifact_name(p, artifact);
	struct mo_diag *d = mo_pipeline_report(p, MSG_ARTIFACT_NOT_MADE, a, artifact, MO_STR_FMT " reads the artifact " MO_STR_FMT
		", which no action makes", MO_STR_ARG(called), MO_STR_ARG(name));
	struct mo_suggestion near = mo_suggest(artifact->text);
	for (uint32_t i = 0; i < p->actions.len; i++) {
		for (uint32_t k = 0; k < p->actions.items[i].outputs.len; k++) {
			mo_suggest_from(&near, mo_pipeline_text(p->actions.items[i].outputs.items[k]));
		}
	}
	if (near.best.len) {
		mo_diag_help(d, "did you mean `" MO_STR_FMT "`?", MO_STR_ARG(near.best));
	}
}

static void
report_too_early(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *artifact,
	const struct mo_pipeline_action *maker)
{
	struct mo_str called = mo_pipeline_called(p, a), name = artifact_name(p, artifact), other = mo_pipeline_called(p, maker);
	const struct mo_pipeline_stage *s = &p->stages.items[maker->stage];
	struct mo_diag *d = mo_pipeline_report(p, MSG_ARTIFACT_NOT_MADE, a, artifact, MO_STR_FMT " reads the artifact " MO_STR_FMT
		" before " MO_STR_FMT " makes it", MO_STR_ARG(called), MO_STR_ARG(name), MO_STR_ARG(other));
	struct mo_span there = mo_pipeline_place(p, maker, NULL);
	if (there.start != p->place.start) {
		mo_diag_label(d, there, "made here");
	}
	if (maker->stage == a->stage) {
		mo_diag_note(d, "in stage `" MO_STR_FMT "`, it runs as number %" PRId64 ", what makes the artifact as number %" PRId64,
			MO_STR_ARG(s->name), a->order, maker->order);
		mo_diag_help(d, "give it a `RunOrder` of at least %" PRId64, maker->order + 1);
	} else {
		mo_diag_note(d, "it is made in stage `" MO_STR_FMT "`, which comes later", MO_STR_ARG(s->name));
	}
}

static void
check_input(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *artifact, bool all_known)
{
	const struct mo_pipeline_action *maker = NULL;
	for (uint32_t i = 0; i < p->actions.len; i++) {
		const struct mo_pipeline_action *m = &p->actions.items[i];
		bool good = makes(m, artifact);
		if (good && mo_pipeline_before(m, a)) {
			return;
		}
		maker = good && !maker ? m : maker;
	}
	if (maker == a) {
		struct mo_str name = artifact_name(p, artifact);
		mo_pipeline_report(p, MSG_ARTIFACT_NOT_MADE, a, artifact, "an action cannot read the artifact that it makes itself, " MO_STR_FMT,
			MO_STR_ARG(name));
	} else if (maker) {
		report_too_early(p, a, artifact, maker);
	} else if (all_known && artifact->kind == MO_IR_STRING) {
		report_nobody(p, a, artifact);
	}
}

static void
check_made_once(struct mo_pipeline *p, uint32_t at)
{
	const struct mo_pipeline_action *a = &p->actions.items[at];
	for (uint32_t k = 0; k < a->outputs.len && !a->maybe; k++) {
		const struct mo_ir_value *artifact = a->outputs.items[k];
		for (uint32_t i = 0; i < at; i++) {
			const struct mo_pipeline_action *before = &p->actions.items[i];
			if (before->maybe || !makes(before, artifact)) {
				continue;
			}
			struct mo_str called = mo_pipeline_called(p, a), other = mo_pipeline_called(p, before), name = artifact_name(p, artifact);
			struct mo_diag *d = mo_pipeline_report(p, MSG_ARTIFACT_MADE_TWICE, a, artifact, MO_STR_FMT " makes the artifact " MO_STR_FMT
				", and so does " MO_STR_FMT, MO_STR_ARG(called), MO_STR_ARG(name), MO_STR_ARG(other));
			struct mo_span there = mo_pipeline_place(p, before, NULL);
			if (there.start != p->place.start) {
				mo_diag_label(d, there, "the other one");
			}
			break;
		}
	}
}

void
mo_pipeline_check_artifacts(struct mo_pipeline *p)
{
	bool all_known = all_makers_known(p);
	for (uint32_t i = 0; i < p->actions.len; i++) {
		const struct mo_pipeline_action *a = &p->actions.items[i];
		check_made_once(p, i);
		for (uint32_t k = 0; k < a->inputs.len; k++) {
			check_input(p, a, a->inputs.items[k], all_known);
		}
	}
}
