// SPDX-License-Identifier: Apache-2.0
// Stacks with many targets that do not agree: every target has a template of its own, and all of them together would not fit into memory.
// Where nothing else in the program needs to see such a template, it is finished, checked and rendered as soon as it is evaluated, by
// worker processes that take some targets each and end. A worker starts as a copy of this process, so it knows everything that was
// evaluated so far; what it makes goes with it, but for a record in a file in memory: the rendered bytes, what was asked of the target, and
// names that must be unique. Whatever is not plain (a message, a file read, a value for another stack) makes the worker give up, and then
// all is done again in this process, where it has its usual course. The result is the same for any number of workers, and without them.
#include "eval/workers.h"

#include "eval/link.h"
#include "eval/range.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum {
	FEWEST = 24,     // targets that are worth the effort
	TRIED = 4,       // templates that are evaluated here first: as a rule a few serve all targets
	SMALLEST = 12, LARGEST = 192, // targets of one worker
	MOST_JOBS = 64,
};

struct batch {
	struct mo_deployment **deployments;
	uint32_t count;
	int file;
	pid_t worker;
};

struct crowd {
	struct mo_eval *ev;
	struct mo_stack *stack;
	MO_VEC(struct batch) batches;
	uint32_t started, ended;
};

// ---- records ---------------------------------------------------------------------------------------------------------------------

static void
put_raw(struct mo_buf *b, const void *p, size_t size)
{
	mo_buf_add(b, (struct mo_str){ p, size });
}

static void
put_number(struct mo_buf *b, uint32_t n)
{
	put_raw(b, &n, sizeof(n));
}

static void
put_text(struct mo_buf *b, struct mo_str s)
{
	put_number(b, (uint32_t)s.len);
	mo_buf_add(b, s);
}

struct cursor {
	const char *p;
};

static void
take_raw(struct cursor *c, void *to, size_t size)
{
	memcpy(to, c->p, size);
	c->p += size;
}

static uint32_t
take_number(struct cursor *c)
{
	uint32_t n;
	take_raw(c, &n, sizeof(n));
	return n;
}

// Points into the record.
static struct mo_str
take_text(struct cursor *c)
{
	uint32_t len = take_number(c);
	struct mo_str s = { c->p, len };
	c->p += len;
	return s;
}

static void
put_named(struct mo_buf *b, const struct mo_ir_resource *r)
{
	put_text(b, r->type);
	put_text(b, r->origin.path);
	put_raw(b, &r->origin.span, sizeof(r->origin.span));
	put_raw(b, &r->origin.definition, sizeof(r->origin.definition));
	put_raw(b, &r->catalog, sizeof(r->catalog));
	put_number(b, r->properties->members.len);
	for (uint32_t i = 0; i < r->properties->members.len; i++) {
		const struct mo_ir_member *m = &r->properties->members.items[i];
		put_text(b, m->key);
		put_raw(b, &m->value->span, sizeof(m->value->span));
		put_text(b, m->value->text);
	}
}

static struct mo_ir_resource *
take_named(struct mo_arena *a, struct cursor *c)
{
	struct mo_ir_resource *r = mo_new(a, struct mo_ir_resource);
	r->type = take_text(c);
	r->origin.path = take_text(c);
	take_raw(c, &r->origin.span, sizeof(r->origin.span));
	take_raw(c, &r->origin.definition, sizeof(r->origin.definition));
	take_raw(c, &r->catalog, sizeof(r->catalog));
	r->properties = mo_ir_object(a, r->origin.span);
	for (uint32_t i = take_number(c); i > 0; i--) {
		struct mo_str key = take_text(c);
		struct mo_span span;
		take_raw(c, &span, sizeof(span));
		mo_ir_set(a, r->properties, key, span, mo_ir_string(a, span, take_text(c)));
	}
	return r;
}

static void
put_kept(struct mo_buf *b, const struct mo_ir_kept *k)
{
	put_raw(b, k, sizeof(*k)); // its numbers; texts follow
	put_text(b, k->id);
	put_text(b, k->type);
	put_text(b, k->path);
	put_text(b, k->first_id);
	for (uint32_t i = 0; i < k->settings.len; i++) {
		put_raw(b, &k->settings.items[i].span, sizeof(k->settings.items[i].span));
		put_text(b, k->settings.items[i].property);
		put_text(b, k->settings.items[i].text);
	}
}

static struct mo_ir_kept *
take_kept(struct mo_arena *a, struct cursor *c)
{
	struct mo_ir_kept *k = mo_new(a, struct mo_ir_kept);
	take_raw(c, k, sizeof(*k));
	k->id = take_text(c);
	k->type = take_text(c);
	k->path = take_text(c);
	k->first_id = take_text(c);
	uint32_t settings = k->settings.len;
	memset(&k->settings, 0, sizeof(k->settings));
	for (uint32_t i = 0; i < settings; i++) {
		struct mo_ir_setting s = { 0 };
		take_raw(c, &s.span, sizeof(s.span));
		s.property = take_text(c);
		s.text = take_text(c);
		mo_push(a, &k->settings, s);
	}
	return k;
}

static void
put_rendered(struct mo_buf *b, const struct mo_ir_rendered *r)
{
	put_text(b, r->bytes[0]);
	put_text(b, r->bytes[1]);
	put_text(b, r->digest);
	put_number(b, r->resources);
	put_number(b, r->named.len);
	for (uint32_t i = 0; i < r->named.len; i++) {
		put_named(b, r->named.items[i]);
	}
	put_number(b, r->kept.len);
	for (uint32_t i = 0; i < r->kept.len; i++) {
		put_kept(b, r->kept.items[i]);
	}
}

static struct mo_ir_rendered *
take_rendered(struct mo_arena *a, struct cursor *c)
{
	struct mo_ir_rendered *r = mo_new(a, struct mo_ir_rendered);
	r->bytes[0] = take_text(c);
	r->bytes[1] = take_text(c);
	r->digest = take_text(c);
	r->resources = take_number(c);
	for (uint32_t i = take_number(c); i > 0; i--) {
		mo_push(a, &r->named, take_named(a, c));
	}
	for (uint32_t i = take_number(c); i > 0; i--) {
		mo_push(a, &r->kept, take_kept(a, c));
	}
	return r;
}

// ---- in a worker -----------------------------------------------------------------------------------------------------------------

// How much there was before: what grows is seen by other parts of the program, which a worker cannot tell.
struct seen {
	uint32_t diags, sources, grants, stored, defaults, packed, plans, variants;
};

static struct seen
look(struct mo_eval *ev, const struct mo_stack *s)
{
	const struct mo_evaluator *e = ev->evaluator;
	uint32_t variants = 0;
	for (uint32_t i = 0; i < e->stacks.len; i++) {
		const struct mo_stack *o = e->stacks.items[i];
		variants += o == s ? 0 : o->variants.len + o->shadows.len;
	}
	return (struct seen){ ev->ctx->diags->items.len, mo_source_count(ev->ctx->sources), e->grants.len, e->stored.len,
		e->defaults_taken.len, ev->program->packed.len, e->plans_told_apart, variants };
}

static bool
is_plain_read(const struct mo_read *r)
{
	return r->kind == MO_READ_FIELD || r->kind == MO_READ_LABEL || r->kind == MO_READ_LABELS || r->kind == MO_READ_WHOLE
	       || r->kind == MO_READ_NAME || r->kind == MO_READ_TAGS;
}

// Whether nothing of the template is of interest to others.
static bool
is_plain(const struct mo_variant *v)
{
	const struct mo_ir_template *t = v->template;
	bool plain = !v->file && !v->names_files && !v->producers.len && !v->readers.len && !v->published.len && !v->imported.len && !v->stored.len && !t->assets.len && !v->homed.len && !t->raw.len
		     && !v->stack->shadows.len;
	for (uint32_t i = 0; plain && i < v->reads.len; i++) {
		plain = is_plain_read(&v->reads.items[i]);
	}
	for (uint32_t i = 0; plain && i < t->kept.len; i++) {
		plain = mo_span_is_nowhere(t->kept.items[i]->renamed);
	}
	for (uint32_t i = 0; plain && i < t->resources.len; i++) {
		plain = !mo_resource_of(t->resources.items[i])->nested && !mo_str_starts(t->resources.items[i]->type, MO_STR("AWS::ServiceCatalog::"));
	}
	return plain;
}

static bool
render(struct mo_eval *ev, struct mo_variant *v, struct mo_ir_rendered *out)
{
	mo_grants_check_trust(ev, v);
	mo_variant_finish(ev, v);
	for (uint32_t i = 0; i < v->template->resources.len; i++) {
		out->resources += !v->template->resources.items[i]->existing;
	}
	mo_keep_resources(ev, v);
	out->kept.items = v->template->kept.items;
	out->kept.len = v->template->kept.len;
	return !ev->failed && is_plain(v) && !mo_has_published_before(ev, v) && ev->workers->render(ev->workers->data, v->template, out);
}

struct made {
	struct mo_variant *variant;
	struct mo_ir_rendered rendered;
	MO_VEC(uint32_t) deployments;
};

static bool
write_all(int file, struct mo_str bytes)
{
	while (bytes.len) {
		ssize_t n = write(file, bytes.p, bytes.len);
		if (n < 0 && errno != EINTR) {
			return false;
		}
		bytes = mo_str_sub(bytes, n > 0 ? (size_t)n : 0, bytes.len);
	}
	return true;
}

static bool
write_record(struct mo_eval *ev, struct mo_buf *b, const struct made *m, int file)
{
	b->len = 0;
	put_number(b, m->deployments.len);
	for (uint32_t i = 0; i < m->deployments.len; i++) {
		put_number(b, m->deployments.items[i]);
	}
	put_number(b, m->variant->reads.len);
	for (uint32_t i = 0; i < m->variant->reads.len; i++) {
		struct mo_read r = m->variant->reads.items[i];
		r.target = (struct mo_target){ 0 }; // is of plain reads no part
		put_raw(b, &r, sizeof(r));
	}
	put_rendered(b, &m->rendered);
	return !ev->failed && write_all(file, mo_buf_str(b));
}

// What cidr_plan gave in this process. False when it differs from target to target.
static bool
write_ranges(struct mo_eval *ev, struct mo_buf *b, uint32_t before, int file)
{
	const mo_lock_facts *all = ev->ctx->lock ? &ev->ctx->lock->after.facts[MO_LOCK_RANGE] : NULL;
	uint32_t count = all ? all->len - before : 0;
	b->len = 0;
	put_number(b, count);
	for (uint32_t i = 0; i < count; i++) {
		const struct mo_lock_fact *f = &all->items[before + i];
		for (uint32_t k = 0; k < mo_lock_rows[MO_LOCK_RANGE].fields; k++) {
			put_text(b, f->fields[k]);
		}
	}
	return mo_ranges_agree(ev->ctx->lock) && write_all(file, mo_buf_str(b));
}

// Evaluates the batch; false when something is not plain.
static bool
work(struct mo_eval *ev, struct mo_stack *s, const struct batch *batch)
{
	struct seen before = look(ev, s);
	uint32_t ranges = ev->ctx->lock ? ev->ctx->lock->after.facts[MO_LOCK_RANGE].len : 0;
	struct mo_map known = { 0 };
	struct mo_buf buffer = mo_buf_in(ev->arena);
	MO_VEC(struct made *) all = { 0 };
	for (uint32_t i = 0; i < batch->count; i++) {
		struct mo_variant *v = mo_variant_of(ev, batch->deployments[i], s->span);
		struct made *m = v ? mo_map_get(&known, MO_KEY(v)) : NULL;
		if (v && !m) {
			mo_variant_complete(ev, v);
			m = mo_new(ev->arena, struct made);
			m->variant = v;
			mo_map_put(ev->arena, &known, MO_KEY(v), m);
			mo_push(ev->arena, &all, m);
		}
		if (!m || (!m->rendered.resources && !m->rendered.digest.len && !render(ev, v, &m->rendered))) {
			return false;
		}
		mo_push(ev->arena, &m->deployments, i);
	}
	bool good = write_all(batch->file, (struct mo_str){ (const char *)&all.len, sizeof(all.len) });
	for (uint32_t i = 0; good && i < all.len; i++) {
		good = write_record(ev, &buffer, all.items[i], batch->file);
	}
	good = good && write_ranges(ev, &buffer, ranges, batch->file);
	struct seen after = look(ev, s);
	return good && memcmp(&before, &after, sizeof(before)) == 0;
}

static void __attribute__((noreturn))
be_worker(struct mo_eval *ev, struct mo_stack *s, const struct batch *batch)
{
	jmp_buf exhausted;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	signal(SIGINT, SIG_DFL);
	signal(SIGTERM, SIG_DFL);
	ev->ctx->mem.on_exhausted = &exhausted;
	if (setjmp(exhausted)) {
		_exit(2);
	}
	_exit(work(ev, s, batch) ? 0 : 1);
}

// ---- in this process -------------------------------------------------------------------------------------------------------------

static bool
start(struct crowd *c, struct batch *b)
{
	b->file = memfd_create("mlopsc", MFD_CLOEXEC);
	b->worker = b->file < 0 ? -1 : fork();
	if (b->worker == 0) {
		be_worker(c->ev, c->stack, b);
	}
	c->started += b->worker > 0;
	return b->worker > 0;
}

static bool
await(struct batch *b)
{
	int status = 0;
	pid_t ended;
	do {
		ended = waitpid(b->worker, &status, 0);
	} while (ended < 0 && errno == EINTR);
	return ended == b->worker && WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

static bool
run(struct crowd *c)
{
	uint32_t jobs = c->ev->workers->jobs < MOST_JOBS ? c->ev->workers->jobs : MOST_JOBS;
	bool good = true;
	for (uint32_t i = 0; good && i < c->batches.len; i++) {
		if (i >= jobs) {
			good = await(&c->batches.items[c->ended++]);
		}
		good = good && start(c, &c->batches.items[i]);
	}
	while (good && c->ended < c->started) {
		good = await(&c->batches.items[c->ended++]);
	}
	for (uint32_t i = c->ended; i < c->started; i++) { // one gave up: the others work for nothing
		kill(c->batches.items[i].worker, SIGKILL);
		await(&c->batches.items[i]);
	}
	return good;
}

// A record, mapped for as long as the platform lives.
struct mapping {
	struct mo_arena_cleanup cleanup; // first
	void *bytes;
	size_t size;
};

static void
unmap(struct mo_arena_cleanup *cleanup)
{
	struct mapping *m = (struct mapping *)(void *)cleanup;
	munmap(m->bytes, m->size);
}

static const char *
map(struct mo_eval *ev, int file)
{
	struct stat is;
	struct mapping *m = mo_new(ev->arena, struct mapping);
	if (fstat(file, &is) != 0 || is.st_size == 0) {
		return NULL;
	}
	m->size = (size_t)is.st_size;
	m->bytes = mmap(NULL, m->size, PROT_READ, MAP_SHARED, file, 0);
	if (m->bytes == MAP_FAILED) {
		return NULL;
	}
	mo_arena_on_free(ev->arena, &m->cleanup, unmap);
	return m->bytes;
}

static void
take_variant(struct crowd *c, const struct batch *b, struct cursor *at)
{
	struct mo_eval *ev = c->ev;
	MO_VEC(struct mo_deployment *) deployments = { 0 };
	MO_VEC(struct mo_read) reads = { 0 };
	for (uint32_t i = take_number(at); i > 0; i--) {
		mo_push(ev->arena, &deployments, b->deployments[take_number(at)]);
	}
	for (uint32_t i = take_number(at); i > 0; i--) {
		struct mo_read r;
		take_raw(at, &r, sizeof(r));
		mo_push(ev->arena, &reads, r);
	}
	struct mo_ir_rendered *rendered = take_rendered(ev->arena, at);
	mo_variant_take(ev, deployments.items, deployments.len, reads.items, reads.len, rendered);
}

static bool
take_ranges(struct crowd *c, struct cursor *at)
{
	bool good = true;
	for (uint32_t n = take_number(at); n > 0; n--) {
		struct mo_str fields[MO_LOCK_MOST_FIELDS];
		for (uint32_t k = 0; k < mo_lock_rows[MO_LOCK_RANGE].fields; k++) {
			fields[k] = take_text(at);
		}
		good = mo_range_take(c->ev->ctx->lock, fields) && good;
	}
	return good;
}

static bool
take_all(struct crowd *c)
{
	mo_variants_reset(c->stack);
	for (uint32_t i = 0; i < c->batches.len; i++) {
		struct cursor at = { map(c->ev, c->batches.items[i].file) };
		for (uint32_t n = at.p ? take_number(&at) : 0; n > 0; n--) {
			take_variant(c, &c->batches.items[i], &at);
		}
		if (!at.p || !take_ranges(c, &at)) {
			mo_variants_reset(c->stack);
			return false;
		}
	}
	return true;
}

static void
divide(struct crowd *c)
{
	uint32_t count = c->stack->deployments.len, jobs = c->ev->workers->jobs;
	uint32_t size = count / (jobs * 2) + 1;
	size = size < SMALLEST ? SMALLEST : size > LARGEST ? LARGEST : size;
	for (uint32_t i = 0; i < count; i += size) {
		struct batch b = { .deployments = c->stack->deployments.items + i, .count = count - i < size ? count - i : size, .file = -1 };
		mo_push(c->ev->arena, &c->batches, b);
	}
}

// Forms that look at templates from outside of their stack.
static bool
holds_others_say(const struct mo_program *p)
{
	for (uint32_t i = 0; i < p->modules.len; i++) {
		const struct mo_module *m = p->modules.items[i];
		mo_nodes items = !m->library && m->syntax && m->syntax->file ? m->syntax->file->items : (mo_nodes){ 0 };
		for (uint32_t k = 0; k < items.len; k++) {
			switch (items.items[k]->kind) {
			case MO_GRANT_NODE:
			case MO_DEFAULTS_NODE:
			case MO_OVERRIDE_NODE:
			case MO_RAW_NODE:
			case MO_RULE_NODE:
			case MO_TEST_NODE:
			case MO_TEMPLATE_NODE:
				return true;
			default:
				break;
			}
		}
	}
	return false;
}

// Whether a few templates do for all targets; what was evaluated to find out stays.
static bool
few_templates_do(struct mo_eval *ev, struct mo_stack *s)
{
	uint32_t missing = 0;
	for (uint32_t i = 0; i < s->deployments.len && missing < FEWEST; i++) {
		struct mo_deployment *d = s->deployments.items[i];
		if (!mo_variant_known(ev, d)) {
			missing++;
			if (missing <= TRIED) {
				struct mo_variant *v = mo_variant_of(ev, d, s->span);
				if (v) {
					mo_variant_complete(ev, v);
				}
			}
		}
	}
	return missing < FEWEST;
}

bool
mo_workers_evaluate(struct mo_eval *ev, struct mo_stack *s)
{
	struct crowd c = { .ev = ev, .stack = s };
	uint32_t diags = ev->ctx->diags->items.len, grants = ev->evaluator->grants.len;
	if (!ev->workers || !ev->workers->jobs || ev->round || s->deployments.len < FEWEST || s->declared->used || s->is_template || s->from
		|| !mo_ranges_agree(ev->ctx->lock) || holds_others_say(ev->program) || few_templates_do(ev, s)) {
		return false;
	}
	if (ev->failed || ev->ctx->diags->items.len > diags || ev->evaluator->grants.len > grants) {
		return false;
	}
	divide(&c);
	bool good = run(&c) && take_all(&c);
	for (uint32_t i = 0; i < c.batches.len; i++) {
		if (c.batches.items[i].file >= 0) {
			close(c.batches.items[i].file);
		}
	}
	return good;
}
