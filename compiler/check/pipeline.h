// SPDX-License-Identifier: Apache-2.0
// A pipeline of CodePipeline as its checks see it, whoever wrote it: stages and actions in order, and what is known of them. What only
// CloudFormation knows is left out, and remembered as not known. Shared by the files that check pipelines.
#ifndef MO_CHECK_PIPELINE_H
#define MO_CHECK_PIPELINE_H

#include "check/check.h"

// A row of action_types.def.
struct mo_action_type {
	const char *category, *owner, *provider;
	uint32_t least_inputs, most_inputs, least_outputs, most_outputs;
	const char *needed, *more; // names of settings with blanks between; "*": any
};

struct mo_pipeline_action {
	const struct mo_ir_value *value;  // OBJECT
	struct mo_str name;               // empty: not known
	uint32_t stage;                   // its place in the pipeline
	int64_t order;                    // 0: not known
	bool maybe;                       // whether it is there is decided at deploy time
	const struct mo_action_type *type; // NULL: not known, or none of the table
	const struct mo_ir_value *settings; // OBJECT; NULL: none, or not known
	mo_ir_values inputs, outputs;     // names of artifacts
	bool whole;                       // all of both is known
	bool exact;                       // and there is no choice in them, so that they can be counted
};

struct mo_pipeline_stage {
	const struct mo_ir_value *value; // OBJECT
	struct mo_str name;
	bool maybe;
	uint32_t first, count; // its actions
	bool whole;            // all of its actions are known
};

struct mo_pipeline {
	struct mo_checker *c;
	const struct mo_ir_template *template;
	const struct mo_ir_resource *resource;
	struct mo_span place; // the user's line
	bool whole;           // all stages and actions are known
	MO_VEC(struct mo_pipeline_stage) stages;
	MO_VEC(struct mo_pipeline_action) actions;
};

// Reports about a value of an action: at the value when the user wrote it, else at the action's name, else at the pipeline, whose line is
// shown in any case. `a` and `v` may be NULL.
struct mo_diag *mo_pipeline_report(struct mo_pipeline *p, enum mo_message message, const struct mo_pipeline_action *a,
	const struct mo_ir_value *v, const char *fmt, ...) __attribute__((format(printf, 5, 6)));
// Where that is.
struct mo_span mo_pipeline_place(struct mo_pipeline *p, const struct mo_pipeline_action *a, const struct mo_ir_value *v);

// How an action is called in messages: "`Deploy`", "an action of stage `Prod`".
struct mo_str mo_pipeline_called(struct mo_pipeline *p, const struct mo_pipeline_action *a);
// Whether `a` is over before `b` starts. Where an order is not known, it may be.
bool mo_pipeline_before(const struct mo_pipeline_action *a, const struct mo_pipeline_action *b);
// A setting of the action; NULL when there is none.
const struct mo_ir_value *mo_pipeline_setting(const struct mo_pipeline_action *a, const char *name);
// The text of a value; empty when it is not known.
struct mo_str mo_pipeline_text(const struct mo_ir_value *v);

// The row of the table for a type; NULL. `category` in any case.
const struct mo_action_type *mo_action_type_find(struct mo_str category, struct mo_str owner, struct mo_str provider);
extern const struct mo_action_type mo_action_types[];
extern const uint32_t mo_action_type_count;

// Each checks one side of a pipeline.
void mo_pipeline_check_stages(struct mo_pipeline *p);    // how many, sources first, names
void mo_pipeline_check_artifacts(struct mo_pipeline *p); // who makes and who reads
void mo_pipeline_check_settings(struct mo_pipeline *p);  // kinds of actions, their settings and numbers of artifacts
void mo_pipeline_check_changes(struct mo_pipeline *p);   // change sets
void mo_pipeline_check_regions(struct mo_pipeline *p);   // regions of actions and stores

#endif
