// SPDX-License-Identifier: Apache-2.0
// The part of eval/instance.h about templates as things: launched by others, nested, taken from files, and where their files are.
#ifndef MO_EVAL_LAUNCH_H
#define MO_EVAL_LAUNCH_H

#include "eval/instance.h"

// ---- eval/asset.c
// The record of where an asset is: bucket, key, url, s3_uri. `home`: the bucket that it is to be in; NULL: where the template has its files.
const struct mo_value *mo_asset_places(struct mo_eval *ev, const struct mo_ir_asset *asset, struct mo_resource *home, struct mo_span span);

// ---- eval/home.c
// Where a template has its files: in `bucket`; without one in that of `assets:`, else in the bootstrap's. NULL after a report. The same
// for `images`, whose bucket is a repository, without `assets:`.
const struct mo_home *mo_home_of(struct mo_eval *ev, struct mo_variant *v, struct mo_resource *bucket, bool images, struct mo_span span);
// What the bucket is called at a target; empty when that is not known after all.
struct mo_str mo_home_name_at(struct mo_eval *ev, const struct mo_home *home, const struct mo_target *t);

// ---- eval/publication.c
// Once templates are made: which stack publishes the files of templates that others launch, and that it does so in time.
void mo_publications_place(struct mo_eval *ev);
// ---- eval/home_policy.c
// Reports a bucket that whoever launches the template cannot read, or that files cannot be published to.
void mo_home_check_policy(struct mo_eval *ev, const struct mo_stack *template, const struct mo_home *home, const struct mo_target *t);

// ---- eval/take.c
// Takes a template over from a file, with what a stack made from it gives for its parameters.
void mo_template_take(struct mo_eval *ev, struct mo_variant *v, const struct mo_symbol *template);

// ---- eval/nested.c
// The properties of a nested stack: where its template is, and values for its parameters.
void mo_nested_evaluate(struct mo_eval *ev, struct mo_resource *r);
// An output of a nested stack, or all of them; NULL when its template has none of this name.
const struct mo_value *mo_nested_member(struct mo_eval *ev, struct mo_resource *r, struct mo_name name);
// The stack waits for what the template of a nested one reads.
void mo_nested_wait(struct mo_eval *ev, struct mo_variant *v, const struct mo_variant *nested, struct mo_span span);
// Once templates are finished: stacks wait for what their nested ones read, and hold only what is for their accounts.
void mo_nested_check(struct mo_eval *ev);

// ---- eval/waves.c
// The stacks at targets in groups: each is deployed after the groups before it.
const struct mo_value *mo_waves(struct mo_eval *ev, const struct mo_value *stacks, struct mo_span span);

// ---- eval/launch.c
// Evaluates a template that others launch, once for each of the accounts that it is for.
void mo_template_evaluate(struct mo_eval *ev, struct mo_stack *s);
// One template for everybody, its file and who it is for.
void mo_template_make(struct mo_eval *ev, struct mo_stack *s);
// Whether whoever launches the template has the stack in his account; reported, once for each of the two, when not.
bool mo_audience_holds(struct mo_eval *ev, struct mo_stack *template, struct mo_stack *s, struct mo_span span);
// The template itself; NULL after a report.
struct mo_variant *mo_template_variant(struct mo_eval *ev, struct mo_stack *s);
// The parameter that a template's own `param` of this name is; NULL when there is none.
struct mo_ir_param *mo_template_param(struct mo_eval *ev, const struct mo_variant *v, struct mo_str name);
// A new name for the file of a template, whose .template has to be set once it is known.
struct mo_ir_asset *mo_template_file_asset(struct mo_eval *ev, struct mo_str name);
// The template as a file that is published with the stacks that use it.
const struct mo_ir_asset *mo_template_asset(struct mo_eval *ev, struct mo_stack *s);
// The same in YAML, as SageMaker reads it to make projects; from then on the template is one that SageMaker launches, too.
const struct mo_ir_asset *mo_template_project(struct mo_eval *ev, struct mo_stack *s);
struct mo_str mo_template_path(struct mo_eval *ev, const struct mo_stack *s); // "templates/basic": its file, without its ending
const struct mo_value *mo_template_member(struct mo_eval *ev, const struct mo_value *template, struct mo_name name);

#endif
