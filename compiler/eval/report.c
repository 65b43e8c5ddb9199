// SPDX-License-Identifier: Apache-2.0
// Reporting from evaluation. Errors belong to the file that the user can edit: what goes wrong inside a component of the library is
// shown at the instance that the user declared, with the library's line as a second place.
#include "eval/instance.h"

#include <stdarg.h>

// Data files and the user's program stay where they are.
static void
relocate(struct mo_eval *ev, struct mo_diag *d, const struct mo_instance *i)
{
	if (!i || mo_span_is_nowhere(i->origin) || !mo_in_library(ev, d->span)) {
		return;
	}
	struct mo_span there = d->span;
	d->span = i->origin;
	if (i->path.len) {
		mo_diag_label(d, there, "in instance `" MO_STR_FMT "`, here", MO_STR_ARG(i->path));
	} else {
		mo_diag_label(d, there, "here");
	}
	d->fixes.len = 0; // they would change the library
}

void
mo_relocate(struct mo_eval *ev, uint32_t from, const struct mo_instance *i)
{
	struct mo_diags *diags = ev->ctx->diags;
	for (uint32_t k = from; k < diags->items.len; k++) {
		relocate(ev, diags->items.items[k], i);
	}
}

struct mo_diag *
mo_eval_report(struct mo_eval *ev, const struct mo_instance *i, enum mo_message message, struct mo_span span, const char *fmt, ...)
{
	va_list args;
	va_start(args, fmt);
	struct mo_str text = mo_str_vprintf(ev->arena, fmt, args);
	va_end(args);
	struct mo_diag *d = mo_report(ev->ctx->diags, message, span, MO_STR_FMT, MO_STR_ARG(text));
	relocate(ev, d, i);
	return d;
}

const struct mo_value *
mo_needs_compile_time(struct mo_eval *ev, const struct mo_value *v, struct mo_span span, const char *what)
{
	if (mo_is_error(v)) {
		return mo_error_value();
	}
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_DEPLOY_TIME, span, "%s must be known at compile time", what);
	mo_diag_here(d, "known only at deploy time");
	if (v->kind == MO_VALUE_DEPLOY && !mo_span_is_nowhere(v->span) && v->span.start != span.start) {
		mo_diag_label(d, v->span, "comes from here");
	}
	mo_diag_help(d, "take it from a `let`, an `input`, an account or a data file instead");
	return mo_error_value();
}

const struct mo_value *
mo_cannot_compute(struct mo_eval *ev, struct mo_span span, const struct mo_value *v, const char *what, const char *instead)
{
	struct mo_diag *d = mo_report(ev->ctx->diags, MSG_CANNOT_COMPUTE, span, "CloudFormation cannot compute %s", what);
	mo_diag_here(d, "needs a value that is known only at deploy time");
	if (v && !mo_span_is_nowhere(v->span) && (v->span.start != span.start || v->span.end != span.end)) {
		mo_diag_label(d, v->span, "known only at deploy time");
	}
	if (instead) {
		mo_diag_help(d, "%s", instead);
	}
	return mo_error_value();
}

const struct mo_value *
mo_not_supported(struct mo_eval *ev, struct mo_span span, const char *what)
{
	mo_report(ev->ctx->diags, MSG_NOT_SUPPORTED_YET, span, "%s cannot be translated by this version", what);
	return mo_error_value();
}
