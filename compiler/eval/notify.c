// SPDX-License-Identifier: Apache-2.0
// @notify: the topics that are told of a stack's events. Whoever deploys the stack names them by ARN, so these must be known now: written,
// or computed for a topic of another stack that has a name.
#include "eval/link.h"

static void
report_unknown(struct mo_eval *ev, const struct mo_value *v, struct mo_span span)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_DEPLOY_TIME, span, "the ARN of the topic must be known before the stack is deployed");
	const struct mo_resource *r = v->kind == MO_VALUE_RESOURCE ? mo_resource_of(v->resource) : NULL;
	if (r) {
		mo_diag_label(d, r->ir.origin.span, "declared here, without a `TopicName`");
		mo_diag_help(d, r->ir.existing ? "write its `TopicArn`" : "give the topic a `TopicName`, and its ARN can be computed");
	}
}

static const struct mo_value *
arn_of(struct mo_eval *ev, const struct mo_deployment *d, const struct mo_value *v, struct mo_span span)
{
	if (v->kind != MO_VALUE_RESOURCE) {
		return mo_settle(ev, &d->target, v);
	}
	struct mo_resource *r = mo_resource_of(v->resource);
	if (r->ir.existing) {
		const struct mo_value *arn = mo_resource_written(ev, r, MO_STR("TopicArn"), span);
		return arn ? mo_settle(ev, &d->target, arn) : v;
	}
	const struct mo_ir_value *known = mo_known_elsewhere(ev, r, MO_STR("Ref"), span);
	if (known) {
		struct mo_variant *there = r->instance->variant;
		bool here = mo_target_equal(&there->target, &d->target);
		mo_link_needs(ev, d->variant, there->stack, here ? NULL : &there->target, span, r->ir.origin.path); // so that it is there
	}
	return known ? mo_value_of_ir(ev->arena, known) : v;
}

static void
add_topic(struct mo_eval *ev, struct mo_deployment *d, const struct mo_value *v, struct mo_span span)
{
	if (v->kind == MO_VALUE_LIST || v->kind == MO_VALUE_FAMILY) {
		const struct mo_value *list = v->kind == MO_VALUE_FAMILY ? mo_family_value(ev, v) : v;
		for (uint32_t i = 0; list->kind == MO_VALUE_LIST && i < list->items.len; i++) {
			if (list->items.items[i]->kind != MO_VALUE_LIST) {
				add_topic(ev, d, list->items.items[i], span);
			}
		}
		return;
	}
	if (mo_is_error(v) || mo_is_none(v)) {
		return;
	}
	const struct mo_value *arn = arn_of(ev, d, v, span);
	if (arn->kind != MO_VALUE_STRING) {
		report_unknown(ev, v, span);
	} else if (!mo_str_starts(arn->text, MO_STR("arn:")) || mo_str_find(arn->text, MO_STR(":sns:"), 0) < 0) {
		mo_report(ev->ctx->diags, MSG_TYPE_MISMATCH, span, "`@notify` wants the ARN of an SNS topic, this is `" MO_STR_FMT "`", MO_STR_ARG(arn->text));
	} else {
		mo_push(ev->arena, &d->ir->notification_arns, arn->text);
	}
}

void
mo_notify_topics(struct mo_eval *ev, struct mo_frame *naming, struct mo_deployment *d)
{
	struct mo_decorator_node *n = mo_decorator_find(ev, d->stack->item, "notify");
	for (uint32_t i = 0; n && i < n->args.len; i++) {
		struct mo_node *value = mo_decorator_argument(ev, n, i, NULL);
		if (value) {
			add_topic(ev, d, mo_eval_expr(ev, naming, value, NULL), value->span);
		}
	}
}
