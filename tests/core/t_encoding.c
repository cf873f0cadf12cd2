#include "core/encoding.h"

#include <iconv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tests/t.h"

static struct encoding_text text;

static int
setup(void **state)
{
	(void)state;
	return encoding_open() == ERR_NONE ? 0 : 1;
}

static int
teardown(void **state)
{
	(void)state;
	encoding_text_release(&text);
	return 0;
}

static struct str
in(const char *to, const char *utf8)
{
	static char out[16384];
	iconv_t cd = iconv_open(to, "UTF-8");
	char *from = (char *)(uintptr_t)utf8, *at = out;
	size_t left = strlen(utf8), room = sizeof out;

	assert_true(cd != (iconv_t)-1);
	assert_int_equal(iconv(cd, &from, &left, &at, &room), 0);
	iconv_close(cd);
	return (struct str){ out, sizeof out - room };
}

static const struct {
	const char *name, *utf8;
	enum encoding encoding;
} samples[] = {
	{ "UTF-8", "plain text\n", ENCODING_UTF8 },
	{ "UTF-8", "内存 é\n", ENCODING_UTF8 },
	{ "GBK", "int x; // 内存\n", ENCODING_GB18030 },
	{ "GBK", "/* 分配内存失败，返回错误码 */ 释放所有资源\n",
	    ENCODING_GB18030 },
	{ "GB18030", "/* 𠀀 生僻字：内存管理模块 */\n", ENCODING_GB18030 },
	{ "BIG5", "// 釋放記憶體，內存 錯誤訊息與傳回值\n", ENCODING_BIG5 },
	{ "CP932", "/* メモリを解放する処理です。エラー時は負値 */\n",
	    ENCODING_SJIS },
	{ "EUC-JP", "/* メモリを解放する処理です。エラー時は負値 */\n",
	    ENCODING_EUCJP },
	{ "EUC-KR", "/* 메모리를 해제하는 함수입니다 오류가 발생하면 */\n",
	    ENCODING_EUCKR },
	{ "ISO-8859-1", "/* Jürgen Müller, Straße 5, 20°C */ int ä;\n",
	    ENCODING_LATIN1 },
	{ "ISO-8859-1", "/* caf\u00e9 */ strcpy(a, b);\n", ENCODING_LATIN1 },
	{ "UTF-16LE", "int main;\n// 内存\n", ENCODING_UTF16LE },
	{ "UTF-16BE", "int main;\n// 内存\n", ENCODING_UTF16BE },
	{ "UTF-16", "x\n", ENCODING_UTF16LE },
	{ "UTF-32", "x\n", ENCODING_UTF32LE },
};

static void
samples_are_recognised(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
		enum encoding e =
		    encoding_guess(in(samples[i].name, samples[i].utf8));

		if (e != samples[i].encoding) {
			print_error("%s is taken for %s: %s\n", samples[i].name,
			    encoding_name(e), samples[i].utf8);
			assert_true(false);
		}
	}
	assert_int_equal(encoding_guess(STR("\xef\xbb\xbfx")),
	    ENCODING_UTF8_BOM);
}

static void
what_is_no_text_is_bytes(void **state)
{
	static const char elf[] = "\x7f"
				  "ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\x3e\0"
				  "\xff\xfe\xfd\0\0\0\1\0\0\0\0\0\x80\x90";

	(void)state;
	assert_int_equal(encoding_guess((struct str){ elf, sizeof elf - 1 }),
	    ENCODING_BYTES);
	assert_int_equal(encoding_guess(STR("")), ENCODING_UTF8);
}

static void
a_nul_byte_does_not_hide_an_encoding(void **state)
{
	struct str t = in("GBK", "/* 分配内存失败，返回错误码 */ x\n");
	char copy[256];

	(void)state;
	memcpy(copy, t.at, t.len);
	copy[t.len] = '\0';
	assert_int_equal(encoding_guess((struct str){ copy, t.len + 1 }),
	    ENCODING_GB18030);
}

static void
a_damaged_byte_does_not_change_utf8(void **state)
{
	(void)state;
	assert_int_equal(encoding_guess(STR("Müller Größe 内存管理 \xff x\n")),
	    ENCODING_UTF8);
}

static void
offsets_lead_there_and_back(void **state)
{
	struct buf utf8 = { 0 };

	(void)state;
	for (int i = 0; i < 150; i++)
		buf_printf(&utf8, "line %d 内存 and 管理\n", i);
	for (size_t i = 2; i < 14; i++) {
		struct str t;
		size_t line = 0;

		/* The long text only where it can be said. */
		if (samples[i].encoding == ENCODING_LATIN1 ||
		    samples[i].encoding == ENCODING_EUCKR ||
		    samples[i].encoding == ENCODING_BIG5 ||
		    samples[i].encoding == ENCODING_SJIS ||
		    samples[i].encoding == ENCODING_EUCJP)
			t = in(samples[i].name, samples[i].utf8);
		else
			t = in(samples[i].name, utf8.at);
		encoding_convert(&text, samples[i].encoding, t);
		assert_int_equal(text.bad, 0);
		assert_true(encoding_is_utf8(buf_view(&text.utf8)));
		for (size_t at = 0; at < text.utf8.len; at++) {
			size_t from;

			if ((text.utf8.at[at] & 0xc0) == 0x80)
				continue;
			from = encoding_original(&text, t, at);
			assert_true(from >= line && from < t.len);
			line = from;
			assert_int_equal(encoding_converted(&text, t, from),
			    at);
		}
		assert_int_equal(encoding_original(&text, t, text.utf8.len),
		    t.len);
	}
	buf_release(&utf8);
}

static void
bytes_that_are_no_character_are_marked(void **state)
{
	(void)state;
	encoding_convert(&text, ENCODING_GB18030,
	    STR("a\xff\xc4\xda\xffz\xc4"));
	assert_string_equal(text.utf8.at,
	    "a\xef\xbf\xbd内\xef\xbf\xbdz\xef\xbf\xbd");
	assert_int_equal(text.bad, 3);
	assert_int_equal(encoding_original(&text, STR("a\xff\xc4\xda\xffz\xc4"),
			     4),
	    2);
	encoding_convert(&text, ENCODING_UTF16LE, STR("a\0\0\xd8z\0x"));
	assert_true(encoding_is_utf8(buf_view(&text.utf8)));
	assert_true(text.bad >= 1);
}

static void
facts_are_what_they_say(void **state)
{
	struct encoding_facts f;

	(void)state;
	encoding_examine(&f, STR("a\r\nbcd\n\nlast"));
	assert_true(f.utf8 && f.ascii && !f.nul && f.crlf && f.open);
	assert_int_equal(f.lines, 4);
	assert_int_equal(f.longest, 4);
	encoding_examine(&f, STR("\0\xc3\xa9\n"));
	assert_true(f.utf8 && !f.ascii && f.nul && !f.crlf && !f.open);
	encoding_examine(&f, STR(""));
	assert_true(f.utf8 && !f.open && f.lines == 0);
	encoding_examine(&f, STR("\xff"));
	assert_false(f.utf8);
}

static void
utf8_is_strict(void **state)
{
	static const char *const bad[] = { "\x80", "\xc0\x80", "\xc1\xbf",
		"\xe0\x80\x80", "\xed\xa0\x80", "\xf0\x80\x80\x80",
		"\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xe5\x86", "\xc3",
		"\xe5\x86x" };
	char long_text[200];

	(void)state;
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		assert_false(encoding_is_utf8(str_of(bad[i])));
	assert_true(encoding_is_utf8(STR("\xed\x9f\xbf\xf4\x8f\xbf\xbf")));
	/* In every place of a block. */
	for (size_t at = 0; at < sizeof long_text; at++) {
		memset(long_text, 'a', sizeof long_text);
		long_text[at] = '\x80';
		assert_false(encoding_is_utf8(
		    (struct str){ long_text, sizeof long_text }));
	}
}

static void
names_lead_there_and_back(void **state)
{
	enum encoding e;

	(void)state;
	for (int i = 0; i < ENCODINGS; i++) {
		assert_int_equal(encoding_parse(&e,
				     str_of(encoding_name((enum encoding)i))),
		    ERR_NONE);
		assert_int_equal(e, i);
	}
	assert_int_equal(encoding_parse(&e, STR("GBK")), ERR_NONE);
	assert_int_equal(e, ENCODING_GB18030);
	assert_int_equal(encoding_parse(&e, STR("klingon")), ERR_ABSENT);
}

/* Blocks of all sizes, and what is left of them. */
static void
a_high_byte_is_seen_wherever_it_stands(void **state)
{
	enum { MOST = 2200 };
	char bytes[MOST];

	(void)state;
	memset(bytes, 'a', sizeof bytes);
	for (size_t len = 0; len <= MOST; len += len < 70 ? 1 : 71) {
		struct str s = { bytes + MOST - len, len };

		assert_true(encoding_is_ascii(s));
		assert_true(encoding_is_utf8(s));
		for (size_t at = MOST - len; at < MOST; at++) {
			bytes[at] = (char)0x80;
			assert_false(encoding_is_ascii(s));
			assert_false(encoding_is_utf8(s));
			bytes[at] = 'a';
		}
	}
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(samples_are_recognised),
		TEST(what_is_no_text_is_bytes),
		TEST(a_nul_byte_does_not_hide_an_encoding),
		TEST(a_damaged_byte_does_not_change_utf8),
		TEST(offsets_lead_there_and_back),
		TEST(bytes_that_are_no_character_are_marked),
		TEST(facts_are_what_they_say),
		TEST(utf8_is_strict),
		TEST(a_high_byte_is_seen_wherever_it_stands),
		TEST(names_lead_there_and_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
