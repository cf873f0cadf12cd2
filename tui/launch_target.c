#include "tui/launch_target.h"

#include <pwd.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "core/git_place.h"
#include "core/hash.h"
#include "core/io.h"
#include "core/limits.h"
#include "core/search.h"

#include "policy/sandbox.h"
#include "policy/session_seen.h"

enum { NAME_MAX_BYTES = 48, NAME_HASH = 6 };

/* Letters, digits, "-", "_" and "."; everything else becomes "_". */
static struct str
safe_name(struct arena *a, struct str s)
{
	struct buf b = { 0 };
	struct str kept;

	for (size_t i = 0; i < s.len && i < NAME_MAX_BYTES; i++) {
		char c = s.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '-' || c == '_' ||
		    (c == '.' && i > 0);

		buf_char(&b, fine ? c : '_');
	}
	kept = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return kept;
}

/* The last part of the path that is not ".git", without a ".git" end. */
static struct str
title_of(struct arena *a, struct str path)
{
	struct str rest = path, part, last = STR("repository");

	while (str_cut(&rest, '/', &part))
		if (part.len > 0 && !str_eq(part, STR(".git")))
			last = part;
	if (str_ends(last, STR(".git")) && last.len > 4)
		last.len -= 4;
	if (last.len > LIMIT_TITLE / 2)
		last.len = LIMIT_TITLE / 2;
	return arena_copy(a, last);
}

static struct str
data_root(struct arena *a, const struct options *o)
{
	const char *where = o->data != NULL ? o->data : getenv("VITRINE_DATA");
	const char *home = getenv("HOME");

	if (where != NULL && where[0] != '\0')
		return arena_copy(a, str_of(where));
	where = getenv("XDG_DATA_HOME");
	if (where != NULL && where[0] == '/')
		return arena_printf(a, "%s/vitrine", where);
	if (home != NULL && home[0] == '/')
		return arena_printf(a, "%s/.local/share/vitrine", home);
	return (struct str){ "", 0 };
}

/* ROOT/NAME-HASH[-AUDITOR]; identity is what the hash is of. */
static enum err
make_data(struct str *out, struct arena *a, struct str root, struct str name,
    struct str identity, struct str auditor)
{
	struct hash h = hash_of(identity);
	struct buf path = { 0 };
	enum err rc;
	int fd;

	if (root.len == 0)
		return fail(ERR_DENIED,
		    "no place for notes: HOME is not set, "
		    "name a folder with --data");
	buf_str(&path, root);
	buf_char(&path, '/');
	buf_str(&path, safe_name(a, name));
	buf_char(&path, '-');
	buf_hex(&path, h.at, NAME_HASH);
	if (auditor.len > 0) {
		buf_char(&path, '-');
		buf_str(&path, safe_name(a, auditor));
	}
	rc = io_make_folder(&fd, path.at);
	if (rc == ERR_NONE) {
		close(fd);
		rc = io_real_path(out, a, path.at);
	}
	buf_release(&path);
	return rc;
}

static struct str
login_name(struct arena *a)
{
	const struct passwd *pw = getpwuid(getuid());

	return arena_copy(a,
	    pw != NULL ? safe_name(a, str_of(pw->pw_name)) : STR("auditor"));
}

static enum err
find_repository(struct launch_target *t, struct arena *a,
    const struct options *o)
{
	struct git_place place;
	enum err rc = git_place_find(&place, a, o->path);

	if (rc != ERR_NONE)
		return rc;
	t->start.git = place.git;
	t->start.title = title_of(a, place.git);
	t->start.auditor =
	    o->auditor != NULL ? str_of(o->auditor) : login_name(a);
	if (t->start.revision.len == 0)
		t->start.revision = place.head;
	t->users.why = "only in a review session can they be separated";
	if (o->what == OPTIONS_SEARCH)
		return ERR_NONE; /* nothing is kept */
	rc = make_data(&t->own, a, data_root(a, o), t->start.title, place.git,
	    (struct str){ "", 0 });
	t->start.data = t->own;
	return rc;
}

/* Who reads has to be one of those the rules name. */
static enum err
find_auditor(struct launch_target *t, struct arena *a, const struct options *o)
{
	const struct rules *r = &t->session.rules;
	struct str name =
	    o->auditor != NULL ? str_of(o->auditor) : login_name(a);
	struct buf names = { 0 };

	if (rules_auditor(r, name) != NULL) {
		t->start.auditor = name;
		return ERR_NONE;
	}
	if (o->auditor == NULL && r->n_auditors == 1) {
		t->start.auditor = r->auditors[0].name;
		return ERR_NONE;
	}
	for (uint32_t i = 0; i < r->n_auditors; i++)
		buf_printf(&names, "%s%.*s", i == 0 ? "" : ", ",
		    STR_ARG(r->auditors[i].name));
	if (r->n_auditors == 0)
		buf_str(&names, STR("nobody"));
	(void)fail(ERR_DENIED,
	    "%.*s is no auditor of this session; --auditor "
	    "takes %s",
	    STR_ARG(name), names.at);
	buf_release(&names);
	return ERR_DENIED;
}

static enum err
open_below(int *fd, struct arena *a, struct str folder, const char *name)
{
	return io_open(fd,
	    arena_printf(a, "%.*s/%s", STR_ARG(folder), name).at);
}

/* For the notes room, which opens no file. */
static enum err
open_lists(struct launch_target *t, struct arena *a)
{
	const struct rules *r = &t->session.rules;
	enum err rc = ERR_NONE;

	while (t->n_lists < r->n_checklists && rc == ERR_NONE) {
		rc = open_below(&t->lists[t->n_lists], a, t->start.text,
		    arena_printf(a, "checklists/%s",
			r->checklists[t->n_lists].at)
			.at);
		t->n_lists += rc == ERR_NONE;
	}
	return rc;
}

/* A search for scripts need not read all of a session again. */
static enum err
verify(struct launch_target *t, struct arena *a, const struct options *o,
    const struct session_trust *trust, struct str root,
    void (*progress)(void *, uint64_t, uint64_t), void *arg)
{
	bool search = o->what == OPTIONS_SEARCH && !o->session && root.len > 0;
	int64_t began = time(NULL);
	enum err rc;

	if (search) {
		rc = session_seen_find(&t->session, a, o->path, trust, root);
		if (rc != ERR_ABSENT)
			return rc;
		err_clear();
	}
	rc = session_verify(&t->session, a, o->path, trust, progress, arg);
	if (rc == ERR_NONE && search &&
	    session_seen_keep(&t->session, root, began) != ERR_NONE)
		err_clear(); /* it will be verified again */
	return rc;
}

/*
 * The launcher's folder and that of the record.  Where they are two, a record
 * in the first is from before: to go on with an empty one beside it would
 * hide it.
 */
static enum err
find_record(struct launch_target *t, struct arena *a, struct str root)
{
	struct str end;
	enum err rc = make_data(&t->own, a, root, t->start.title,
	    str_of(t->session.manifest_hash), t->start.auditor);

	t->start.data = t->own;
	if (rc != ERR_NONE || !t->users.apart)
		return rc;
	if (io_is_file(arena_printf(a, "%s/record.db", t->own.at).at))
		return fail(ERR_DENIED,
		    "%s has a record from before the rooms became users of "
		    "their own: vitrine-kiosk(8) says how it is moved",
		    t->own.at);
	end = t->own;
	for (size_t i = t->own.len; i > 0 && t->own.at[i - 1] != '/'; i--)
		end = str_slice(t->own, i - 1, t->own.len);
	t->start.data =
	    arena_printf(a, "%.*s/%lu/%.*s", STR_ARG(t->users.notes_folder),
		(unsigned long)getuid(), STR_ARG(end));
	return ERR_NONE;
}

static enum err
find_session(struct launch_target *t, struct arena *a, const struct options *o,
    void (*progress)(void *, uint64_t, uint64_t), void *arg)
{
	struct str root = data_root(a, o), revision = t->start.revision;
	struct session_trust trust = { 0 };
	enum err rc = session_trust_default(&trust, root.at);

	if (rc == ERR_NONE)
		rc = users_find(&t->users, a, USERS_LIST, 0, sandbox_able());
	if (rc == ERR_NONE)
		rc = verify(t, a, o, &trust, root, progress, arg);
	if (rc == ERR_NONE)
		rc = session_may_open(&t->session);
	if (rc == ERR_NONE)
		rc = rules_open_at(&t->session.rules, time(NULL));
	if (rc != ERR_NONE)
		return rc;
	session_start(&t->session, &t->start);
	/* lies in the struct itself, which is copied */
	t->start.manifest = arena_copy(a, t->start.manifest);
	t->start.revision = revision;
	if (o->what != OPTIONS_SEARCH) /* which keeps nothing */
		rc = find_auditor(t, a, o);
	if (rc == ERR_NONE && o->what != OPTIONS_SEARCH)
		rc = rules_may_enter(&t->session.rules,
		    rules_auditor(&t->session.rules, t->start.auditor),
		    time(NULL));
	if (rc == ERR_NONE && o->what != OPTIONS_SEARCH)
		rc = find_record(t, a, root);
	if (rc == ERR_NONE && t->own.len > 0)
		rc = visits_read(&t->visits, a, t->own.at);
	if (rc == ERR_NONE && t->own.len > 0)
		rc = visits_until(&t->start.until, &t->session.rules,
		    &t->visits, time(NULL));
	if (rc == ERR_NONE)
		rc = open_below(&t->store, a, t->start.text, "store");
	if (rc == ERR_NONE)
		rc = open_below(&t->prints, a, t->start.text, "prints");
	if (rc == ERR_NONE && o->what != OPTIONS_SEARCH)
		rc = open_lists(t, a);
	return rc;
}

/* In a session a revision is one of its releases; without, all of them. */
static void
write_query(struct launch_target *t, struct arena *a, const struct options *o)
{
	struct str revision = str_of(o->revision);
	struct str *globs = arena_array(a, o->n_globs, struct str);
	struct query q = { .pattern = str_of(o->pattern),
		.flags = o->flags,
		.globs = globs,
		.n_globs = o->n_globs };
	struct buf b = { 0 };

	for (uint32_t i = 0; i < o->n_globs; i++)
		globs[i] = str_of(o->globs[i]);
	if (t->start.session && revision.len > 0) {
		q.releases = &revision;
		q.n_releases = 1;
	}
	search_query_write(&q, &b);
	t->start.query = arena_copy(a, buf_view(&b));
	t->start.count = o->count;
	buf_release(&b);
}

/*
 * ROOT/print/NAME.pages, where the folder is there: the lab made it, and
 * takes the file away.  Opened here, before there are walls; no room knows
 * where it is.
 */
static enum err
open_spool(struct launch_target *t, struct arena *a, const struct options *o)
{
	const struct rules *r = &t->session.rules;
	struct str data = t->start.data, rest = data, part, name = data;
	const char *folder =
	    arena_printf(a, "%.*s/print", STR_ARG(data_root(a, o))).at;

	if (!t->start.session || data.len == 0 || !r->excerpt.paper ||
	    r->export.permit[CLASS_EXCERPT] == PERMIT_DENY ||
	    !io_is_folder(folder))
		return ERR_NONE;
	while (str_cut(&rest, '/', &part))
		name = part;
	t->start.spool = true;
	return io_open_log(&t->spool,
	    arena_printf(a, "%s/%.*s.pages", folder, STR_ARG(name)).at);
}

enum err
launch_target_find(struct launch_target *out, struct arena *a,
    const struct options *o, void (*progress)(void *, uint64_t, uint64_t),
    void *arg)
{
	struct launch_target t = { LAUNCH_TARGET_NONE };
	enum err rc;

	t.start.revision = str_of(o->revision);
	if (t.start.revision.len > LIMIT_REF_NAME)
		return fail(ERR_DENIED, "--rev: longer than any revision");
	if (o->auditor != NULL && strlen(o->auditor) > NAME_MAX_BYTES)
		return fail(ERR_DENIED, "--auditor: at most %d bytes",
		    NAME_MAX_BYTES);
	if (session_is(o->path))
		rc = find_session(&t, a, o, progress, arg);
	else if (o->session) /* a repository has no rules */
		rc = fail(ERR_DENIED, "%s: no review session", o->path);
	else
		rc = find_repository(&t, a, o);
	if (rc == ERR_NONE && o->what == OPTIONS_SEARCH)
		write_query(&t, a, o);
	if (rc == ERR_NONE)
		rc = open_spool(&t, a, o);
	if (rc == ERR_NONE)
		*out = t;
	else
		launch_target_release(&t);
	return rc;
}

void
launch_target_proof(struct launch_target *out, struct arena *a,
    const struct options *o)
{
	*out = (struct launch_target){ LAUNCH_TARGET_NONE,
		.users.why = "only in a review session can they be separated" };
	if (make_data(&out->start.data, a, data_root(a, o), STR("proof"),
		STR("proof"), (struct str){ "", 0 }) != ERR_NONE) {
		out->start.data = STR("");
		err_clear();
	}
}

void
launch_target_release(struct launch_target *t)
{
	if (t->store >= 0)
		close(t->store);
	if (t->prints >= 0)
		close(t->prints);
	if (t->spool >= 0)
		close(t->spool);
	while (t->n_lists > 0)
		close(t->lists[--t->n_lists]);
	t->store = t->prints = t->spool = -1;
}

struct start
launch_target_start(const struct launch_target *t, enum room r, uint16_t index)
{
	const struct start *all = &t->start;
	struct start s = { .session = all->session,
		.title = all->title,
		.cores = all->cores,
		.index = index,
		.spool = (r == ROOM_CHECK || r == ROOM_NOTES) && all->spool,
		.until = r == ROOM_NOTES ? all->until : 0 };

	if (r == ROOM_READING || r == ROOM_WORKER)
		s.git = all->git;
	if (r == ROOM_READING || r == ROOM_WORKER)
		s.text = all->text;
	if (r == ROOM_READING || r == ROOM_NOTES) {
		s.releases = all->releases;
		s.n_releases = all->n_releases;
		s.manifest = all->manifest;
	}
	if (r == ROOM_READING)
		s.revision = all->revision;
	if (r == ROOM_READING) {
		s.welcome = all->welcome;
		s.seen_line = all->seen_line;
		s.seen_least = all->seen_least;
		s.query = all->query;
		s.count = all->count;
	}
	if (r == ROOM_NOTES)
		s.data = all->data;
	if (r == ROOM_NOTES || r == ROOM_CHECK) {
		s.rules = all->rules;
		s.auditor = all->auditor;
	}
	return s;
}
