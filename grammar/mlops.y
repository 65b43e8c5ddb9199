// SPDX-License-Identifier: Apache-2.0
// The grammar of the language. It takes tokens from compiler/syntax/layout.c, which owns the newline rule and hands out only balanced
// brackets, and gives the tree. Actions do nothing but call constructors (compiler/syntax/ast_build.h).
//
// Two rules keep it LALR(1) without conflicts for ever: no expression continues with `{`, and none with a name.
//
// Errors. Every `{ … }` form accepts `skipped` in place of one of its items, and nothing else does; so a mistake costs the smallest item
// in braces that holds it. What stands outside of parentheses and lists separates with NEWLINE and COMMA, inside of them with NEWLINE_IN
// and COMMA_IN, so that the parser never takes a comma of a call for the end of the item that it is skipping. Where a declaration's
// header is wrong but its block can be read, the layout sends RESUME before the block.
%code requires {
#include "syntax/parser.h"
}

%code {
#include "syntax/ast_build.h"

#define YYLLOC_DEFAULT(Current, Rhs, N) ((Current) = mo_span_of_parts((Rhs), (N)))
// The layout bounds what can be open (MO_PARSE_OPEN_TOKENS, MO_PARSE_DEPTH); each of it takes less than six places on the stack. The
// stack never grows, so that nothing is lost when running out of memory jumps out of an action.
#define YYINITDEPTH 6000
#define YYMAXDEPTH YYINITDEPTH

static void mo_yyerror(const MO_YYLTYPE *at, struct mo_parser *p, const char *text);
}

%define api.pure full
%define api.prefix {mo_yy}
%define api.token.prefix {MO_TOK_}
%define api.location.type {struct mo_span}
%define api.value.type {union mo_value}
%define parse.error custom
%define parse.lac full
%locations
%expect 0
%param {struct mo_parser *p}

%token END 0 "end of file"
%token NEWLINE NEWLINE_IN COMMA COMMA_IN RESUME
%token <name> IDENT TYPENAME
%token <token> INT FLOAT CIDR DURATION SIZE TEXT
%token STR_BEGIN STR_END INTERP_BEGIN INTERP_END
%token <name> IF THEN ELSE FOR IN MATCH TRUE FALSE NONE
%token <name> ACCOUNT ALLOW ASSERT COMPONENT DEFAULTS DENY EXISTING FN IMPORT INPUT LET NESTED OUTPUT OVERRIDE PARAM PERMISSION
%token <name> PLATFORM RAW REQUIRE RESOURCE RESOURCE_POLICY RULE STACK TEMPLATE TEST TYPE
%token <name> AS AT FROM GIVES IS NOT ON TO WHEN
%token LBRACE "{" RBRACE "}" LBRACKET "[" RBRACKET "]" LPAREN "(" RPAREN ")"
%token COLON ":" PLUSCOLON "+:" ASSIGN "=" DOT "." QDOT "?." QUESTION "?" AT_SIGN "@" PIPE "|"
%token DOTDOT ".." RANGELT "..<" SPREAD "..." ARROW "=>" RARROW "->"
%token COALESCE "??" OROR "||" ANDAND "&&" EQ "==" NE "!=" LE "<=" GE ">=" LT "<" GT ">"
%token PLUS "+" MINUS "-" STAR "*" SLASH "/" PERCENT "%" BANG "!"

%precedence THEN
%precedence ELSE
%right "??"
%left "||"
%left "&&"
%precedence IS
%nonassoc "==" "!=" "<" ">" "<=" ">="
%nonassoc ".." "..<"
%left "+" "-"
%left "*" "/" "%"
%precedence UNARY

%type <nodes> items items1 decos keys_opt keys whos names types targs params params1 imports arms pats idxs args args1 parts
%type <nodes> litems litems1 ritems ritems1 rfields rfields1 clauses
%type <node> block item item_ skipped deco type_opt def_opt block_opt ret_opt for_opt at_opt when_opt sid_opt gives_opt msg
%type <node> if_decl import1 fparam verbs object string expr postfix primary list record ritem ritem_ litem arg idx arm pat
%type <node> clause for_clause type ptype base tpath type_is rectype rfield else_opt
%type <name> name fname anyname kname declares connects reserved
%type <flag> grant opt_opt
%type <kind> kind
%type <nodes> call_opt
%type <import> import_what
%type <vars> vars

%%
// ---- items -----------------------------------------------------------------------------------------------------------------------

program: items                          { mo_build_file(p, $1); }
  ;
items: %empty                           { $$ = (mo_nodes){ 0 }; }
  | items1
  | items1 sep                          { $$ = $1; }
  ;
items1: item                            { $$ = mo_list(p, $1); }
  | items1 sep item                     { $$ = mo_list_add(p, $1, $3); }
  ;
sep: NEWLINE
  | COMMA
  ;
comma: COMMA
  | COMMA_IN
  ;
block: "{" items "}"                    { $$ = MO_NEW(p, BLOCK, block, @$, .items = $2); }
  ;
item: item_                             { $$ = mo_build_item(p, @$, (mo_nodes){ 0 }, $1); }
  | decos item_                         { $$ = mo_build_item(p, @$, $1, $2); }
  | skipped                             { $$ = mo_build_bad(p, $1); }
  ;
skipped: error                          { yyerrok; $$ = mo_build_skipped(p, @$); @$ = $$->span; }
  | error RESUME <node>{ yyerrok; $$ = mo_build_skipped(p, @1); } block else_opt
                                        { $$ = mo_build_resumed($3, @4, @5); @$ = $$->span; }
  ;
decos: deco                             { $$ = mo_list(p, $1); }
  | decos deco                          { $$ = mo_list_add(p, $1, $2); }
  ;
deco: "@" anyname call_opt nl_opt       { $$ = MO_NEW(p, DECORATOR, decorator, mo_span_over(@1, @2, @3), .name = $2, .args = $3); }
  ;
call_opt: %empty                        { $$ = (mo_nodes){ 0 }; }
  | "(" args ")"                        { $$ = $2; }
  ;
nl_opt: %empty
  | NEWLINE
  ;

item_: fname ":" expr                   { $$ = MO_NEW(p, FIELD, field, @$, .name = $1, .value = $3); }
  | fname "+:" expr                     { $$ = MO_NEW(p, FIELD, field, @$, .name = $1, .append = true, .value = $3); }
  | "..." expr                          { $$ = MO_NEW(p, SPREAD, spread, @$, .value = $2); }
  | PLATFORM name block                 { $$ = MO_NEW(p, PLATFORM, platform, @$, .name = $2, .block = $3); }
  | RAW block                           { $$ = MO_NEW(p, RAW, raw, @$, .block = $2); }
  | IMPORT string import_what           { $$ = MO_NEW(p, IMPORT, import, @$, .path = $2, .alias = $3.alias, .names = $3.names); }
  | LET name type_opt "=" expr          { $$ = MO_NEW(p, LET, let, @$, .name = $2, .type_expr = $3, .value = $5); }
  | TYPE name "=" type                  { $$ = MO_NEW(p, TYPE_DECL, type_decl, @$, .name = $2, .type_expr = $4); }
  | FN name "(" params ")" ret_opt "=" expr
      { $$ = MO_NEW(p, FN, fn, @$, .name = $2, .params = $4, .result = $6, .body = $8); }
  | INPUT name type_opt def_opt         { $$ = MO_NEW(p, INPUT, input, @$, .name = $2, .type_expr = $3, .value = $4); }
  | ACCOUNT name keys_opt block         { $$ = MO_NEW(p, ACCOUNT, account, @$, .name = $2, .keys = $3, .block = $4); }
  | STACK name keys_opt IN expr block
      { $$ = MO_NEW(p, STACK, stack, @$, .name = $2, .keys = $3, .target = $5, .block = $6); }
  | STACK name keys_opt IN expr FROM expr block
      { $$ = MO_NEW(p, STACK, stack, @$, .name = $2, .keys = $3, .target = $5, .from = $7, .block = $8); }
  | NESTED name keys_opt FROM expr block
      { $$ = MO_NEW(p, NESTED, nested, @$, .name = $2, .keys = $3, .from = $5, .block = $6); }
  | TEMPLATE name keys_opt for_opt block
      { $$ = MO_NEW(p, TEMPLATE, template, @$, .name = $2, .keys = $3, .audience = $4, .block = $5); }
  | TEMPLATE name keys_opt FROM expr    { $$ = MO_NEW(p, TEMPLATE, template, @$, .name = $2, .keys = $3, .from = $5); }
  | PARAM name keys_opt type_opt def_opt block_opt
      { $$ = MO_NEW(p, PARAM, param, @$, .name = $2, .keys = $3, .type_expr = $4, .value = $5, .block = $6); }
  | COMPONENT name block                { $$ = MO_NEW(p, COMPONENT, component, @$, .name = $2, .block = $3); }
  | OUTPUT name keys_opt type_opt "=" expr block_opt
      { $$ = MO_NEW(p, OUTPUT, output, @$, .name = $2, .keys = $3, .type_expr = $4, .value = $6, .block = $7); }
  | EXISTING TYPENAME name keys_opt block
      { $$ = MO_NEW(p, EXISTING, existing, @$, .kind = $2, .name = $3, .keys = $4, .block = $5); }
  | EXISTING TYPENAME name keys_opt IN expr block
      { $$ = MO_NEW(p, EXISTING, existing, @$, .kind = $2, .name = $3, .keys = $4, .target = $6, .block = $7); }
  | TYPENAME name keys_opt block        { $$ = MO_NEW(p, RESOURCE, resource, @$, .kind = $1, .name = $2, .keys = $3, .block = $4); }
  | kind name keys_opt block
      { $$ = MO_NEW(p, INSTANCE, instance, @$, .module = $1.module, .kind = $1.kind, .name = $2, .keys = $3, .block = $4); }
  | grant whos TO names ON object at_opt when_opt sid_opt
      { $$ = MO_NEW(p, GRANT, grant, @$, .deny = $1, .who = $2, .verbs = $4, .object = $6, .at = $7, .when = $8, .sid = $9); }
  | grant whos TO verbs ON object at_opt when_opt sid_opt
      { $$ = MO_NEW(p, GRANT, grant, @$, .deny = $1, .who = $2, .verb_list = $4, .object = $6, .at = $7, .when = $8, .sid = $9); }
  | PERMISSION name ON TYPENAME block   { $$ = MO_NEW(p, PERMISSION, permission, @$, .name = $2, .kind = $4, .block = $5); }
  | RESOURCE_POLICY FOR TYPENAME block  { $$ = MO_NEW(p, RESOURCE_POLICY, resource_policy, @$, .kind = $3, .block = $4); }
  | RESOURCE TYPENAME rectype gives_opt { $$ = MO_NEW(p, CUSTOM_SCHEMA, custom_schema, @$, .kind = $2, .properties = $3, .gives = $4); }
  | DEFAULTS FOR TYPENAME block         { $$ = MO_NEW(p, DEFAULTS, defaults, @$, .kind = $3, .block = $4); }
  | OVERRIDE postfix block              { $$ = MO_NEW(p, OVERRIDE, override, @$, .path = $2, .block = $3); }
  | FOR vars IN expr block
      { $$ = MO_NEW(p, FOR_DECL, for_decl, @$, .first = $2.first, .second = $2.second, .list = $4, .block = $5); }
  | if_decl
  | ASSERT expr msg                     { $$ = MO_NEW(p, ASSERT, assert, @$, .cond = $2, .message = $3); }
  | REQUIRE expr msg                    { $$ = MO_NEW(p, REQUIRE, require, @$, .cond = $2, .message = $3); }
  | RULE name FOR TYPENAME name block   { $$ = MO_NEW(p, RULE, rule, @$, .name = $2, .kind = $4, .variable = $5, .block = $6); }
  | TEST name block                     { $$ = MO_NEW(p, TEST, test, @$, .name = $2, .block = $3); }
  ;

if_decl: IF expr block else_opt         { $$ = MO_NEW(p, IF_DECL, if_decl, @$, .cond = $2, .then = $3, .otherwise = $4); }
  ;
else_opt: %empty                        { $$ = NULL; }
  | ELSE block                          { $$ = $2; }
  | ELSE if_decl                        { $$ = $2; }
  ;
msg: COMMA string                       { $$ = $2; }
  ;
import_what: %empty                     { $$ = (struct mo_import){ 0 }; }
  | AS name                             { $$ = (struct mo_import){ .alias = $2 }; }
  | "{" imports "}"                     { $$ = (struct mo_import){ .names = $2 }; }
  ;
imports: import1                        { $$ = mo_list(p, $1); }
  | imports sep import1                 { $$ = mo_list_add(p, $1, $3); }
  | imports sep                         { $$ = $1; }
  ;
import1: name                           { $$ = MO_NEW(p, IMPORT_NAME, import_name, @$, .name = $1); }
  | name AS name                        { $$ = MO_NEW(p, IMPORT_NAME, import_name, @$, .name = $1, .alias = $3); }
  | skipped                             { $$ = NULL; }
  ;
type_opt: %empty                        { $$ = NULL; }
  | ":" type                            { $$ = $2; }
  ;
def_opt: %empty                         { $$ = NULL; }
  | "=" expr                            { $$ = $2; }
  ;
block_opt: %empty                       { $$ = NULL; }
  | block
  ;
ret_opt: %empty                         { $$ = NULL; }
  | "->" type                           { $$ = $2; }
  ;
params: %empty                          { $$ = (mo_nodes){ 0 }; }
  | params1
  | params1 COMMA_IN                    { $$ = $1; }
  ;
params1: fparam                         { $$ = mo_list(p, $1); }
  | params1 COMMA_IN fparam             { $$ = mo_list_add(p, $1, $3); }
  ;
fparam: name ":" type def_opt           { $$ = MO_NEW(p, FN_PARAM, fn_param, @$, .name = $1, .type_expr = $3, .value = $4); }
  ;
keys_opt: %empty                        { $$ = (mo_nodes){ 0 }; }
  | "[" keys "]"                        { $$ = $2; }
  ;
keys: expr                              { $$ = mo_list(p, $1); }
  | keys COMMA_IN expr                  { $$ = mo_list_add(p, $1, $3); }
  ;
whos: expr                              { $$ = mo_list(p, $1); }
  | whos COMMA expr                     { $$ = mo_list_add(p, $1, $3); }
  ;
verbs: list
  ;
names: name                             { $$ = mo_list(p, mo_build_ref(p, $1)); }
  | names COMMA name                    { $$ = mo_list_add(p, $1, mo_build_ref(p, $3)); }
  ;
object: expr
  | NOT list                            { $$ = MO_NEW(p, NOT_LIST, not_list, @$, .list = $2); }
  ;
at_opt: %empty                          { $$ = NULL; }
  | AT string                           { $$ = $2; }
  ;
when_opt: %empty                        { $$ = NULL; }
  | WHEN record                         { $$ = $2; }
  ;
sid_opt: %empty                         { $$ = NULL; }
  | AS string                           { $$ = $2; }
  ;
for_opt: %empty                         { $$ = NULL; }
  | FOR expr                            { $$ = $2; }
  ;
gives_opt: %empty                       { $$ = NULL; }
  | GIVES rectype                       { $$ = $2; }
  ;
grant: ALLOW                            { $$ = false; }
  | DENY                                { $$ = true; }
  ;
kind: kname                             { $$ = (struct mo_kind){ .kind = $1 }; }
  | kname "." anyname                   { $$ = (struct mo_kind){ .module = $1, .kind = $3 }; }
  ;
kname: IDENT
  | connects
  ;
vars: name                              { $$ = (struct mo_vars){ .first = $1 }; }
  | name comma name                     { $$ = (struct mo_vars){ .first = $1, .second = $3 }; }
  ;

// ---- names and text --------------------------------------------------------------------------------------------------------------

name: IDENT
  | declares
  | connects
  ;
anyname: name
  | reserved
  ;
fname: anyname
  | string                              { $$ = mo_build_name(p, $1); }
  ;
declares: ACCOUNT | ALLOW | ASSERT | COMPONENT | DEFAULTS | DENY | EXISTING | FN | IMPORT | INPUT | LET | NESTED | OUTPUT | OVERRIDE | PARAM
  | PERMISSION | PLATFORM | RAW | REQUIRE | RESOURCE | RESOURCE_POLICY | RULE | STACK | TEMPLATE | TEST | TYPE
  ;
connects: AS | AT | FROM | GIVES | IS | ON | TO | WHEN
  ;
reserved: IF | THEN | ELSE | FOR | IN | MATCH | TRUE | FALSE | NONE
  ;
string: STR_BEGIN parts STR_END         { $$ = MO_NEW(p, STRING, string_lit, @$, .parts = $2); }
  ;
parts: %empty                           { $$ = (mo_nodes){ 0 }; }
  | parts TEXT                          { $$ = mo_list_add(p, $1, mo_build_literal(p, $2)); }
  | parts INTERP_BEGIN expr INTERP_END  { $$ = mo_list_add(p, $1, $3); }
  ;

// ---- expressions -----------------------------------------------------------------------------------------------------------------

expr: postfix
  | "-" expr %prec UNARY                { $$ = MO_NEW(p, UNARY, unary, @$, .op = MO_OP_NEG, .operand = $2); }
  | "!" expr %prec UNARY                { $$ = MO_NEW(p, UNARY, unary, @$, .op = MO_OP_NOT, .operand = $2); }
  | expr "??" expr                      { $$ = mo_build_binary(p, @$, MO_OP_COALESCE, $1, $3); }
  | expr "||" expr                      { $$ = mo_build_binary(p, @$, MO_OP_OR, $1, $3); }
  | expr "&&" expr                      { $$ = mo_build_binary(p, @$, MO_OP_AND, $1, $3); }
  | expr "==" expr                      { $$ = mo_build_binary(p, @$, MO_OP_EQ, $1, $3); }
  | expr "!=" expr                      { $$ = mo_build_binary(p, @$, MO_OP_NE, $1, $3); }
  | expr "<" expr                       { $$ = mo_build_binary(p, @$, MO_OP_LT, $1, $3); }
  | expr ">" expr                       { $$ = mo_build_binary(p, @$, MO_OP_GT, $1, $3); }
  | expr "<=" expr                      { $$ = mo_build_binary(p, @$, MO_OP_LE, $1, $3); }
  | expr ">=" expr                      { $$ = mo_build_binary(p, @$, MO_OP_GE, $1, $3); }
  | expr ".." expr                      { $$ = mo_build_binary(p, @$, MO_OP_RANGE, $1, $3); }
  | expr "..<" expr                     { $$ = mo_build_binary(p, @$, MO_OP_RANGE_LT, $1, $3); }
  | expr "+" expr                       { $$ = mo_build_binary(p, @$, MO_OP_ADD, $1, $3); }
  | expr "-" expr                       { $$ = mo_build_binary(p, @$, MO_OP_SUB, $1, $3); }
  | expr "*" expr                       { $$ = mo_build_binary(p, @$, MO_OP_MUL, $1, $3); }
  | expr "/" expr                       { $$ = mo_build_binary(p, @$, MO_OP_DIV, $1, $3); }
  | expr "%" expr                       { $$ = mo_build_binary(p, @$, MO_OP_MOD, $1, $3); }
  | expr IS type_is                     { $$ = MO_NEW(p, IS, is, @$, .value = $1, .type_expr = $3); }
  | IF expr THEN expr %prec THEN        { $$ = MO_NEW(p, IF, if_expr, @$, .cond = $2, .then = $4); }
  | IF expr THEN expr ELSE expr         { $$ = MO_NEW(p, IF, if_expr, @$, .cond = $2, .then = $4, .otherwise = $6); }
  | MATCH expr "{" arms "}"             { $$ = MO_NEW(p, MATCH, match, @$, .value = $2, .arms = $4); }
  ;
arms: arm                               { $$ = mo_list(p, $1); }
  | arms sep arm                        { $$ = mo_list_add(p, $1, $3); }
  | arms sep                            { $$ = $1; }
  ;
arm: pats "=>" expr                     { $$ = MO_NEW(p, ARM, arm, @$, .patterns = $1, .body = $3); }
  | skipped                             { $$ = NULL; }
  ;
pats: pat                               { $$ = mo_list(p, $1); }
  | pats "|" pat                        { $$ = mo_list_add(p, $1, $3); }
  ;
pat: name                               { $$ = MO_NEW(p, PATTERN_NAME, pattern_name, @$, .name = $1); }
  | name name                           { $$ = MO_NEW(p, PATTERN_TYPE, pattern_type, @$, .kind = $1, .name = $2); }
  | TYPENAME name                       { $$ = MO_NEW(p, PATTERN_TYPE, pattern_type, @$, .kind = $1, .name = $2); }
  | string                              { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = $1); }
  | INT                                 { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_literal(p, $1)); }
  | "-" INT                             { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_negative(p, @$, $2)); }
  | DURATION                            { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_literal(p, $1)); }
  | SIZE                                { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_literal(p, $1)); }
  | CIDR                                { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_literal(p, $1)); }
  | TRUE                                { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_bool(p, @$, true)); }
  | FALSE                               { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_bool(p, @$, false)); }
  | NONE                                { $$ = MO_NEW(p, PATTERN_VALUE, pattern_value, @$, .value = mo_build_leaf(p, MO_NONE_NODE, @$)); }
  ;
postfix: primary
  | postfix "." anyname                 { $$ = MO_NEW(p, MEMBER, member, @$, .object = $1, .name = $3); }
  | postfix "?." anyname                { $$ = MO_NEW(p, MEMBER, member, @$, .object = $1, .name = $3, .optional = true); }
  | postfix "[" idxs "]"                { $$ = MO_NEW(p, INDEX, index, @$, .object = $1, .keys = $3); }
  | postfix "[" idxs "]" "?"            { $$ = MO_NEW(p, INDEX, index, @$, .object = $1, .keys = $3, .optional = true); }
  | postfix "(" args ")"                { $$ = MO_NEW(p, CALL, call, @$, .callee = $1, .args = $3); }
  ;
idxs: idx                               { $$ = mo_list(p, $1); }
  | idxs COMMA_IN idx                   { $$ = mo_list_add(p, $1, $3); }
  ;
idx: expr
  | "*"                                 { $$ = mo_build_leaf(p, MO_STAR_NODE, @$); }
  ;
args: %empty                            { $$ = (mo_nodes){ 0 }; }
  | args1
  | args1 COMMA_IN                      { $$ = $1; }
  ;
args1: arg                              { $$ = mo_list(p, $1); }
  | args1 COMMA_IN arg                  { $$ = mo_list_add(p, $1, $3); }
  ;
arg: expr                               { $$ = MO_NEW(p, ARG, arg, @$, .value = $1); }
  | name ":" expr                       { $$ = MO_NEW(p, ARG, arg, @$, .name = $1, .value = $3); }
  | "..." expr                          { $$ = MO_NEW(p, SPREAD, spread, @$, .value = $2); }
  ;
primary: name                           { $$ = mo_build_ref(p, $1); }
  | INT                                 { $$ = mo_build_literal(p, $1); }
  | FLOAT                               { $$ = mo_build_literal(p, $1); }
  | CIDR                                { $$ = mo_build_literal(p, $1); }
  | DURATION                            { $$ = mo_build_literal(p, $1); }
  | SIZE                                { $$ = mo_build_literal(p, $1); }
  | TRUE                                { $$ = mo_build_bool(p, @$, true); }
  | FALSE                               { $$ = mo_build_bool(p, @$, false); }
  | NONE                                { $$ = mo_build_leaf(p, MO_NONE_NODE, @$); }
  | string
  | list
  | record
  | TYPENAME "(" args ")"               { $$ = mo_build_intrinsic(p, @$, $1, $3); }
  | "(" expr ")"                        { $$ = $2; }
  ;
list: "[" litems "]"                    { $$ = MO_NEW(p, LIST, list, @$, .items = $2); }
  | "[" for_clause clauses ":" expr sep_in_opt "]"
      { $$ = MO_NEW(p, LIST_FOR, list_for, @$, .clauses = mo_list_first(p, $2, $3), .body = $5); }
  ;
litems: %empty                          { $$ = (mo_nodes){ 0 }; }
  | litems1
  | litems1 sep_in                      { $$ = $1; }
  ;
litems1: litem                          { $$ = mo_list(p, $1); }
  | litems1 sep_in litem                { $$ = mo_list_add(p, $1, $3); }
  ;
litem: expr
  | "..." expr                          { $$ = MO_NEW(p, SPREAD, spread, @$, .value = $2); }
  ;
sep_in: NEWLINE_IN
  | COMMA_IN
  ;
sep_in_opt: %empty
  | sep_in
  ;
for_clause: FOR vars IN expr
      { $$ = MO_NEW(p, CLAUSE_FOR, clause_for, @$, .first = $2.first, .second = $2.second, .list = $4); }
  ;
clauses: %empty                         { $$ = (mo_nodes){ 0 }; }
  | clauses clause                      { $$ = mo_list_add(p, $1, $2); }
  | clauses nl_any clause               { $$ = mo_list_add(p, $1, $3); }
  ;
clause: for_clause
  | IF expr                             { $$ = MO_NEW(p, CLAUSE_IF, clause_if, @$, .cond = $2); }
  ;
nl_any: NEWLINE
  | NEWLINE_IN
  ;
record: "{" ritems "}"                  { $$ = MO_NEW(p, RECORD, record, @$, .items = $2); }
  | "{" for_clause clauses ":" expr "=>" expr sep_opt "}"
      { $$ = MO_NEW(p, RECORD_FOR, record_for, @$, .clauses = mo_list_first(p, $2, $3), .key = $5, .body = $7); }
  ;
sep_opt: %empty
  | sep
  ;
ritems: %empty                          { $$ = (mo_nodes){ 0 }; }
  | ritems1
  | ritems1 sep                         { $$ = $1; }
  ;
ritems1: ritem                          { $$ = mo_list(p, $1); }
  | ritems1 sep ritem                   { $$ = mo_list_add(p, $1, $3); }
  ;
ritem: ritem_                           { $$ = mo_build_entry(p, @$, (mo_nodes){ 0 }, $1); }
  | decos ritem_                        { $$ = mo_build_entry(p, @$, $1, $2); }
  | skipped                             { $$ = NULL; }
  ;
ritem_: fname ":" expr                  { $$ = MO_NEW(p, FIELD, field, @$, .name = $1, .value = $3); }
  | "..." expr                          { $$ = MO_NEW(p, SPREAD, spread, @$, .value = $2); }
  ;

// ---- types -----------------------------------------------------------------------------------------------------------------------

type: ptype
  | "|" ptype                           { $$ = $2; }
  | type "|" ptype                      { $$ = mo_build_union(p, @$, $1, $3); }
  ;
ptype: base
  | ptype "?"                           { $$ = MO_NEW(p, TYPE_OPTIONAL, type_optional, @$, .base = $1); }
  ;
type_is: tpath
  | NONE                                { $$ = mo_build_leaf(p, MO_TYPE_NONE_NODE, @$); }
  | "(" type ")"                        { $$ = $2; }
  ;
base: NONE                              { $$ = mo_build_leaf(p, MO_TYPE_NONE_NODE, @$); }
  | tpath
  | tpath "(" targs ")"                 { $$ = MO_NEW(p, TYPE_REFINED, type_refined, @$, .base = $1, .args = $3); }
  | tpath "<" { mo_layout_type_arguments(p); } types ">"
                                        { $$ = MO_NEW(p, TYPE_GENERIC, type_generic, @$, .base = $1, .args = $4); }
  | "[" type "]"                        { $$ = MO_NEW(p, TYPE_LIST, type_list, @$, .element = $2); }
  | rectype
  | string                              { $$ = MO_NEW(p, TYPE_LITERAL, type_literal, @$, .value = $1); }
  | INT                                 { $$ = MO_NEW(p, TYPE_LITERAL, type_literal, @$, .value = mo_build_literal(p, $1)); }
  ;
types: type                             { $$ = mo_list(p, $1); }
  | types comma type                    { $$ = mo_list_add(p, $1, $3); }
  ;
tpath: TYPENAME                         { $$ = MO_NEW(p, TYPE_PATH, type_path, @$, .name = $1); }
  | name                                { $$ = MO_NEW(p, TYPE_PATH, type_path, @$, .name = $1); }
  | tpath "." anyname                   { $$ = mo_build_type_member(p, @$, $1, $3); }
  ;
targs: expr                             { $$ = mo_list(p, $1); }
  | targs COMMA_IN expr                 { $$ = mo_list_add(p, $1, $3); }
  ;
rectype: "{" rfields "}"                { $$ = MO_NEW(p, TYPE_RECORD, type_record, @$, .fields = $2); }
  ;
rfields: %empty                         { $$ = (mo_nodes){ 0 }; }
  | rfields1
  | rfields1 sep                        { $$ = $1; }
  ;
rfields1: rfield                        { $$ = mo_list(p, $1); }
  | rfields1 sep rfield                 { $$ = mo_list_add(p, $1, $3); }
  ;
rfield: fname opt_opt ":" type def_opt
      { $$ = MO_NEW(p, TYPE_FIELD, type_field, @$, .name = $1, .optional = $2, .type_expr = $4, .value = $5); }
  | skipped                             { $$ = NULL; }
  ;
opt_opt: %empty                         { $$ = false; }
  | "?"                                 { $$ = true; }
  ;
%%

// Called when a token does not fit. Says which would have, by their codes.
static int
yyreport_syntax_error(const yypcontext_t *context, struct mo_parser *p)
{
	yysymbol_kind_t symbols[YYNTOKENS];
	int count = yypcontext_expected_tokens(context, symbols, YYNTOKENS);
	bool wanted[YYNTOKENS] = { false };
	for (int i = 0; i < count; i++) {
		wanted[symbols[i]] = true;
	}
	struct mo_expected expected = { .at_end = wanted[YYTRANSLATE(MO_TOK_END)] };
	for (int code = MO_FIRST_TOKEN; code < MO_TOKEN_CODES; code++) {
		expected.has[code - MO_FIRST_TOKEN] = wanted[YYTRANSLATE(code)];
	}
	mo_parse_unexpected(p, &expected);
	return 0;
}

// Only "memory exhausted" comes here: the parser's own stack is full.
static void
mo_yyerror(const MO_YYLTYPE *at, struct mo_parser *p, const char *text)
{
	(void)text;
	mo_parse_exhausted(p, *at);
}
