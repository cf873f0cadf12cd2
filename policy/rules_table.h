/*
 * rules_table.h - every key of session.conf, as the first look at its text
 * and as libconfuse want them.  For policy/rules*.c alone.
 */
#pragma once

#include <confuse.h>

#include "policy/rules_text.h"

extern const struct rules_text_known rules_table_known[];
extern const size_t rules_table_n;

/* libconfuse writes into it while it reads. */
extern cfg_opt_t rules_table_opts[];
