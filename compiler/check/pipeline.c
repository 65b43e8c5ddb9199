// SPDX-License-Identifier: Apache-2.0
// Reads the pipelines of templates into what their checks look at, and runs these. Of choices that CloudFormation makes both sides count,
// as something that may be there.
#include "check/checks.h"
#include "check/pipeline.h"

#include <stdarg.h>

// ---- reporting -------------------------------------------------------------------------------------------------------------------

// Whether the user wrote it: messages do not point into the library.
static bool
is_users(struct mo_pipeline *p, struct mo_span span)
{
	const struct mo_source *s = mo_span_is_nowhere(span) ? NULL : mo_source_at(p->c->ctx->sources, span.start);
	return s && s->kind != MO_SOURCE_LIBRARY;
}

struct mo_span
mo_pipeline_place(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *v)
{
	const struct mo_ir_value *name = a ? mo_ir_get(a->value, MO_STR("Name")) : NULL;
	return v && is_users(p, v->span) ? v->span : name && is_users(p, name->span) ? name->span : p->place;
}

struct mo_diag *
mo_pipeline_report(struct mo_pipeline *p, enum mo_message message, const struct mo_pipeline_action *a, const struct mo_ir_value *v,
	const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str text = mo_str_vprintf(p->c->arena, fmt, args);
	va_end(args);
	struct mo_span span = mo_pipeline_place(p, a, v);
	struct mo_diag *d = mo_report(p->c->diags, message, span, MO_STR_FMT, MO_STR_ARG(text));
	if (span.start < p->place.start || span.end > p->place.end) {
		mo_diag_label(d, p->place, "of this pipeline");
	}
	return d;
}

struct mo_str
mo_pipeline_called(struct mo_pipeline *p, const struct mo_pipeline_action *a)
{
	if (a->name.len) {
		return mo_str_printf(p->c->arena, "`" MO_STR_FMT "`", MO_STR_ARG(a->name));
	}
	struct mo_str stage = p->stages.items[a->stage].name;
	return stage.len ? mo_str_printf(p->c->arena, "an action of stage `" MO_STR_FMT "`", MO_STR_ARG(stage)) : MO_STR("an action");
}

// ---- values ----------------------------------------------------------------------------------------------------------------------

struct mo_str
mo_pipeline_text(const struct mo_ir_value *v)
{
	return v && v->kind == MO_IR_STRING ? v->text : (struct mo_str){ 0 };
}

const struct mo_ir_value *
mo_pipeline_setting(const struct mo_pipeline_action *a, const char *name)
{
	return a->settings ? mo_ir_get(a->settings, mo_str_c(name)) : NULL;
}

bool
mo_pipeline_before(const struct mo_pipeline_action *a, const struct mo_pipeline_action *b)
{
	bool open = a->order == 0 || b->order == 0;
	return a->stage < b->stage || (a->stage == b->stage && a != b && (open || a->order < b->order));
}

// ---- reading ---------------------------------------------------------------------------------------------------------------------

typedef void (*taker)(struct mo_pipeline *p, const struct mo_ir_value *v, bool maybe, void *into);

static bool
is_dropped(const struct mo_ir_value *v)
{
	return v->kind == MO_IR_PSEUDO && mo_str_is(v->text, "AWS::NoValue");
}

// Hands over every item that the list may have. False when there may be others.
static bool
take_each(struct mo_pipeline *p, const struct mo_ir_value *v, bool maybe, taker take, void *into, uint32_t depth)
{
	bool whole = true;
	if (!v || is_dropped(v)) {
		return true;
	}
	if (depth > MO_IR_DEEPEST) {
		return false;
	}
	if (v->kind == MO_IR_LIST) {
		for (uint32_t i = 0; i < v->items.len; i++) {
			whole = take_each(p, v->items.items[i], maybe, take, into, depth + 1) && whole;
		}
	} else if (v->kind == MO_IR_IF) {
		whole = take_each(p, v->then, true, take, into, depth + 1);
		whole = take_each(p, v->otherwise, true, take, into, depth + 1) && whole;
	} else if (v->kind == MO_IR_OBJECT) {
		take(p, v, maybe, into);
	} else {
		whole = false;
	}
	return whole;
}

static void
take_artifact(struct mo_pipeline *p, const struct mo_ir_value *v, bool maybe, void *into)
{
	const struct mo_ir_value *name = mo_ir_get(v, MO_STR("Name"));
	(void)maybe;
	if (name) {
		mo_push(p->c->arena, (mo_ir_values *)into, name);
	}
}

// A list in which everything is there for certain.
static bool
is_exact(const struct mo_ir_value *v)
{
	bool exact = !v || v->kind == MO_IR_LIST;
	for (uint32_t i = 0; v && v->kind == MO_IR_LIST && i < v->items.len; i++) {
		exact = exact && v->items.items[i]->kind == MO_IR_OBJECT;
	}
	return exact;
}

static int64_t
order_of(const struct mo_ir_value *action)
{
	const struct mo_ir_value *v = mo_ir_get(action, MO_STR("RunOrder"));
	return !v || is_dropped(v) ? 1 : v->kind == MO_IR_INT ? v->integer : 0;
}

static const struct mo_action_type *
type_of(const struct mo_ir_value *action)
{
	const struct mo_ir_value *id = mo_ir_get(action, MO_STR("ActionTypeId"));
	bool known = id && id->kind == MO_IR_OBJECT;
	return known ? mo_action_type_find(mo_pipeline_text(mo_ir_get(id, MO_STR("Category"))),
		mo_pipeline_text(mo_ir_get(id, MO_STR("Owner"))), mo_pipeline_text(mo_ir_get(id, MO_STR("Provider")))) : NULL;
}

static void
take_action(struct mo_pipeline *p, const struct mo_ir_value *v, bool maybe, void *into)
{
	struct mo_pipeline_stage *stage = into;
	const struct mo_ir_value *settings = mo_ir_get(v, MO_STR("Configuration"));
	const struct mo_ir_value *inputs = mo_ir_get(v, MO_STR("InputArtifacts")), *outputs = mo_ir_get(v, MO_STR("OutputArtifacts"));
	struct mo_pipeline_action a = {
		.value = v,
		.name = mo_pipeline_text(mo_ir_get(v, MO_STR("Name"))),
		.stage = p->stages.len - 1,
		.order = order_of(v),
		.maybe = maybe || stage->maybe,
		.type = type_of(v),
		.settings = settings && settings->kind == MO_IR_OBJECT ? settings : NULL,
	};
	a.whole = take_each(p, inputs, false, take_artifact, &a.inputs, 0);
	a.whole = take_each(p, outputs, false, take_artifact, &a.outputs, 0) && a.whole;
	a.exact = is_exact(inputs) && is_exact(outputs);
	mo_push(p->c->arena, &p->actions, a);
	stage->count++;
}

static void
take_stage(struct mo_pipeline *p, const struct mo_ir_value *v, bool maybe, void *into)
{
	struct mo_pipeline_stage stage = { .value = v, .name = mo_pipeline_text(mo_ir_get(v, MO_STR("Name"))), .maybe = maybe,
		.first = p->actions.len };
	const struct mo_ir_value *actions = mo_ir_get(v, MO_STR("Actions"));
	(void)into;
	mo_push(p->c->arena, &p->stages, stage);
	struct mo_pipeline_stage *at = &p->stages.items[p->stages.len - 1];
	at->whole = take_each(p, actions, false, take_action, at, 0);
	p->whole = p->whole && at->whole;
}

static void
check_pipeline(struct mo_checker *c, const struct mo_ir_template *t, const struct mo_ir_resource *r)
{
	struct mo_pipeline p = { .c = c, .template = t, .resource = r, .place = mo_check_place(r->origin, t->span), .whole = true };
	p.whole = take_each(&p, mo_ir_get(r->properties, MO_STR("Stages")), false, take_stage, NULL, 0) && p.whole;
	mo_pipeline_check_stages(&p);
	mo_pipeline_check_artifacts(&p);
	mo_pipeline_check_settings(&p);
	mo_pipeline_check_changes(&p);
	mo_pipeline_check_regions(&p);
}

void
mo_check_pipelines(struct mo_checker *c)
{
	for (uint32_t i = 0; i < c->platform->templates.len; i++) {
		const struct mo_ir_template *t = c->platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			const struct mo_ir_resource *r = t->resources.items[k];
			if (!r->existing && mo_str_is(r->type, "AWS::CodePipeline::Pipeline")) {
				check_pipeline(c, t, r);
			}
		}
	}
}
