/*
 * sandbox_layer.h - what the layers need of each other; for sandbox*.c only.
 */
#pragma once

#include "policy/sandbox.h"

enum err sandbox_landlock_launcher(const struct sandbox_launch *s) MUST_CHECK;

/*
 * A filter on changing users, everything else passes: setresuid() and
 * setresgid() with a number of the reading rooms, or of the notes rooms if
 * those are among them, three times the same; setgroups() with none.  After
 * no_new_privs.
 */
enum err sandbox_users_only(const struct users *u, bool notes) MUST_CHECK;

/* Landlock ABIs whose rights are known here; a newer kernel gets these. */
enum { SANDBOX_ABI_MAX = 7 };

/* Fill w->abi and w->rules, w->bpf. */
enum err sandbox_landlock_build(struct sandbox_walls *w,
    const struct sandbox_paths *p) MUST_CHECK;
enum err sandbox_seccomp_build(struct sandbox_walls *w) MUST_CHECK;

/* The rights of ABI n that are handled, for the tests of older kernels. */
uint64_t sandbox_landlock_fs(int abi);
uint64_t sandbox_landlock_net(int abi);
uint64_t sandbox_landlock_scope(int abi);
