/* filters.h: the functions behind the table of filters.c, and what they share. */
#ifndef PEERAGE_TEMPLATE_FILTERS_H
#define PEERAGE_TEMPLATE_FILTERS_H

#include "template/engine.h"

/* A path of an attribute= argument taken apart: "a.b.0", a number, or nothing. */
struct path {
	struct val *parts;
	uint32_t *hashes, *places;      /* of each part; where a dict had it last */
	size_t n;
};
struct path attr_path_parse(struct arena *, struct val attribute);
bool attr_path_get(struct interp *, const struct path *, struct val of, struct val dflt, struct val *out);  /* dflt: V_NULL none */
struct val lower_if_text(struct arena *, struct val);
enum { SORT_REVERSE = 1, SORT_AS_LISTS = 2 };   /* as lists: keys that are equal need no order */
bool sort_values(struct interp *, struct val *keys, struct val *items, size_t n, unsigned how);         /* stable; by keys */
bool text_arg(struct interp *, struct val, struct val *out);            /* soft_str(): markup stays markup */
struct val keep_mark(struct val out, struct val like);

/* filters_text.c */
tmpl_fn f_upper, f_lower, f_capitalize, f_title, f_trim, f_replace, f_center, f_indent, f_truncate, f_wordcount, f_string, f_format;
/* filters_wrap.c */
tmpl_fn f_wordwrap, f_pprint;
/* filters_html.c */
tmpl_fn f_escape, f_forceescape, f_safe, f_striptags, f_tojson, f_xmlattr, f_urlencode;
/* filters_urlize.c */
tmpl_fn f_urlize;
/* filters_num.c */
tmpl_fn f_abs, f_round, f_int, f_float, f_filesizeformat, f_sum;
/* filters_seq.c */
tmpl_fn f_length, f_first, f_last, f_list, f_join, f_sort, f_min, f_max, f_groupby, f_dictsort, f_random, f_default, f_attr;
/* filters_lazy.c */
tmpl_fn f_map, f_select, f_reject, f_selectattr, f_rejectattr, f_unique, f_batch, f_slice, f_items, f_reverse;

/* methods that filters use as well */
struct val str_strip(struct val v, struct val chars, int sides);        /* chars V_NULL: white space; sides 1 left, 2 right */
struct val str_replace(struct arena *, struct val s, struct val old, struct val new_, int64_t count);
struct val str_capitalize(struct arena *, struct val);
bool str_center(struct interp *, struct val v, int64_t width, struct val *out);

#endif
