#include "core/git_blame.h"

#include <stdlib.h>
#include <string.h>

#include "core/array.h"
#include "core/git_blob.h"
#include "core/git_match.h"
#include "core/git_named.h"
#include "core/git_queue.h"
#include "core/lines.h"

enum {
	BLAME_BLOBS = 24, /* kept unpacked */
	BLAME_MOVED = 20, /* letters and digits that make a move */
	BLAME_PARENTS = 4096,
};

/* Lines whose origin is still looked for. */
struct span {
	uint32_t line;  /* in the file that is blamed, from 0 */
	uint32_t there; /* in the suspect, from 0 */
	uint32_t len;
};

struct spans {
	struct span *at;
	size_t len, room;
};

/* A file that stood at a path in a commit. */
struct suspect {
	uint32_t node, path; /* path: a number of blame.names */
	struct oid blob;
	struct spans spans;
	uint32_t next; /* of the same commit, + 1 */
	bool waiting;
};

struct cached {
	struct oid id;
	struct git_bytes bytes;
	uint64_t used;
};

struct git_blame {
	struct git_graph *graph;
	struct blame_options options;
	struct git_named *names;
	struct suspect *suspects;
	size_t n_suspects, suspect_room;
	uint32_t *by_node; /* first suspect of a commit, + 1 */
	size_t n_by_node;
	struct git_queue queue;
	uint64_t clock;
	struct cached cache[BLAME_BLOBS];
	struct match match;
	struct blame_part *parts;
	size_t n_parts, part_room, next_part;
	uint32_t lines;
};

static void
add_span(struct spans *s, struct span span)
{
	if (span.len == 0)
		return;
	s->at = array_more(s->at, s->len, &s->room, sizeof *s->at);
	s->at[s->len++] = span;
}

static void
push(struct git_blame *b, uint32_t suspect)
{
	struct suspect *s = &b->suspects[suspect];

	if (!s->waiting)
		git_queue_push(&b->queue,
		    git_graph_node(b->graph, s->node)->time, suspect);
	s->waiting = true;
}

static uint32_t
pop(struct git_blame *b)
{
	uint32_t suspect = git_queue_pop(&b->queue);

	b->suspects[suspect].waiting = false;
	return suspect;
}

static uint32_t *
first_suspect(struct git_blame *b, uint32_t node)
{
	if (node >= b->n_by_node) {
		size_t n = node + node / 2 + 256;

		b->by_node = reallocarray(b->by_node, n, sizeof *b->by_node);
		if (b->by_node == NULL)
			bug("no memory for %zu commits", n);
		memset(b->by_node + b->n_by_node, 0,
		    (n - b->n_by_node) * sizeof *b->by_node);
		b->n_by_node = n;
	}
	return &b->by_node[node];
}

/* The file of that commit and path, made when it is new. */
static uint32_t
suspect_number(struct git_blame *b, uint32_t node, const struct named_file *f)
{
	uint32_t *first = first_suspect(b, node);

	for (uint32_t i = *first; i != 0; i = b->suspects[i - 1].next)
		if (b->suspects[i - 1].path == f->name)
			return i - 1;
	b->suspects = array_more(b->suspects, b->n_suspects, &b->suspect_room,
	    sizeof *b->suspects);
	b->suspects[b->n_suspects] = (struct suspect){ .node = node,
		.path = f->name,
		.blob = f->id,
		.next = *first };
	*first = (uint32_t)++b->n_suspects;
	return *first - 1;
}

/* Borrowed until BLAME_BLOBS others were asked for. */
static enum err
blob(struct str *out, struct git_blame *b, const struct oid *id)
{
	struct cached *oldest = &b->cache[0];
	struct git_bytes bytes = { 0 };
	enum err rc;

	for (size_t i = 0; i < BLAME_BLOBS; i++) {
		struct cached *c = &b->cache[i];

		if (c->used > 0 && oid_eq(&c->id, id)) {
			c->used = ++b->clock;
			*out = c->bytes.bytes;
			return ERR_NONE;
		}
		if (c->used < oldest->used)
			oldest = c;
	}
	rc = git_blob_read(&bytes, git_graph_repo(b->graph), id);
	if (rc != ERR_NONE)
		return rc;
	git_repo_drop(&oldest->bytes);
	*oldest = (struct cached){ *id, bytes, ++b->clock };
	*out = bytes.bytes;
	return ERR_NONE;
}

static int
compare_spans(const void *a, const void *b)
{
	const struct span *x = a, *y = b;

	if (x->there != y->there)
		return x->there < y->there ? -1 : 1;
	return (x->line > y->line) - (x->line < y->line);
}

/* In order of their place in the suspect, neighbours joined. */
static void
settle(struct spans *s)
{
	size_t n = 0;

	if (s->len > 0)
		qsort(s->at, s->len, sizeof *s->at, compare_spans);
	for (size_t i = 0; i < s->len; i++) {
		struct span *last = n > 0 ? &s->at[n - 1] : NULL;

		if (last != NULL && last->there + last->len == s->at[i].there &&
		    last->line + last->len == s->at[i].line)
			last->len += s->at[i].len;
		else
			s->at[n++] = s->at[i];
	}
	s->len = n;
}

static uint32_t
run_end(const struct match_run *r)
{
	return r->len > UINT32_MAX - r->new ? UINT32_MAX : r->new + r->len;
}

/* What stands in a run goes to the parent, the rest stays. */
static void
split(struct spans *stay, struct spans *go, const struct spans *all,
    const struct match *m)
{
	size_t k = 0;

	for (size_t i = 0; i < all->len; i++) {
		struct span s = all->at[i];

		/* Two spans may begin at one line: look again. */
		while (k > 0 && run_end(&m->at[k - 1]) > s.there)
			k--;
		while (s.len > 0) {
			const struct match_run *r;
			uint32_t n;

			while (k < m->len && run_end(&m->at[k]) <= s.there)
				k++;
			if (k == m->len) {
				add_span(stay, s);
				break;
			}
			r = &m->at[k];
			n = s.there < r->new ? r->new - s.there :
					       run_end(r) - s.there;
			if (n > s.len)
				n = s.len;
			if (s.there < r->new)
				add_span(stay,
				    (struct span){ s.line, s.there, n });
			else
				add_span(go,
				    (struct span){ s.line,
					r->old + (s.there - r->new), n });
			s.line += n;
			s.there += n;
			s.len -= n;
		}
	}
}

static void
give(struct git_blame *b, uint32_t to, const struct spans *go)
{
	for (size_t i = 0; i < go->len; i++)
		add_span(&b->suspects[to].spans, go->at[i]);
	if (go->len > 0)
		push(b, to);
}

static enum err
pass_lines(struct git_blame *b, uint32_t from, uint32_t to)
{
	struct spans stay = { 0 }, go = { 0 };
	struct str old, new;
	enum err rc;

	rc = blob(&new, b, &b->suspects[from].blob);
	if (rc == ERR_NONE)
		rc = blob(&old, b, &b->suspects[to].blob);
	if (rc == ERR_NONE)
		rc = git_match_lines(&b->match, git_graph_repo(b->graph), old,
		    new,
		    b->options.ignore_space ? DIFF_SPACE_NONE : DIFF_SPACE_ALL);
	if (rc != ERR_NONE)
		return rc;
	split(&stay, &go, &b->suspects[from].spans, &b->match);
	free(b->suspects[from].spans.at);
	b->suspects[from].spans = stay;
	give(b, to, &go);
	free(go.at);
	return ERR_NONE;
}

static uint32_t
score(struct str text)
{
	uint32_t n = 1;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];

		n += (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
		    (c >= 'A' && c <= 'Z');
	}
	return n;
}

static struct str
span_text(struct lines *l, const struct span *s)
{
	size_t at = lines_start(l, s->there + 1);
	size_t end = lines_start(l, s->there + s->len + 1);

	return str_slice(l->bytes, at, end - at);
}

/* The best run of the lines of s that stands anywhere in old; its score. */
static enum err
best_run(struct match_run *best, uint32_t *points, struct git_blame *b,
    struct lines *new, const struct span *s, struct str old)
{
	enum err rc = git_match_lines(&b->match, git_graph_repo(b->graph), old,
	    span_text(new, s),
	    b->options.ignore_space ? DIFF_SPACE_NONE : DIFF_SPACE_ALL);

	*points = 0;
	for (size_t i = 0; rc == ERR_NONE && i < b->match.len; i++) {
		struct match_run r = b->match.at[i];
		struct span part;
		uint32_t n;

		if (r.new >= s->len)
			continue;
		if (r.len > s->len - r.new)
			r.len = s->len - r.new;
		part = (struct span){ 0, s->there + r.new, r.len };
		n = score(span_text(new, &part));
		if (n > *points) {
			*points = n;
			*best = r;
		}
	}
	return rc;
}

/* Lines that stand elsewhere in the parent's file, run by run. */
static enum err
pass_moves(struct git_blame *b, uint32_t from, uint32_t to)
{
	struct spans todo = b->suspects[from].spans, stay = { 0 }, go = { 0 };
	struct str old, text;
	struct lines new;
	enum err rc;

	rc = blob(&text, b, &b->suspects[from].blob);
	if (rc == ERR_NONE)
		rc = blob(&old, b, &b->suspects[to].blob);
	if (rc != ERR_NONE)
		return rc;
	lines_init(&new, text);
	while (rc == ERR_NONE && todo.len > 0) {
		struct span s = todo.at[--todo.len];
		struct match_run r = { 0 };
		uint32_t points, end;

		rc = best_run(&r, &points, b, &new, &s, old);
		if (rc != ERR_NONE || points <= BLAME_MOVED) {
			add_span(&stay, s);
			continue;
		}
		end = r.new + r.len;
		add_span(&go, (struct span){ s.line + r.new, r.old, r.len });
		add_span(&todo, (struct span){ s.line, s.there, r.new });
		add_span(&todo,
		    (struct span){ s.line + end, s.there + end, s.len - end });
	}
	for (size_t i = 0; i < todo.len; i++)
		add_span(&stay, todo.at[i]);
	lines_release(&new);
	free(todo.at);
	settle(&stay);
	b->suspects[from].spans = stay;
	give(b, to, &go);
	free(go.at);
	return rc;
}

/* The file in the parent, under this name or the one it had there. */
static enum err
find_file(uint32_t *found, struct git_blame *b, uint32_t from, uint32_t parent,
    bool renamed)
{
	const struct suspect *s = &b->suspects[from];
	struct named_file f = { .name = s->path, .id = s->blob };
	enum err rc = ERR_NONE;

	if (!renamed && git_named_kept(b->names, s->path, s->node, parent)) {
		*found = suspect_number(b, parent, &f);
		return ERR_NONE;
	}
	rc = renamed ?
	    git_named_before(&f, b->names, s->path, s->node, parent) :
	    git_named_find(&f, b->names, s->path, parent);

	if (rc == ERR_NONE && f.name != GRAPH_NONE)
		*found = suspect_number(b, parent, &f);
	return rc;
}

/* Unreadable history is a boundary, not a failure. */
static bool
goes_on(enum err *rc)
{
	if (*rc != ERR_ABSENT && *rc != ERR_FORMAT && *rc != ERR_LIMIT)
		return *rc == ERR_NONE;
	err_clear();
	*rc = ERR_NONE;
	return false;
}

struct origins {
	uint32_t *at; /* a suspect for each parent, or GRAPH_NONE */
	uint32_t n;
	uint32_t missing;
	bool whole; /* all lines went to a parent that has the same */
};

static void
pass_whole(struct git_blame *b, uint32_t from, uint32_t to)
{
	struct spans all = b->suspects[from].spans;

	b->suspects[from].spans = (struct spans){ 0 };
	give(b, to, &all);
	free(all.at);
}

static bool
seen_blob(const struct git_blame *b, const struct origins *o, uint32_t n,
    uint32_t suspect)
{
	for (uint32_t i = 0; i < n; i++)
		if (o->at[i] != GRAPH_NONE &&
		    oid_eq(&b->suspects[o->at[i]].blob,
			&b->suspects[suspect].blob))
			return true;
	return false;
}

static enum err
find_origins(struct origins *o, struct git_blame *b, uint32_t from,
    bool renamed)
{
	uint32_t node = b->suspects[from].node;
	enum err rc = ERR_NONE;

	for (uint32_t i = 0; rc == ERR_NONE && i < o->n; i++) {
		uint32_t parent = git_graph_parent(b->graph, node, i);
		uint32_t found = GRAPH_NONE;

		if (o->at[i] != GRAPH_NONE)
			continue;
		rc = git_graph_load(b->graph, parent);
		if (!goes_on(&rc)) {
			o->missing += !renamed;
			continue;
		}
		rc = find_file(&found, b, from, parent, renamed);
		if (!goes_on(&rc) || found == GRAPH_NONE)
			continue;
		if (oid_eq(&b->suspects[found].blob, &b->suspects[from].blob)) {
			pass_whole(b, from, found);
			o->whole = true;
			return ERR_NONE;
		}
		if (!seen_blob(b, o, i, found))
			o->at[i] = found;
	}
	return rc;
}

static void
add_part(struct git_blame *b, uint32_t suspect, const struct span *s,
    bool boundary)
{
	const struct suspect *from = &b->suspects[suspect];

	b->parts =
	    array_more(b->parts, b->n_parts, &b->part_room, sizeof *b->parts);
	b->parts[b->n_parts++] = (struct blame_part){
		.first = s->line + 1,
		.len = s->len,
		.old_first = s->there + 1,
		.commit = git_graph_node(b->graph, from->node)->id,
		.old_path = git_named_path(b->names, from->path),
		.boundary = boundary,
	};
}

static enum err
pass_to_all(struct git_blame *b, uint32_t from, const struct origins *o,
    enum err (*pass)(struct git_blame *, uint32_t, uint32_t))
{
	enum err rc = ERR_NONE;

	for (uint32_t i = 0;
	     rc == ERR_NONE && i < o->n && b->suspects[from].spans.len > 0; i++)
		if (o->at[i] != GRAPH_NONE) {
			rc = pass(b, from, o->at[i]);
			(void)goes_on(&rc);
		}
	return rc;
}

static enum err
pass_blame(struct git_blame *b, uint32_t from, struct origins *o)
{
	enum err rc = find_origins(o, b, from, false);

	if (rc == ERR_NONE && !o->whole)
		rc = find_origins(o, b, from, true);
	if (rc != ERR_NONE || o->whole)
		return rc;
	rc = pass_to_all(b, from, o, pass_lines);
	if (rc == ERR_NONE && b->options.moves)
		rc = pass_to_all(b, from, o, pass_moves);
	return rc;
}

/* What no parent has is this commit's. */
static enum err
examine(struct git_blame *b, uint32_t suspect)
{
	uint32_t node = b->suspects[suspect].node;
	struct origins o = { 0 };
	enum err rc;

	settle(&b->suspects[suspect].spans);
	o.n = git_graph_node(b->graph, node)->n_parents;
	if (o.n > BLAME_PARENTS)
		o.n = BLAME_PARENTS;
	o.at = malloc((o.n + 1) * sizeof *o.at);
	if (o.at == NULL)
		bug("no memory for %u parents", o.n);
	for (uint32_t i = 0; i < o.n; i++)
		o.at[i] = GRAPH_NONE;
	rc = pass_blame(b, suspect, &o);
	for (size_t i = 0; rc == ERR_NONE && i < b->suspects[suspect].spans.len;
	     i++)
		add_part(b, suspect, &b->suspects[suspect].spans.at[i],
		    o.missing == o.n);
	free(b->suspects[suspect].spans.at);
	b->suspects[suspect].spans = (struct spans){ 0 };
	free(o.at);
	return rc;
}

static enum err
begin(struct git_blame *b, const struct oid *commit, struct str path)
{
	uint32_t node = git_graph_name(b->graph, commit), suspect;
	uint32_t name = git_named_number(b->names, path);
	struct named_file f;
	struct lines l;
	struct str text;
	enum err rc = git_graph_load(b->graph, node);

	if (rc == ERR_NONE)
		rc = git_named_find(&f, b->names, name, node);
	if (rc == ERR_NONE && f.name == GRAPH_NONE)
		rc = fail(ERR_ABSENT, "%.*s: no such file in this revision",
		    path.len > 200 ? 200 : (int)path.len, path.at);
	if (rc == ERR_NONE)
		rc = blob(&text, b, &f.id);
	if (rc != ERR_NONE)
		return rc;
	lines_init(&l, text);
	b->lines = lines_count(&l);
	lines_release(&l);
	suspect = suspect_number(b, node, &f);
	add_span(&b->suspects[suspect].spans, (struct span){ 0, 0, b->lines });
	push(b, suspect);
	return ERR_NONE;
}

enum err
git_blame_open(struct git_blame **out, struct git_graph *g,
    const struct oid *commit, struct str path, const struct blame_options *o)
{
	struct git_blame *b = calloc(1, sizeof *b);
	enum err rc;

	if (b == NULL)
		bug("no memory for a blame");
	b->graph = g;
	b->options = *o;
	git_named_open(&b->names, g);
	rc = begin(b, commit, path);
	if (rc == ERR_NONE)
		*out = b;
	else
		git_blame_close(b);
	return rc;
}

void
git_blame_close(struct git_blame *b)
{
	if (b == NULL)
		return;
	git_named_close(b->names);
	for (size_t i = 0; i < b->n_suspects; i++)
		free(b->suspects[i].spans.at);
	for (size_t i = 0; i < BLAME_BLOBS; i++)
		git_repo_drop(&b->cache[i].bytes);
	git_match_release(&b->match);
	free(b->suspects);
	free(b->by_node);
	git_queue_release(&b->queue);
	free(b->parts);
	free(b);
}

uint32_t
git_blame_lines(const struct git_blame *b)
{
	return b->lines;
}

enum err
git_blame_next(struct blame_part *part, bool *got, struct git_blame *b,
    unsigned steps)
{
	enum err rc = ERR_NONE;

	*got = false;
	while (rc == ERR_NONE && b->next_part == b->n_parts) {
		if (b->queue.len == 0)
			return ERR_ABSENT;
		if (steps-- == 0)
			return ERR_NONE;
		b->next_part = b->n_parts = 0;
		rc = examine(b, pop(b));
	}
	if (rc == ERR_NONE) {
		*part = b->parts[b->next_part++];
		*got = true;
	}
	return rc;
}
