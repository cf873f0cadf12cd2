#include "policy/ctags_said.h"

static bool
is_anonymous(struct str name)
{
	return str_starts(name, STR("__anon"));
}

static bool
read_program(struct ctags_said *s)
{
	s->what = CTAGS_PROGRAM;
	return json_str(s->json, "name", &s->name) &&
	    json_str(s->json, "version", &s->version) && s->name.len <= 100 &&
	    s->version.len <= 100 - s->name.len;
}

static bool
read_tag(struct ctags_said *s)
{
	struct symbol *d = &s->symbol;
	int64_t line, end;

	s->what = CTAGS_TAG;
	d->scope = STR("");
	if (!json_str(s->json, "name", &d->name) ||
	    !json_str(s->json, "kind", &d->kind) ||
	    !json_num(s->json, "line", &line) || line < 1 || line > INT32_MAX)
		return false;
	d->line = d->last = (uint32_t)line;
	if (json_num(s->json, "end", &end) && end > line && end <= INT32_MAX)
		d->last = (uint32_t)end;
	if (json_str(s->json, "scope", &d->scope) && is_anonymous(d->scope))
		d->scope = STR("");
	s->anonymous = is_anonymous(d->name);
	return true;
}

enum err
ctags_said_read(struct ctags_said *out, struct str line)
{
	struct ctags_said s = { 0 };
	struct str type;
	bool fine = false;
	enum err rc = json_parse(&s.json, line);

	if (rc != ERR_NONE)
		return rc;
	if (json_str(s.json, "_type", &type)) {
		if (str_eq(type, STR("tag")))
			fine = read_tag(&s);
		else if (str_eq(type, STR("program")))
			fine = read_program(&s);
		else if (str_eq(type, STR("completed")))
			fine = true;
		if (fine && str_eq(type, STR("completed")))
			s.what = CTAGS_COMPLETED;
	}
	if (!fine) {
		json_free(s.json);
		return fail(ERR_FORMAT, "not what universal-ctags says");
	}
	*out = s;
	return ERR_NONE;
}

void
ctags_said_release(struct ctags_said *s)
{
	json_free(s->json);
	*s = (struct ctags_said){ 0 };
}
