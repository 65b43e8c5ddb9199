// SPDX-License-Identifier: Apache-2.0
// Between templates, seen by a few files of eval/ only: a value of one stack that another one reads (link.c), how it is published
// (publish.c), and what is known of it before anything is deployed (elsewhere.c, physical.c).
#ifndef MO_EVAL_LINK_H
#define MO_EVAL_LINK_H

#include "eval/finish.h"
#include "lock/lock.h"

// A value of another stack.
struct mo_foreign {
	const struct mo_ir_value *value; // as the producer's template says it
	struct mo_resource *resource;    // the producer's own; NULL for parameters and pseudo parameters
	struct mo_resource *seen;        // as it is at `target`; the same unless `outside`
	struct mo_variant *producer;
	bool outside;                    // in another account or region
	struct mo_target target;         // of the producer, when outside
	struct mo_str slug, attribute;   // "main/subnet/private/0", "SubnetId"
	struct mo_str name;              // for messages: "main.subnet[\"private\", 0].SubnetId"
	struct mo_str type;              // of a parameter that takes one element: "AWS::EC2::Subnet::Id", "String"
	bool is_list;
	struct mo_span span;             // where it is read
};

// ---- eval/circular.c
bool mo_stack_is_circular(struct mo_eval *ev, struct mo_stack *s);

// ---- eval/link.c
// The resource of a template that has this logical ID; NULL when none has.
struct mo_resource *mo_link_resource(const struct mo_ir_template *t, struct mo_str id);
// The reader's stacks are deployed after the producer at the same target, or at `at`; `what` of it is read.
void mo_link_needs(struct mo_eval *ev, struct mo_variant *reader, struct mo_stack *producer, const struct mo_target *at, struct mo_span span,
	struct mo_str what);

// The same without waiting: of the producer only what it is called is read.
void mo_link_mentions(struct mo_eval *ev, struct mo_variant *reader, struct mo_stack *producer, const struct mo_target *at,
	struct mo_span span, struct mo_str what);

// ---- eval/stored.c
// Compares what templates read from the Systems Manager with what the program writes there: types, order, misspelt names.
void mo_stored_compare(struct mo_eval *ev);

// ---- eval/publish.c
enum mo_via { MO_VIA_SSM, MO_VIA_EXPORT, MO_VIA_STACK_OUTPUT };
// What @via says of a value, the innermost; SSM without one.
enum mo_via mo_via_of(struct mo_eval *ev, const struct mo_foreign *f);
// Makes the producer write the value, for the first reader; false when another value has the path already (reported).
bool mo_publish(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path, enum mo_via via);
// Whether a path is published in a way already.
bool mo_is_published(const struct mo_variant *producer, struct mo_str path, enum mo_via via);
// IDs and names of what is published, from its path: the output, the export.
struct mo_str mo_published_output(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path);
struct mo_str mo_published_export(struct mo_eval *ev, struct mo_str path);
// The ARN of the role that may read the outputs of the producer's stack at f->target, for a reader in another account.
struct mo_str mo_reader_role(struct mo_eval *ev, const struct mo_foreign *f, const struct mo_variant *reader);
bool mo_in_several_regions(struct mo_eval *ev, struct mo_stack *s); // of one account
// Adds the roles by which other accounts read outputs, once all readers are known.
void mo_publish_roles(struct mo_eval *ev);

// ---- eval/elsewhere.c
// The value as computed from names, with pseudo parameters for what differs from place to place; at f->target when outside, where nothing
// of it stays open. NULL when only a deployment can tell. `name`: an unnamed resource gets a name for it.
const struct mo_ir_value *mo_known_value(struct mo_eval *ev, const struct mo_foreign *f, bool name);

// ---- eval/physical.c
// Gives the resource a name of its own, made of its stack's and its path, in this property; NULL when it cannot be named so.
const struct mo_ir_value *mo_physical_name(struct mo_eval *ev, struct mo_resource *r, struct mo_str property, struct mo_span asked);

// Whether a property holds nothing but a name which the user may choose.
bool mo_is_name(const struct mo_resource *r, struct mo_str property);

// ---- eval/keep.c
// Notes what the lock file is to hold of a finished template: its resources with data, and those that had other IDs.
void mo_keep_resources(struct mo_eval *ev, struct mo_variant *v);
// Whether earlier builds said nothing of stacks.
bool mo_kept_is_empty(struct mo_eval *ev);
// Under which names the lock file has what is in the variant's stacks; none when it does not know them.
const mo_lock_names *mo_kept_members(struct mo_eval *ev, struct mo_variant *v);
// What the lock file says of a resource at some target of its stack; NULL: it is new. The fact's fields are those of facts.def.
const struct mo_lock_fact *mo_kept_before(struct mo_eval *ev, struct mo_variant *v, struct mo_str id);
// The same of the resource, under its logical ID or one that it had, in its stack or the one that it was in.
const struct mo_lock_fact *mo_kept_resource(struct mo_eval *ev, const struct mo_resource *r);
// The name that an earlier build computed for it, as the fact has it; NULL when it did not.
const struct mo_ir_value *mo_kept_name(struct mo_eval *ev, const struct mo_resource *r, const struct mo_lock_fact *f, struct mo_str property);
// Gives the names back that earlier builds have computed, before the template is finished: without them the resources would be replaced.
void mo_keep_names(struct mo_eval *ev, struct mo_variant *v);

// ---- eval/keep_published.c
// Notes for the lock file what is published, and since when nobody reads it (MO_IR_READ: somebody does).
void mo_publish_note(struct mo_eval *ev, const struct mo_foreign *f, struct mo_str path, enum mo_via via, struct mo_str since);
// Publishes what lost its last reader in this program, once all readers are known.
void mo_publish_kept(struct mo_eval *ev);
// Whether the stacks published anything in earlier builds.
bool mo_has_published_before(struct mo_eval *ev, struct mo_variant *v);

// ---- eval/template.c
// For a template that is not at hand.
const struct mo_ir_value *mo_finish_value_in(struct mo_eval *ev, struct mo_variant *v, const struct mo_ir_value *value);
struct mo_ir_condition *mo_finish_condition_in(struct mo_eval *ev, struct mo_variant *v, struct mo_ir_condition *c);

#endif
