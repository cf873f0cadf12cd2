/*
 * Rows about ways in and out: networks, radios, storage, what records.
 */
#include "policy/station_inside.h"

#include <string.h>

/*
 * The login on the one console has a network of its own, without any card:
 * seen from there, and by whoever is not root, that nothing is found says
 * nothing of the machine.  What the system's own check wrote does.
 */
static void
only_from_outside(struct station *s, struct station_row *row)
{
	struct str mine, first;

	if (row->state != STATION_HOLDS ||
	    (station_link(s, &mine, "/proc/self/ns/net") == STATION_READ &&
		station_link(s, &first, "/proc/1/ns/net") == STATION_READ &&
		str_eq(mine, first)))
		return;
	station_cannot(s, row,
	    "none from here, where the machine's own network cannot be seen");
	row->remedy = STR("look as root, and not at the locked console: "
			  "systemctl start vitrine-station looks from outside "
			  "of it");
}

static void
look_interfaces(struct station *s, struct station_row *row)
{
	struct io_names names;
	struct station_list others = { 0 };

	if (station_names(s, &names, "/sys/class/net") != STATION_READ) {
		station_cannot(s, row, "/sys/class/net cannot be read");
		return;
	}
	for (size_t i = 0; i < names.len; i++) {
		struct str state;

		if (str_eq(names.at[i], STR("lo")) ||
		    str_eq(names.at[i], STR("bonding_masters")))
			continue;
		(void)station_text(s, &state,
		    station_path(s, "/sys/class/net/%s/operstate",
			names.at[i].at));
		station_list_add(&others,
		    arena_printf(s->a, "%s (%.*s)", names.at[i].at,
			STR_ARG(state.len > 0 ? state : STR("?"))));
	}
	if (others.n == 0)
		station_says(s, row, true, "only the loopback");
	else
		station_says_list(s, row, false, "", &others);
	only_from_outside(s, row);
}

/* 32 hex digits as people write them. */
static struct str
address6(struct arena *a, struct str hex)
{
	struct buf b = { 0 };
	struct str text;

	for (size_t i = 0; i < hex.len; i++) {
		if (i > 0 && i % 4 == 0)
			buf_char(&b, ':');
		buf_char(&b, hex.at[i]);
	}
	text = arena_copy(a, buf_view(&b));
	buf_release(&b);
	return text;
}

/* "fe80...0001 04 40 20 80 eth0" */
static void
addresses6(struct station *s, struct station_list *l, bool *read)
{
	struct str text, line, address, word, last = STR("");

	if (station_text(s, &text, "/proc/net/if_inet6") != STATION_READ)
		return;
	*read = true;
	while (str_cut(&text, '\n', &line)) {
		if (!station_word(&line, &address))
			continue;
		while (station_word(&line, &word))
			last = word;
		word = address6(s->a, address);
		if (!str_eq(last, STR("lo")))
			station_list_add(l,
			    arena_printf(s->a, "%.*s on %.*s", STR_ARG(word),
				STR_ARG(last)));
	}
}

/* An address of ours stands on the line before "/32 host LOCAL". */
static void
addresses4(struct station *s, struct station_list *l, bool *read)
{
	struct str text, line, word, address = STR("");
	struct str seen[64];
	size_t n = 0;

	if (station_text(s, &text, "/proc/net/fib_trie") != STATION_READ)
		return;
	*read = true;
	while (str_cut(&text, '\n', &line)) {
		bool local = str_find(line, STR("host LOCAL"), 0) != SIZE_MAX,
		     known = false;

		if (!local) {
			if (station_word(&line, &word) &&
			    station_word(&line, &word))
				address = word;
			continue;
		}
		for (size_t i = 0; i < n; i++)
			known = known || str_eq(seen[i], address);
		if (known || str_starts(address, STR("127.")) || n == 64)
			continue;
		seen[n++] = address;
		station_list_add(l, address);
	}
}

static void
look_addresses(struct station *s, struct station_row *row)
{
	struct station_list l = { 0 };
	bool read4 = false, read6 = false;

	addresses4(s, &l, &read4);
	addresses6(s, &l, &read6);
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else if (!read4 && !read6)
		station_cannot(s, row, "/proc/net cannot be read");
	else
		station_says(s, row, true, "none but the loopback's");
	only_from_outside(s, row);
	buf_release(&l.text);
}

/* Sockets in state LISTEN (0A), and UDP sockets that are bound (07), not on
 * the loopback. */
static size_t
listeners(struct station *s, const char *path, const char *state, bool *read)
{
	struct str text, line, word, local = STR("");
	size_t n = 0;

	if (station_text(s, &text, path) != STATION_READ)
		return 0;
	*read = true;
	(void)str_cut(&text, '\n', &line);
	while (str_cut(&text, '\n', &line)) {
		if (!station_word(&line, &word) ||
		    !station_word(&line, &local) ||
		    !station_word(&line, &word) || !station_word(&line, &word))
			continue;
		n += str_eq(word, str_of(state)) &&
		    !str_starts(local, STR("0100007F:")) &&
		    !str_starts(local,
			STR("00000000000000000000000001000000:"));
	}
	return n;
}

static void
look_listeners(struct station *s, struct station_row *row)
{
	bool read = false;
	size_t tcp = listeners(s, "/proc/net/tcp", "0A", &read) +
	    listeners(s, "/proc/net/tcp6", "0A", &read);
	size_t udp = listeners(s, "/proc/net/udp", "07", &read) +
	    listeners(s, "/proc/net/udp6", "07", &read);

	if (!read)
		station_cannot(s, row, "/proc/net cannot be read");
	else if (tcp + udp > 0)
		station_says(s, row, false,
		    "%zu TCP and %zu UDP sockets wait for others", tcp, udp);
	else
		station_says(s, row, true, "nobody listens");
	only_from_outside(s, row);
}

static void
add_folder(struct station *s, struct station_list *l, const char *path,
    const char *prefix)
{
	struct io_names names;

	(void)station_names(s, &names, path);
	for (size_t i = 0; i < names.len; i++)
		if (str_starts(names.at[i], str_of(prefix)))
			station_list_add(l, names.at[i]);
}

static void
look_radio(struct station *s, struct station_row *row)
{
	struct station_list l = { 0 };

	add_folder(s, &l, "/sys/class/ieee80211", "");
	add_folder(s, &l, "/sys/class/bluetooth", "");
	add_folder(s, &l, "/sys/class/wwan", "");
	add_folder(s, &l, "/sys/class/nfc", "");
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else if (!station_there(s, "/sys/class"))
		station_cannot(s, row, "/sys/class cannot be read");
	else
		station_says(s, row, true, "none");
}

static void
look_recorders(struct station *s, struct station_row *row)
{
	struct station_list l = { 0 };

	add_folder(s, &l, "/sys/class/video4linux", "video");
	add_folder(s, &l, "/sys/class/sound", "card");
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else if (!station_there(s, "/sys/class"))
		station_cannot(s, row, "/sys/class cannot be read");
	else
		station_says(s, row, true, "no camera and no sound card");
}

/* modprobe takes "-" and "_" for the same. */
static bool
is_module(struct str word, const char *module)
{
	size_t i = 0;

	for (; i < word.len && module[i] != '\0'; i++)
		if (word.at[i] != module[i] &&
		    !(word.at[i] == '_' && module[i] == '-'))
			return false;
	return i == word.len && module[i] == '\0';
}

/* Lines "install MODULE COMMAND": to end at once, or to do something else. */
static void
count_installs(struct str text, const char *module, size_t *never, size_t *some)
{
	struct str line, word;

	while (str_cut(&text, '\n', &line)) {
		if (!station_word(&line, &word) ||
		    !str_eq(word, STR("install")) ||
		    !station_word(&line, &word) || !is_module(word, module) ||
		    !station_word(&line, &word))
			continue;
		if (str_ends(word, STR("/false")) ||
		    str_ends(word, STR("/true")))
			++*never;
		else
			++*some;
	}
}

/* Of several commands modprobe takes the first, in the order of the files'
 * names: none may do anything. */
static bool
cannot_load(struct station *s, const char *module)
{
	static const char *const folders[] = { "/etc/modprobe.d",
		"/run/modprobe.d", "/usr/local/lib/modprobe.d",
		"/lib/modprobe.d", "/usr/lib/modprobe.d" };
	size_t never = 0, some = 0;
	struct io_names names;
	struct str text;

	for (size_t f = 0; f < sizeof folders / sizeof *folders; f++) {
		(void)station_names(s, &names, folders[f]);
		for (size_t i = 0; i < names.len; i++) {
			if (!str_ends(names.at[i], STR(".conf")))
				continue;
			(void)station_text(s, &text,
			    station_path(s, "%s/%s", folders[f],
				names.at[i].at));
			count_installs(text, module, &never, &some);
		}
	}
	return never > 0 && some == 0;
}

/* Root has let a stick in, and not shut the door again. */
static void
is_carrying(struct station *s, struct station_row *row)
{
	if (row->state == STATION_FAILS &&
	    station_there(s, "/run/vitrine-carry"))
		row->remedy = STR("pull the stick, and systemctl stop "
				  "vitrine-carry");
}

static void
look_storage(struct station *s, struct station_row *row)
{
	static const char *const modules[] = { "usb-storage", "uas" };
	static const char *const loaded[] = { "/sys/module/usb_storage",
		"/sys/module/uas" };
	struct station_list can = { 0 }, is = { 0 };

	for (size_t i = 0; i < 2; i++) {
		if (station_there(s, loaded[i]))
			station_list_add(&is, str_of(modules[i]));
		if (!cannot_load(s, modules[i]))
			station_list_add(&can, str_of(modules[i]));
	}
	if (is.n > 0)
		station_says_list(s, row, false, "in the kernel now: ", &is);
	else if (can.n > 0)
		station_says_list(s, row, false, "can be loaded: ", &can);
	else
		station_says(s, row, true, "not loaded, and not to be loaded");
	is_carrying(s, row);
	buf_release(&can.text);
	buf_release(&is.text);
}

/* The kernel asks each bus whether what is plugged in may be used. */
static void
look_plugged(struct station *s, struct station_row *row)
{
	struct io_names names;
	struct station_list open = { 0 };
	struct str shut = STR("");
	size_t buses = 0;

	if (!station_there(s, "/sys/bus")) {
		station_cannot(s, row, "/sys/bus cannot be read");
		return;
	}
	(void)station_names(s, &names, "/sys/bus/usb/devices");
	for (size_t i = 0; i < names.len; i++) {
		struct str value;

		if (!str_starts(names.at[i], STR("usb")))
			continue;
		buses++;
		if (station_text(s, &value,
			station_path(s,
			    "/sys/bus/usb/devices/%s/authorized_default",
			    names.at[i].at)) != STATION_READ) {
			shut = names.at[i];
			continue;
		}
		if (!str_eq(value, STR("0")))
			station_list_add(&open, names.at[i]);
	}
	if (open.n > 0)
		station_says_list(s, row, false, "anything is taken on ",
		    &open);
	else if (shut.len > 0)
		station_cannot(s, row, "%.*s does not say what it takes",
		    STR_ARG(shut));
	else
		station_says(s, row, true,
		    buses > 0 ? "%zu buses take nothing new" : "no USB here",
		    buses);
	is_carrying(s, row);
}

/* The kernel calls a disk removable when its medium is: a disk on a cable, or
 * a card in a reader of its own, is not. */
static bool
can_be_taken(struct station *s, const char *name)
{
	struct str removable, type, at;

	(void)station_text(s, &removable,
	    station_path(s, "/sys/block/%s/removable", name));
	(void)station_text(s, &type,
	    station_path(s, "/sys/block/%s/device/type", name));
	if (station_link(s, &at, station_path(s, "/sys/block/%s", name)) !=
	    STATION_READ)
		at = STR("");
	return str_eq(removable, STR("1")) ||
	    (str_starts(str_of(name), STR("mmcblk")) &&
		!str_eq(type, STR("MMC"))) ||
	    str_find(at, STR("/usb"), 0) != SIZE_MAX;
}

static void
look_disks(struct station *s, struct station_row *row)
{
	struct io_names names;
	struct station_list l = { 0 };

	if (station_names(s, &names, "/sys/block") != STATION_READ) {
		station_cannot(s, row, "/sys/block cannot be read");
		return;
	}
	for (size_t i = 0; i < names.len; i++)
		if (can_be_taken(s, names.at[i].at))
			station_list_add(&l, names.at[i]);
	if (l.n > 0)
		station_says_list(s, row, false, "", &l);
	else
		station_says(s, row, true, "none");
}

const struct station_test station_ways_tests[] = {
	{ "network-interfaces", "the machine has no network but itself",
	    "pull the cable and take the card out, or keep its driver out: "
	    "echo 'install MODULE /bin/false' >/etc/modprobe.d/network.conf; "
	    "update-initramfs -u; start the machine again",
	    look_interfaces },
	{ "network-addresses", "the machine has no network address",
	    "ip addr flush dev NAME; systemctl mask networking "
	    "NetworkManager systemd-networkd",
	    look_addresses },
	{ "network-listeners", "no program waits for others to call",
	    "find it with ss -lnptu, and systemctl mask --now its unit",
	    look_listeners },
	{ "radio", "there is no radio",
	    "switch it off in the firmware, or "
	    "rfkill block all and keep its driver out in /etc/modprobe.d",
	    look_radio },
	{ "recorders", "nothing here hears or sees",
	    "unplug it, or switch it off in the firmware, or keep its driver "
	    "out in /etc/modprobe.d",
	    look_recorders },
	{ "usb-storage", "no USB stick is ever read or written",
	    "printf 'install %s /bin/false\\n' usb-storage uas "
	    ">/etc/modprobe.d/usb-storage.conf; modprobe -r uas; modprobe -r "
	    "usb-storage",
	    look_storage },
	{ "usb-input", "what is plugged in from now on is not used",
	    "for each bus: echo 0 >/sys/bus/usb/devices/usbN/"
	    "authorized_default (vitrine-lab station install does it at "
	    "every start)",
	    look_plugged },
	{ "removable-disks", "no medium can be taken along",
	    "unplug it; vitrine-lab station install keeps new ones out",
	    look_disks },
	{ 0 },
};
