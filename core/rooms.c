#include "core/rooms.h"

#include "core/limits.h"
#include "core/wire.h"

const char *
room_name(enum room r)
{
	static const char *const names[ROOMS] = {
		"desk",
		"reading",
		"notes",
		"worker",
		"search",
		"check",
	};

	return names[r];
}

const char *
room_file(enum room r)
{
	static const char *const files[ROOMS] = {
		"room_desk",
		"room_reading",
		"room_notes",
		"room_worker",
		"room_search",
		"room_check",
	};

	return files[r];
}

void
start_write(const struct start *s, struct buf *b)
{
	wire_put_u8(b, s->session);
	wire_put_str(b, s->title);
	wire_put_str(b, s->git);
	wire_put_str(b, s->text);
	wire_put_str(b, s->data);
	wire_put_str(b, s->welcome);
	wire_put_str(b, s->rules);
	wire_put_u16(b, s->seen_line);
	wire_put_u16(b, s->seen_least);
	wire_put_str(b, s->manifest);
	wire_put_str(b, s->auditor);
	wire_put_str(b, s->revision);
	wire_put_u16(b, s->cores);
	wire_put_u16(b, s->index);
	wire_put_u32(b, s->n_releases);
	for (uint32_t i = 0; i < s->n_releases; i++) {
		wire_put_str(b, s->releases[i].name);
		wire_put_oid(b, &s->releases[i].commit);
		wire_put_str(b, s->releases[i].status);
	}
	wire_put_str(b, s->query);
	wire_put_u8(b, s->count);
	wire_put_u8(b, s->spool);
	wire_put_u64(b, (uint64_t)s->until);
}

enum err
start_read(struct start *s, struct arena *a, struct str body)
{
	struct wire w = wire_of(body);

	*s = (struct start){ 0 };
	s->session = wire_u8(&w) == 1;
	s->title = arena_copy(a, wire_str(&w, LIMIT_TITLE));
	s->git = arena_copy(a, wire_str(&w, LIMIT_PATH));
	s->text = arena_copy(a, wire_str(&w, LIMIT_PATH));
	s->data = arena_copy(a, wire_str(&w, LIMIT_PATH));
	s->welcome = arena_copy(a, wire_str(&w, LIMIT_WELCOME));
	s->rules = arena_copy(a, wire_str(&w, LIMIT_CONF));
	s->seen_line = wire_u16(&w);
	s->seen_least = wire_u16(&w);
	s->manifest = arena_copy(a, wire_str(&w, 64));
	s->auditor = arena_copy(a, wire_str(&w, LIMIT_TITLE));
	s->revision = arena_copy(a, wire_str(&w, LIMIT_REF_NAME));
	s->cores = wire_u16(&w);
	s->index = wire_u16(&w);
	s->n_releases = wire_u32(&w);
	if (s->n_releases > LIMIT_RELEASES)
		w.bad = true;
	if (!w.bad)
		s->releases = arena_array(a, s->n_releases, struct release);
	for (uint32_t i = 0; !w.bad && i < s->n_releases; i++) {
		s->releases[i].name =
		    arena_copy(a, wire_str(&w, LIMIT_REF_NAME));
		s->releases[i].commit = wire_oid(&w);
		s->releases[i].status = arena_copy(a, wire_str(&w, 64));
	}
	s->query = arena_copy(a, wire_str(&w, LIMIT_MESSAGE));
	s->count = wire_u8(&w) == 1;
	s->spool = wire_u8(&w) == 1;
	s->until = (int64_t)wire_u64(&w);
	return wire_done(&w);
}
