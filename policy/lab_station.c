#include "policy/lab.h"

#include "core/io.h"
#include "core/io_place.h"
#include "core/json.h"
#include "policy/session.h"
#include "policy/lab_packed.h"
#include "policy/station.h"
#include "policy/station_wish.h"

#include <string.h>
#include <time.h>
#include <unistd.h>

static struct str
root_of(const struct lab_args *args)
{
	struct str root = str_of(args->option['r']);

	while (root.len > 0 && str_ends(root, STR("/")))
		root.len--;
	return root;
}

static enum err
say_json(const struct station_report *r, const char *root)
{
	static const char *const words[] = { "unknown", "fails", "holds" };
	struct json *all = json_new_object(), *rows = json_new_array();
	struct buf text = { 0 };
	enum err rc;

	json_put_str(all, "format", STR("vitrine-station 1"));
	json_put_str(all, "root", str_of(*root == '\0' ? "/" : root));
	json_put_num(all, "holds", (int64_t)station_count(r, STATION_HOLDS));
	json_put_num(all, "fails", (int64_t)station_count(r, STATION_FAILS));
	json_put_num(all, "unknown",
	    (int64_t)station_count(r, STATION_UNKNOWN));
	for (size_t i = 0; i < r->n; i++) {
		const struct station_row *row = &r->rows[i];
		struct json *j = json_new_object();

		json_put_str(j, "row", str_of(row->key));
		json_put_str(j, "state", str_of(words[row->state]));
		json_put_str(j, "what", str_of(row->what));
		json_put_str(j, "found", row->found);
		json_put_str(j, "remedy", row->remedy);
		json_add(rows, j);
	}
	json_put(all, "rows", rows);
	json_write_lines(all, &text);
	buf_char(&text, '\n');
	rc = lab_put(buf_view(&text));
	buf_release(&text);
	json_free(all);
	return rc;
}

static enum err
say_table(const struct station_report *r, bool all)
{
	struct buf text = { 0 };
	enum err rc;

	station_table(r, all, &text);
	buf_printf(&text, "%zu rows hold, %zu do not, %zu nobody can tell\n",
	    station_count(r, STATION_HOLDS), station_count(r, STATION_FAILS),
	    station_count(r, STATION_UNKNOWN));
	rc = lab_put(buf_view(&text));
	buf_release(&text);
	return rc;
}

static enum err
check(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct str root = arena_copy(&a, root_of(args));
	struct station_report r;
	struct buf state = { 0 };
	enum err rc = ERR_NONE;

	if (root.len > 0 && !io_is_folder(root.at))
		rc = fail(ERR_ABSENT, "%s: no such folder", root.at);
	if (rc == ERR_NONE)
		station_check(&r, &a, root.at, time(NULL));
	if (rc == ERR_NONE && args->option['o'] != NULL) {
		station_state_write(&r, &a, root.at, &state);
		rc = lab_replace(args->option['o'], buf_view(&state));
	}
	if (rc == ERR_NONE && args->option['j'] != NULL)
		rc = say_json(&r, root.at);
	else if (rc == ERR_NONE && args->option['o'] == NULL)
		rc = say_table(&r, args->option['a'] != NULL);
	if (rc == ERR_NONE && args->option['o'] == NULL &&
	    station_count(&r, STATION_HOLDS) < r.n)
		*args->no = true;
	buf_release(&state);
	arena_release(&a);
	return rc;
}

/* Installing. */

struct installing {
	struct arena *a;
	struct station_session *sessions;
	struct station_key *keys;
	struct station_wish wish;
	struct session_trust trust;
	const char *root;
};

/* What the kiosk's list and a unit can name. */
static bool
is_plain(struct str s, bool path)
{
	for (size_t i = 0; i < s.len; i++) {
		char c = s.at[i];
		bool fine = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';

		if (!fine && !(path && c == '/'))
			return false;
	}
	return s.len > 0 && str_find(s, STR(".."), 0) == SIZE_MAX;
}

/* A mount shows files with the modes they have. */
static enum err
check_readable(struct installing *in, const struct station_session *s,
    const char *full)
{
	struct io_place p;
	const char *file =
	    s->packed ? full : arena_printf(in->a, "%s/manifest", full).at;
	enum err rc = io_place_look(&p, file);

	/* Mounting one file is root's; what is in it has its own modes. */
	if (rc == ERR_NONE && !s->packed && (p.mode & 04) == 0)
		rc = fail(ERR_DENIED,
		    "auditors could not read %s: chmod -R a+rX %s", file, full);
	return rc;
}

static void
take_person(struct station_session *s, struct station_key *keys,
    struct arena *a, const char *what, const struct rules_person *p)
{
	struct buf b = { 0 };

	if (!p->has_key)
		return;
	sign_public_write(&p->key, &b);
	keys[s->n_people++] = (struct station_key){
		arena_printf(a, "%s-%.*s.pub", what, STR_ARG(p->name)),
		arena_copy(a, buf_view(&b)),
	};
	buf_release(&b);
}

/* Everybody whom the rules give a key. */
static void
take_people(struct station_session *s, struct arena *a, const struct rules *r)
{
	struct station_key *keys = arena_array(a,
	    (size_t)r->n_approvers + r->n_signers + r->n_auditors +
		r->n_recipients,
	    struct station_key);

	for (uint32_t i = 0; i < r->n_approvers; i++)
		take_person(s, keys, a, "approver", &r->approvers[i]);
	for (uint32_t i = 0; i < r->n_signers; i++)
		take_person(s, keys, a, "signer", &r->signers[i]);
	for (uint32_t i = 0; i < r->n_auditors; i++)
		take_person(s, keys, a, "auditor", &r->auditors[i]);
	for (uint32_t i = 0; i < r->n_recipients; i++) {
		struct buf b = { 0 };

		seal_age_recipient_write(&r->recipients[i].key, &b);
		buf_char(&b, '\n');
		keys[s->n_people++] = (struct station_key){
			arena_printf(a, "recipient-%.*s.age-pub",
			    STR_ARG(r->recipients[i].name)),
			arena_copy(a, buf_view(&b)),
		};
		buf_release(&b);
	}
	s->people = keys;
	s->paper = r->excerpt.paper && r->excerpt.pages_one > 0 &&
	    r->excerpt.pages_one > 0 &&
	    r->export.permit[CLASS_EXCERPT] != PERMIT_DENY;
}

/* The rules of a session that this station shall offer; they say who its
 * auditors are. */
static enum err
take_session(struct installing *in, const char *path, const char *conf)
{
	struct station_session *s = &in->sessions[in->wish.n_sessions];
	const char *full = arena_printf(in->a, "%s%s", in->root, path).at;
	struct session session = { 0 };
	struct lab_packed packed;
	struct str *names, rest = str_of(path), part;
	enum err rc = ERR_NONE;

	*s = (struct station_session){ .path = str_of(path) };
	if (*path != '/' || !is_plain(s->path, true))
		return fail(ERR_DENIED,
		    "%s: name a session by its absolute path on the station, "
		    "without blanks",
		    path);
	while (str_cut(&rest, '/', &part))
		if (part.len > 0)
			s->name = part;
	s->packed = io_is_file(full);
	if (s->packed)
		rc = lab_packed_check(&packed, full, &in->trust);
	if (rc != ERR_NONE)
		return rc;
	if (s->packed && conf == NULL)
		rc = lab_packed_session(&session, in->a, full);
	else if (s->packed)
		rc = lab_rules_read(&session.rules, in->a, conf);
	else
		rc = session_verify(&session, in->a, full, &in->trust, NULL,
		    NULL);
	if (rc != ERR_NONE)
		return rc;
	rc = check_readable(in, s, full);
	if (rc != ERR_NONE)
		return rc;
	s->n_auditors = session.rules.n_auditors;
	names = arena_array(in->a, s->n_auditors, struct str);
	for (uint32_t i = 0; i < s->n_auditors; i++)
		names[i] = session.rules.auditors[i].name;
	s->auditors = names;
	take_people(s, in->a, &session.rules);
	in->wish.n_sessions++;
	return ERR_NONE;
}

static enum err
take_key(struct installing *in, const char *path)
{
	struct station_key *k = &in->keys[in->wish.n_keys];
	struct str rest = str_of(path), part, name = STR("");
	struct buf b = { 0 };
	enum err rc = session_trust_file(&in->trust, path);

	while (str_cut(&rest, '/', &part))
		if (part.len > 0)
			name = part;
	if (rc == ERR_NONE &&
	    (!is_plain(name, false) || !str_ends(name, STR(".pub"))))
		rc =
		    fail(ERR_DENIED, "%s: a key file is called NAME.pub", path);
	if (rc == ERR_NONE)
		rc = io_read(&b, path, SIGN_FILE_MAX);
	if (rc == ERR_NONE) {
		*k = (struct station_key){ name,
			arena_copy(in->a, buf_view(&b)) };
		in->wish.n_keys++;
	}
	buf_release(&b);
	return rc;
}

static enum err
take_wish(struct installing *in, const struct lab_args *args)
{
	const char *trusted =
	    arena_printf(in->a, "%s/etc/vitrine/trusted", in->root).at;
	enum err rc = session_trust_folder(&in->trust, trusted);

	in->sessions =
	    arena_array(in->a, (size_t)args->n + 1, struct station_session);
	in->keys = arena_array(in->a, 1, struct station_key);
	in->wish.prefix =
	    io_is_file(arena_printf(in->a, "%s/usr/bin/vitrine", in->root).at) ?
	    STR("/usr") :
	    STR("/usr/local");
	if (rc == ERR_NONE && args->option['p'] != NULL)
		rc = take_key(in, args->option['p']);
	for (int i = 1; i < args->n && rc == ERR_NONE; i++)
		rc = take_session(in, args->rest[i], args->option['c']);
	in->wish.sessions = in->sessions;
	in->wish.keys = in->keys;
	return rc;
}

static enum err
say_plan(const struct station_plan *p, struct arena *a)
{
	enum err rc = ERR_NONE;

	for (size_t i = 0; i < p->n && rc == ERR_NONE; i++) {
		struct buf b = { 0 };

		buf_str(&b, station_plan_say(&p->at[i], a));
		buf_char(&b, '\n');
		rc = lab_put(buf_view(&b));
		buf_release(&b);
	}
	return rc;
}

static enum err
install(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct str root = arena_copy(&a, root_of(args));
	struct installing in = { .a = &a, .root = root.at };
	struct station_things want = { 0 };
	struct station_plan plan = { 0 };
	bool yes = false;
	enum err rc = take_wish(&in, args);

	if (rc == ERR_NONE)
		rc = station_wish_list(&want, &a, root.at, &in.wish);
	if (rc == ERR_NONE)
		rc = station_plan_make(&plan, &a, root.at, &want);
	if (rc == ERR_NONE)
		rc = say_plan(&plan, &a);
	if (rc == ERR_NONE && plan.n == 0)
		rc = lab_say("Nothing to do: all %zu things are as they "
			     "should be.\n",
		    want.n);
	else if (rc == ERR_NONE)
		rc = lab_agreed(args, "Make these changes?", &yes);
	if (rc == ERR_NONE && yes) {
		rc = station_plan_do(&plan, &a, root.at);
		if (rc == ERR_NONE)
			rc = lab_say(
			    "%zu changes made.  Set a password for each "
			    "auditor (passwd NAME), then start the\nmachine "
			    "again: they take effect then.\n",
			    plan.n);
	}
	arena_release(&a);
	return rc;
}

static void
say_left(void *arg, struct str line)
{
	enum err *rc = arg;

	if (*rc == ERR_NONE)
		*rc = lab_say("%.*s\n", STR_ARG(line));
}

static enum err
undo(const struct lab_args *args)
{
	struct arena a = { 0 };
	struct str root = arena_copy(&a, root_of(args));
	enum err said = ERR_NONE, rc;
	size_t undone = 0;
	bool yes = false;

	rc = lab_agreed(args, "Take back all that was installed?", &yes);
	if (rc == ERR_NONE && yes) {
		rc = station_plan_undo(&a, root.at, &undone, say_left, &said);
		if (rc == ERR_NONE)
			rc = said;
		if (rc == ERR_NONE)
			rc = lab_say("%zu changes taken back.\n", undone);
	}
	arena_release(&a);
	return rc;
}

static enum err
station(const struct lab_args *args)
{
	const char *what = args->rest[0];

	if (strcmp(what, "check") == 0 && args->n == 1)
		return check(args);
	if (strcmp(what, "install") == 0)
		return install(args);
	if (strcmp(what, "undo") == 0 && args->n == 1)
		return undo(args);
	*args->misused = true;
	return fail(ERR_DENIED,
	    "station takes \"check\", \"install\" or \"undo\"");
}

const struct lab_command lab_station_command = {
	.name = "station",
	.letters = "ac:jno:p:r:y",
	.least = 1,
	.most = 33,
	.usage = "check [-aj] [-o FILE] [-r ROOT]\n"
		 "vitrine-lab station install [-n|-y] [-p KEY.pub] [-r ROOT] "
		 "[-c session.conf] [SESSION]...\n"
		 "vitrine-lab station undo [-n|-y] [-r ROOT]",
	.help = "check: say what this machine really is and what to do; -a: "
		"all rows, -j: JSON\n\tinstall: make it a station for these "
		"sessions; shows what it would change, first\n\tundo: take "
		"all of that back",
	.run = station,
};
