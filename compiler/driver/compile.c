// SPDX-License-Identifier: Apache-2.0
// The commands `build` and `check`: run the pipeline, report, write.
#include "diag/render.h"
#include "driver/deliver.h"
#include "driver/pipeline.h"
#include "driver/run.h"
#include "driver/stdlib.h"
#include "driver/version.h" // generated
#include "emitters/output.h"
#include "lock/lock.h"

#include <unistd.h>

enum { MOST_FOR_PEOPLE = 20 }; // errors shown unless --max-errors says otherwise

static struct mo_str
text_or(const struct mo_run *run, enum mo_option_id option, struct mo_str otherwise)
{
	const struct mo_option_value *v = &run->line.options[option];
	return v->given ? v->text : otherwise;
}

static uint32_t
number_or(const struct mo_run *run, enum mo_option_id option, uint32_t otherwise)
{
	const struct mo_option_value *v = &run->line.options[option];
	return v->given ? v->number : otherwise;
}

void
mo_run_render(struct mo_run *run)
{
	uint32_t renderer = number_or(run, MO_OPTION_DIAGNOSTICS, MO_RENDER_HUMAN), when = number_or(run, MO_OPTION_COLOR, MO_WHEN_AUTO);
	struct mo_render_options options = {
		.colour = when == MO_WHEN_ALWAYS || (when == MO_WHEN_AUTO && run->colour),
		.most = number_or(run, MO_OPTION_MAX_ERRORS, renderer == MO_RENDER_HUMAN ? MOST_FOR_PEOPLE : 0),
		.program = "mlopsc",
		.version = MO_VERSION,
	};
	mo_diags_finish(run->ctx->diags);
	mo_renderers[renderer].render(&run->err, run->ctx->sources, run->ctx->diags, &options);
}

// Mistakes in the program are one thing; that the compiler could not get at it, or not write the result, is another.
enum mo_exit
mo_run_exit_code(const struct mo_diags *diags)
{
	bool io = false;
	for (uint32_t i = 0; i < diags->items.len; i++) {
		const struct mo_diag *d = diags->items.items[i];
		bool unreachable = d->message == MSG_CANNOT_READ || d->message == MSG_NOT_A_FILE || d->message == MSG_NO_MAIN;
		if (d->severity == MO_ERROR && !(unreachable && mo_span_is_nowhere(d->span))) {
			return MO_EXIT_ERRORS;
		}
		io |= d->severity == MO_ERROR;
	}
	return io ? MO_EXIT_FAILED : MO_EXIT_DONE;
}

static void
add_count(struct mo_buf *out, uint32_t count, const char *what)
{
	mo_buf_printf(out, "%u %s%s", count, what, count == 1 ? "" : "s");
}

static uint32_t
resource_count(const struct mo_ir_platform *platform)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		const struct mo_ir_template *t = platform->templates.items[i];
		for (uint32_t k = 0; k < t->resources.len; k++) {
			count += !t->resources.items[k]->existing;
		}
		const struct mo_ir_value *added = mo_ir_added(t, "Resources");
		count += added ? added->members.len : 0;
	}
	for (uint32_t i = 0; i < platform->rendered.len; i++) {
		count += platform->rendered.items[i]->rendered->resources;
	}
	return count;
}

static uint32_t
raw_count(const struct mo_ir_platform *platform)
{
	uint32_t count = 0;
	for (uint32_t i = 0; i < platform->templates.len; i++) {
		count += platform->templates.items[i]->raw.len;
	}
	return count;
}

// The one line that is said when all went well; other programs (--diagnostics) get none.
static void
summarize(struct mo_run *run, const struct mo_pipeline *p, const char *done, struct mo_str where)
{
	if (number_or(run, MO_OPTION_DIAGNOSTICS, MO_RENDER_HUMAN) != MO_RENDER_HUMAN) {
		return;
	}
	struct mo_buf *err = &run->err;
	mo_buf_printf(err, "%s `" MO_STR_FMT "`: ", done, MO_STR_ARG(where));
	add_count(err, p->platform->stacks.len, "stack");
	mo_buf_adds(err, ", ");
	add_count(err, p->platform->templates.len + p->platform->rendered.len, "template");
	mo_buf_adds(err, ", ");
	add_count(err, resource_count(p->platform), "resource");
	uint32_t raw = raw_count(p->platform);
	if (raw) { // nothing checks what is in there as closely as the rest
		mo_buf_printf(err, ", %u use%s of `raw`", raw, raw == 1 ? "" : "s");
	}
	uint32_t moves = 0;
	for (uint32_t i = 0; i < p->files.files.len; i++) {
		moves += mo_str_starts(p->files.files.items[i].name, MO_STR("refactor/"));
	}
	if (moves) {
		mo_buf_printf(err, "; resources move: before deploying, give each file of refactor/ to `aws cloudformation create-stack-refactor "
			"--cli-input-json`");
	}
	mo_buf_addc(err, '\n');
}

static enum mo_exit
write_files(struct mo_run *run, struct mo_pipeline *p)
{
	struct mo_str folder = text_or(run, MO_OPTION_OUT, MO_STR("mlops.out"));
	const struct mo_option_value *depfile = &run->line.options[MO_OPTION_DEPFILE];
	bool written = mo_output_write(run->ctx, &p->files, folder, p->program->root) == MO_OUTPUT_WRITTEN;
	written = written && mo_lock_write(run->ctx->lock);
	written = written && (!depfile->given || mo_deliver_depfile(run->ctx, p->platform, depfile->text, folder));
	mo_run_render(run);
	if (!written) {
		return MO_EXIT_FAILED;
	}
	summarize(run, p, "wrote", folder);
	return MO_EXIT_DONE;
}

static enum mo_exit
deliver(struct mo_run *run, struct mo_pipeline *p)
{
	struct mo_str error, hint;
	if (!run->line.options[MO_OPTION_STDOUT].given) {
		return write_files(run, p);
	}
	mo_run_render(run);
	return mo_deliver_stdout(run, p, &error, &hint) ? MO_EXIT_DONE : mo_run_wrong_usage(run, error, hint);
}

static bool
options_fit(struct mo_run *run, struct mo_str *error)
{
	const struct mo_option_value *values = &run->line.options[MO_OPTION_VALUES];
	if (mo_str_is(run->line.operand, "-") && values->given && mo_str_is(values->text, "-")) {
		*error = MO_STR("standard input can be the program or the values, not both");
		return false;
	}
	return mo_deliver_options_fit(run, error);
}

// How many processes may work at a time; none where more of a template is wanted than its text.
static uint32_t
jobs_of(const struct mo_run *run, bool write)
{
	static const enum mo_option_id whole[] = { MO_OPTION_STDOUT, MO_OPTION_PLATFORM_JSON, MO_OPTION_SOURCE_MAP, MO_OPTION_STOP_AFTER };
	for (size_t i = 0; write && i < sizeof(whole) / sizeof(*whole); i++) {
		if (run->line.options[whole[i]].given) {
			return 0;
		}
	}
	long processors = sysconf(_SC_NPROCESSORS_ONLN);
	return number_or(run, MO_OPTION_JOBS, processors > 0 ? (uint32_t)processors : 1);
}

static enum mo_exit
compile(struct mo_run *run, bool write)
{
	struct mo_str path = run->line.operand.len ? run->line.operand : MO_STR(".");
	struct mo_pipeline p = {
		.load = { .path = path, .stdlib = text_or(run, MO_OPTION_STDLIB, MO_STR("")), .library = mo_stdlib,
			.values = text_or(run, MO_OPTION_VALUES, MO_STR("")), .definitions = run->line.definitions.items,
			.definition_count = run->line.definitions.len },
		.stop_after = (enum mo_phase)number_or(run, MO_OPTION_STOP_AFTER, MO_PHASES),
		.output.format = (enum mo_format)number_or(run, MO_OPTION_FORMAT, MO_FORMAT_JSON),
		.output.platform_json = run->line.options[MO_OPTION_PLATFORM_JSON].given,
		.output.source_map = run->line.options[MO_OPTION_SOURCE_MAP].given,
		.lock = text_or(run, MO_OPTION_LOCK, MO_STR("")),
		.locked = run->line.options[MO_OPTION_LOCKED].given,
		.jobs = jobs_of(run, write),
		.dump = write ? &run->out : NULL,
	};
	bool whole = mo_pipeline_run(run->ctx, &p);
	if (whole && write) {
		return deliver(run, &p);
	}
	mo_run_render(run);
	if (whole) {
		summarize(run, &p, "checked", path);
	} else if (p.stop_after == MO_PHASES && run->ctx->diags->errors == 0) {
		return MO_EXIT_FAILED; // a phase gave up without a word: never a success
	}
	return mo_run_exit_code(run->ctx->diags);
}

enum mo_exit
mo_command_build(struct mo_run *run)
{
	struct mo_str error;
	return options_fit(run, &error) ? compile(run, true) : mo_run_wrong_usage(run, error, MO_STR("try `mlopsc help build`"));
}

enum mo_exit
mo_command_check(struct mo_run *run)
{
	struct mo_str error;
	return options_fit(run, &error) ? compile(run, false) : mo_run_wrong_usage(run, error, MO_STR("try `mlopsc help check`"));
}
