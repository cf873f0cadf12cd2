#include "policy/lab.h"

#include "core/io.h"
#include "core/json.h"
#include "policy/station.h"

#include <string.h>
#include <time.h>

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

static enum err
station(const struct lab_args *args)
{
	const char *what = args->rest[0];

	if (strcmp(what, "check") == 0 && args->n == 1)
		return check(args);
	return fail(ERR_DENIED, "station takes \"check\"");
}

const struct lab_command lab_station_command = {
	.name = "station",
	.letters = "ajo:r:",
	.least = 1,
	.most = 40,
	.usage = "check [-a] [-j] [-r ROOT] [-o FILE]",
	.help = "say what this machine really is, row by row, and what to do; "
		"-a: also\n\tthe rows that hold, -j: JSON, -r: another tree, "
		"-o: for the system's unit",
	.run = station,
};
