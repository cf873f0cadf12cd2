#include "core/lexer_table.h"

#include <stddef.h>

/* One language stands in one block. */
/* clang-format off */

#define C_COMMENT { "/*", "*/", 0, LEXER_COMMENT, PAIR_LINES }
#define C_COMMENT_NEST \
	{ "/*", "*/", 0, LEXER_COMMENT, PAIR_LINES | PAIR_NEST }
#define SLASHES { "//", "", 0, LEXER_COMMENT, PAIR_TO_END | PAIR_CONTINUES }
#define HASH { "#", "", 0, LEXER_COMMENT, PAIR_TO_END }
#define HASH_WORD \
	{ "#", "", 0, LEXER_COMMENT, PAIR_TO_END | PAIR_AFTER_BLANK }
#define DASHES { "--", "", 0, LEXER_COMMENT, PAIR_TO_END }
#define DOUBLE { "\"", "\"", '\\', LEXER_STRING, 0 }
#define DOUBLE_PLAIN { "\"", "\"", 0, LEXER_STRING, 0 }
#define DOUBLE_LINES { "\"", "\"", '\\', LEXER_STRING, PAIR_LINES }
#define SINGLE { "'", "'", '\\', LEXER_STRING, 0 }
#define SINGLE_LINES { "'", "'", 0, LEXER_STRING, PAIR_LINES }
#define CHARACTER { "'", "'", '\\', LEXER_STRING, PAIR_ONE }
#define TRIPLE_DOUBLE \
	{ "\"\"\"", "\"\"\"", '\\', LEXER_STRING, PAIR_LINES }
#define TRIPLE_SINGLE { "'''", "'''", '\\', LEXER_STRING, PAIR_LINES }
#define BACKTICK { "`", "`", '\\', LEXER_STRING, PAIR_LINES }
#define BACKTICK_RAW { "`", "`", 0, LEXER_STRING, PAIR_LINES }

static const struct language c = {
	.name = "C",
	.files = "*.c *.h *.cu *.cl *.y *.l *.dts *.dtsi *.c++.h",
	.shebang = "tcc",
	.flags = LANGUAGE_PREPROCESSOR | LANGUAGE_TICK_NUMBER,
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE },
	.keywords =
	    " NULL _Alignas _Alignof _Atomic _Generic _Noreturn "
	    "_Static_assert _Thread_local __asm__ __attribute__ __inline "
	    "__inline__ __typeof__ __volatile__ alignas alignof asm auto "
	    "break case const constexpr continue default do else enum "
	    "extern false for goto if inline nullptr register restrict "
	    "return sizeof static static_assert struct switch "
	    "thread_local true typedef typeof union volatile while ",
	.types =
	    " BOOL BYTE DWORD FILE HANDLE WORD _Bool _Complex __be16 "
	    "__be32 __be64 __le16 __le32 __le64 __u16 __u32 __u64 __u8 "
	    "bool char double float int int16 int16_t int32 int32_t int64 "
	    "int64_t int8 int8_t intmax_t intptr_t long off_t pid_t "
	    "ptrdiff_t s16 s32 s64 s8 short signed size_t ssize_t time_t "
	    "u16 u32 u64 u8 uint uint16 uint16_t uint32 uint32_t uint64 "
	    "uint64_t uint8 uint8_t uintmax_t uintptr_t unsigned va_list "
	    "void wchar_t ",
};

static const struct language cpp = {
	.name = "C++",
	.files = "*.cc *.cpp *.cxx *.c++ *.hh *.hpp *.hxx *.h++ *.ipp *.inl "
	    "*.tcc *.mm *.ino",
	.shebang = "",
	.flags = LANGUAGE_PREPROCESSOR | LANGUAGE_TICK_NUMBER |
	    LANGUAGE_RAW_CPP,
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE },
	.keywords =
	    " NULL _Alignas _Alignof _Atomic _Generic _Noreturn "
	    "_Static_assert _Thread_local __asm__ __attribute__ __inline "
	    "__inline__ __typeof__ __volatile__ alignas alignof and "
	    "and_eq asm auto bitand bitor break case catch class co_await "
	    "co_return co_yield compl concept const const_cast consteval "
	    "constexpr constinit continue decltype default delete do "
	    "dynamic_cast else enum explicit export extern false final "
	    "for friend goto if inline mutable namespace new noexcept not "
	    "not_eq nullptr operator or or_eq override private protected "
	    "public register reinterpret_cast requires restrict return "
	    "sizeof static static_assert static_cast struct switch "
	    "template this thread_local throw true try typedef typeid "
	    "typename typeof union using virtual volatile while xor "
	    "xor_eq ",
	.types =
	    " BOOL BYTE DWORD FILE HANDLE WORD _Bool _Complex __be16 "
	    "__be32 __be64 __le16 __le32 __le64 __u16 __u32 __u64 __u8 "
	    "bool char char16_t char32_t char8_t double float int int16 "
	    "int16_t int32 int32_t int64 int64_t int8 int8_t intmax_t "
	    "intptr_t long map off_t pid_t ptrdiff_t s16 s32 s64 s8 set "
	    "shared_ptr short signed size_t ssize_t std string "
	    "string_view time_t u16 u32 u64 u8 uint uint16 uint16_t "
	    "uint32 uint32_t uint64 uint64_t uint8 uint8_t uintmax_t "
	    "uintptr_t unique_ptr unsigned va_list vector void wchar_t ",
};

static const struct language python = {
	.name = "Python",
	.files = "*.py *.pyi *.pyw *.bzl SConstruct SConscript wscript BUILD "
	    "WORKSPACE",
	.shebang = "python python2 python3 pypy pypy3",
	.flags = LANGUAGE_DECORATOR,
	.pairs = { TRIPLE_DOUBLE, TRIPLE_SINGLE, HASH, DOUBLE, SINGLE },
	.keywords =
	    " False None True and as assert async await break class "
	    "continue def del elif else except finally for from global if "
	    "import in is lambda match nonlocal not or pass raise return "
	    "try while with yield ",
	.types =
	    " bool bytearray bytes cls complex dict float frozenset int "
	    "list object self set str tuple type ",
};

static const struct language shell = {
	.name = "shell",
	.files = "*.sh *.bash *.ksh *.zsh .bashrc .profile .zshrc configure "
	    "*.ac *.m4 *.bats PKGBUILD APKBUILD *.ebuild",
	.shebang = "sh bash dash ksh zsh ash",
	.letters = "-",
	.flags = LANGUAGE_HEREDOC,
	.pairs = {
		HASH_WORD, DOUBLE_LINES, SINGLE_LINES,
		{ "${", "}", 0, LEXER_TYPE, PAIR_NEST },
	},
	.keywords =
	    " break case continue declare do done elif else esac eval exec "
	    "exit export fi for function if in local readonly return "
	    "select set shift source then time trap typeset unset until "
	    "while ",
	.types =
	    " cd echo false printf read test true ",
};

static const struct language make = {
	.name = "make",
	.files = "Makefile makefile GNUmakefile *.mk *.mak Makefile.* Kbuild "
	    "Kbuild.* *.am",
	.shebang = "make",
	.letters = "-.%/",
	.flags = LANGUAGE_KEYS,
	.pairs = {
		HASH, { "$(", ")", 0, LEXER_TYPE, PAIR_NEST },
		{ "${", "}", 0, LEXER_TYPE, PAIR_NEST },
	},
	.keywords =
	    " define else endef endif export ifdef ifeq ifndef ifneq "
	    "include override private sinclude undefine unexport vpath ",
};

static const struct language java = {
	.name = "Java",
	.files = "*.java *.groovy *.gradle Jenkinsfile",
	.shebang = "groovy",
	.flags = LANGUAGE_DECORATOR,
	.pairs = { C_COMMENT, SLASHES, TRIPLE_DOUBLE, DOUBLE, SINGLE },
	.keywords =
	    " abstract assert break case catch class const continue def "
	    "default do else enum extends false final finally for goto if "
	    "implements import instanceof interface native new null "
	    "package permits private protected public record return "
	    "sealed static strictfp super switch synchronized this throw "
	    "throws transient true try var volatile while yield ",
	.types =
	    " Boolean Double Integer List Long Map Object Set String "
	    "boolean byte char double float int long short void ",
};

static const struct language kotlin = {
	.name = "Kotlin",
	.files = "*.kt *.kts",
	.shebang = "",
	.flags = LANGUAGE_DECORATOR,
	.pairs = { C_COMMENT_NEST, SLASHES, TRIPLE_DOUBLE, DOUBLE, SINGLE },
	.keywords =
	    " abstract as break by catch class companion const constructor "
	    "continue crossinline data do else enum expect external false "
	    "final finally for fun get if import in infix init inline "
	    "inner interface internal is lateinit noinline null object "
	    "open operator out override package private protected public "
	    "reified return sealed set super suspend tailrec this throw "
	    "true try typealias val var vararg when where while ",
	.types =
	    " Any Boolean Byte Char Double Float Int List Long Map Nothing "
	    "Set Short String UInt ULong Unit ",
};

static const struct language csharp = {
	.name = "C#",
	.files = "*.cs",
	.shebang = "",
	.flags = LANGUAGE_PREPROCESSOR,
	.pairs = {
		C_COMMENT, SLASHES, TRIPLE_DOUBLE,
		{ "@\"", "\"", 0, LEXER_STRING, PAIR_LINES }, DOUBLE, SINGLE,
	},
	.keywords =
	    " abstract as async await base break case catch checked class "
	    "const continue default delegate do else enum event explicit "
	    "extern false finally fixed for foreach get goto if implicit "
	    "in init interface internal is lock namespace new null "
	    "operator out override params partial private protected "
	    "public readonly record ref return sealed set sizeof "
	    "stackalloc static struct switch this throw true try typeof "
	    "unchecked unsafe using value var virtual volatile when where "
	    "while yield ",
	.types =
	    " bool byte char decimal double dynamic float int long nint "
	    "nuint object sbyte short string uint ulong ushort void ",
};

static const struct language javascript = {
	.name = "JavaScript",
	.files = "*.js *.mjs *.cjs *.jsx",
	.shebang = "node nodejs deno bun",
	.letters = "$",
	.flags = LANGUAGE_REGEX | LANGUAGE_DECORATOR,
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE, BACKTICK },
	.keywords =
	    " async await break case catch class const continue debugger "
	    "default delete do else export extends false finally for from "
	    "function get if import in instanceof let new null of return "
	    "set static super switch this throw true try typeof undefined "
	    "var void while with yield ",
	.types =
	    " Array Boolean Date Error Function JSON Map Math Number "
	    "Object Promise Proxy Reflect RegExp Set String Symbol "
	    "WeakMap ",
};

static const struct language typescript = {
	.name = "TypeScript",
	.files = "*.ts *.tsx *.mts *.cts",
	.shebang = "ts-node",
	.letters = "$",
	.flags = LANGUAGE_REGEX | LANGUAGE_DECORATOR,
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE, BACKTICK },
	.keywords =
	    " abstract as asserts async await break case catch class const "
	    "continue debugger declare default delete do else enum export "
	    "extends false finally for from function get if implements "
	    "import in infer instanceof interface is keyof let module "
	    "namespace new null of override private protected public "
	    "readonly require return satisfies set static super switch "
	    "this throw true try type typeof undefined unique var void "
	    "while with yield ",
	.types =
	    " Array Map Promise Record Set any bigint boolean never number "
	    "object string symbol unknown void ",
};

static const struct language go = {
	.name = "Go",
	.files = "*.go go.mod",
	.shebang = "",
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE, BACKTICK_RAW },
	.keywords =
	    " break case chan const continue default defer else "
	    "fallthrough false for func go goto if import interface iota "
	    "map module nil package range replace require return select "
	    "struct switch true type var ",
	.types =
	    " any append bool byte cap close comparable complex128 "
	    "complex64 copy delete error float32 float64 int int16 int32 "
	    "int64 int8 len make new panic recover rune string uint "
	    "uint16 uint32 uint64 uint8 uintptr ",
};

static const struct language rust = {
	.name = "Rust",
	.files = "*.rs",
	.shebang = "",
	.flags = LANGUAGE_RAW_RUST,
	.pairs = {
		C_COMMENT_NEST, SLASHES, { "#![", "]", 0, LEXER_MACRO, 0 },
		{ "#[", "]", 0, LEXER_MACRO, 0 }, DOUBLE_LINES, CHARACTER,
	},
	.keywords =
	    " Self as async await break const continue crate dyn else enum "
	    "extern false fn for if impl in let loop match mod move mut "
	    "pub ref return self static struct super trait true type "
	    "union unsafe use where while yield ",
	.types =
	    " Box Err None Ok Option Result Some String Vec bool char f32 "
	    "f64 i128 i16 i32 i64 i8 isize str u128 u16 u32 u64 u8 usize ",
};

static const struct language swift = {
	.name = "Swift",
	.files = "*.swift",
	.shebang = "",
	.flags = LANGUAGE_DECORATOR,
	.pairs = { C_COMMENT_NEST, SLASHES, TRIPLE_DOUBLE, DOUBLE },
	.keywords =
	    " actor as associatedtype async await break case catch class "
	    "continue default defer deinit do else enum extension "
	    "fallthrough false fileprivate final for func get guard if "
	    "import in indirect init inout internal is lazy let mutating "
	    "nil open operator override private protocol public repeat "
	    "required rethrows return self set static struct subscript "
	    "super switch throw throws true try typealias unowned var "
	    "weak where while ",
	.types =
	    " Any Array Bool Character Data Dictionary Double Float Int "
	    "Self Set String UInt Void ",
};

static const struct language perl = {
	.name = "Perl",
	.files = "*.pl *.pm *.t *.PL",
	.shebang = "perl",
	.flags = LANGUAGE_HEREDOC,
	.pairs = {
		{ "=cut", "", 0, LEXER_COMMENT, PAIR_COLUMN_1 | PAIR_TO_END },
		{ "=", "=cut", 0, LEXER_COMMENT, PAIR_COLUMN_1 | PAIR_LINES },
		HASH_WORD, DOUBLE_LINES, SINGLE_LINES,
	},
	.keywords =
	    " and cmp continue die do else elsif eq eval exit for foreach "
	    "ge given gt if last le local lt my ne next no not or our "
	    "package print redo require return sub unless until use "
	    "wantarray warn when while x xor ",
	.types =
	    " defined delete each exists grep join keys length map open "
	    "push ref scalar shift sort splice split sprintf substr undef "
	    "unshift values ",
};

static const struct language ruby = {
	.name = "Ruby",
	.files = "*.rb *.rake *.gemspec Rakefile Gemfile Vagrantfile",
	.shebang = "ruby rake",
	.letters = "?!",
	.flags = LANGUAGE_HEREDOC | LANGUAGE_DECORATOR,
	.pairs = {
		{ "=begin", "=end", 0, LEXER_COMMENT, PAIR_COLUMN_1 | PAIR_LINES },
		HASH, DOUBLE_LINES, SINGLE_LINES,
	},
	.keywords =
	    " BEGIN END alias and begin break case class def defined? do "
	    "else elsif end ensure false for if in include loop module "
	    "next nil not or private protected public raise redo require "
	    "require_relative rescue retry return self super then true "
	    "undef unless until when while yield ",
	.types =
	    " attr_accessor attr_reader attr_writer print puts ",
};

static const struct language php = {
	.name = "PHP",
	.files = "*.php *.phtml *.inc.php",
	.shebang = "php",
	.letters = "$",
	.pairs = { C_COMMENT, SLASHES, HASH_WORD, DOUBLE_LINES, SINGLE_LINES },
	.keywords =
	    " abstract and array as break callable case catch class clone "
	    "const continue declare default die do echo else elseif empty "
	    "enum extends false final finally fn for foreach function "
	    "global goto if implements include include_once instanceof "
	    "insteadof interface isset list match namespace new null or "
	    "print private protected public readonly require require_once "
	    "return self static switch this throw trait true try unset "
	    "use var while xor yield ",
	.types =
	    " bool float int iterable mixed never object string void ",
};

static const struct language lua = {
	.name = "Lua",
	.files = "*.lua",
	.shebang = "lua luajit",
	.pairs = {
		{ "--[[", "]]", 0, LEXER_COMMENT, PAIR_LINES }, DASHES,
		{ "[[", "]]", 0, LEXER_STRING, PAIR_LINES }, DOUBLE, SINGLE,
	},
	.keywords =
	    " and break do else elseif end false for function goto if in "
	    "local nil not or repeat return then true until while ",
	.types =
	    " self ",
};

static const struct language tcl = {
	.name = "Tcl",
	.files = "*.tcl *.exp *.tk",
	.shebang = "tclsh wish expect",
	.pairs = { HASH_WORD, DOUBLE_LINES },
	.keywords =
	    " after append break catch continue else elseif error eval "
	    "expr for foreach global if incr lappend list namespace "
	    "package proc puts regexp return set source switch unset "
	    "uplevel upvar variable while ",
};

static const struct language sql = {
	.name = "SQL",
	.files = "*.sql",
	.shebang = "",
	.flags = LANGUAGE_FOLD,
	.pairs = { C_COMMENT, DASHES, SINGLE_LINES, DOUBLE },
	.keywords =
	    " add all alter and any as asc begin between by cascade case "
	    "check column commit constraint create cross database default "
	    "delete desc distinct drop else end exists explain foreign "
	    "from full grant group having if in index inner insert into "
	    "is join key left like limit not null on or order outer "
	    "primary references replace revoke right rollback select set "
	    "table then transaction trigger union unique update using "
	    "values view when where with ",
	.types =
	    " bigint blob boolean char date decimal double float int "
	    "integer numeric real smallint text time timestamp varchar ",
};

static const struct language verilog = {
	.name = "Verilog",
	.files = "*.v *.vh *.sv *.svh",
	.shebang = "",
	.letters = "$`",
	.flags = LANGUAGE_TICK_NUMBER,
	.pairs = { C_COMMENT, SLASHES, DOUBLE },
	.keywords =
	    " always always_comb always_ff always_latch and assert assign "
	    "automatic begin bind case casex casez class clocking "
	    "constraint cover default disable do edge else end endcase "
	    "endclass endfunction endgenerate endinterface endmodule "
	    "endpackage endproperty endtask extends final for foreach "
	    "forever fork function generate genvar if import initial "
	    "inout input interface join localparam modport module negedge "
	    "new or output package parameter posedge program property "
	    "repeat return sequence specify task this typedef unique "
	    "virtual wait while ",
	.types =
	    " bit byte enum int integer logic longint packed real reg "
	    "shortint signed string struct time tri union unsigned void "
	    "wire ",
};

static const struct language vhdl = {
	.name = "VHDL",
	.files = "*.vhd *.vhdl",
	.shebang = "",
	.flags = LANGUAGE_FOLD,
	.pairs = { DASHES, DOUBLE_PLAIN, CHARACTER },
	.keywords =
	    " abs after alias all and architecture array assert attribute "
	    "begin block body buffer bus case component configuration "
	    "constant disconnect downto else elsif end entity exit file "
	    "for function generate generic group guarded if impure in "
	    "inertial inout is label library linkage literal loop map mod "
	    "nand new next nor not null of on open or others out package "
	    "port postponed procedure process pure range record register "
	    "reject rem report return rol ror select severity shared "
	    "signal sla sll sra srl subtype then to transport type "
	    "unaffected units until use variable wait when while with "
	    "xnor xor ",
	.types =
	    " bit bit_vector boolean character integer natural positive "
	    "real signed std_logic std_logic_vector std_ulogic string "
	    "time unsigned ",
};

static const struct language assembler = {
	.name = "assembler",
	.files = "*.s *.S *.asm *.inc",
	.shebang = "",
	.letters = ".$",
	.flags = LANGUAGE_PREPROCESSOR | LANGUAGE_FIRST_WORD,
	.pairs = {
		C_COMMENT, SLASHES,
		{ ";", "", 0, LEXER_COMMENT, PAIR_TO_END },
		{ "#", "", 0, LEXER_COMMENT, PAIR_TO_END | PAIR_AFTER_BLANK },
		DOUBLE,
	},
};

static const struct language json = {
	.name = "JSON",
	.files = "*.json *.json5 *.jsonc *.webmanifest *.sarif *.ipynb",
	.shebang = "",
	.pairs = { C_COMMENT, SLASHES, DOUBLE },
	.keywords =
	    " false null true ",
};

static const struct language yaml = {
	.name = "YAML",
	.files = "*.yaml *.yml *.clang-format .clang-format",
	.shebang = "",
	.letters = "-./",
	.flags = LANGUAGE_KEYS | LANGUAGE_NO_NUMBER,
	.pairs = { HASH_WORD, DOUBLE_LINES, SINGLE_LINES },
	.keywords =
	    " false no null off on true yes ",
};

static const struct language conf = {
	.name = "configuration",
	.files = "*.toml *.ini *.cfg *.conf *.cnf *.properties *.desktop "
	    "*.service *.socket .gitconfig .editorconfig *.config Kconfig "
	    "Kconfig.*",
	.shebang = "",
	.letters = "-.",
	.flags = LANGUAGE_KEYS,
	.pairs = {
		HASH_WORD,
		{ ";", "", 0, LEXER_COMMENT, PAIR_TO_END | PAIR_FIRST },
		{ "[", "]", 0, LEXER_MACRO, PAIR_COLUMN_1 }, TRIPLE_DOUBLE,
		DOUBLE, SINGLE,
	},
	.keywords =
	    " bool config default depends endmenu false help menu no off "
	    "on select source tristate true yes ",
};

static const struct language markup = {
	.name = "XML",
	.files = "*.xml *.xsd *.xsl *.xslt *.svg *.html *.htm *.xhtml *.vue "
	    "*.plist *.wsdl *.xib *.qrc *.ui *.csproj *.vcxproj",
	.shebang = "",
	.letters = "-:.",
	.flags = LANGUAGE_TAGS | LANGUAGE_NO_NUMBER,
	.pairs = {
		{ "<!--", "-->", 0, LEXER_COMMENT, PAIR_LINES },
		{ "<![CDATA[", "]]>", 0, LEXER_STRING, PAIR_LINES },
	},
};

static const struct language css = {
	.name = "CSS",
	.files = "*.css *.scss *.less *.sass",
	.shebang = "",
	.letters = "-",
	.flags = LANGUAGE_KEYS | LANGUAGE_DECORATOR,
	.pairs = {
		C_COMMENT,
		{ "//", "", 0, LEXER_COMMENT, PAIR_TO_END | PAIR_AFTER_BLANK },
		DOUBLE, SINGLE,
	},
};

static const struct language cmake = {
	.name = "CMake",
	.files = "CMakeLists.txt *.cmake meson.build meson_options.txt",
	.shebang = "cmake",
	.flags = LANGUAGE_FOLD,
	.pairs = {
		{ "#[[", "]]", 0, LEXER_COMMENT, PAIR_LINES }, HASH,
		TRIPLE_SINGLE, DOUBLE_LINES, SINGLE,
		{ "${", "}", 0, LEXER_TYPE, PAIR_NEST },
	},
	.keywords =
	    " add_custom_command add_custom_target add_definitions "
	    "add_executable add_library add_subdirectory add_test and "
	    "cmake_minimum_required configure_file declare_dependency "
	    "dependency else elseif endforeach endfunction endif endmacro "
	    "endwhile executable false files find_library find_package "
	    "foreach function if in include install library list macro "
	    "message not option or project return set subdir "
	    "target_compile_definitions target_include_directories "
	    "target_link_libraries true while ",
};

static const struct language docker = {
	.name = "Dockerfile",
	.files = "Dockerfile Dockerfile.* *.dockerfile Containerfile",
	.shebang = "",
	.flags = LANGUAGE_FOLD,
	.pairs = { HASH_WORD, DOUBLE, SINGLE },
	.keywords =
	    " add arg as cmd copy entrypoint env expose from healthcheck "
	    "label maintainer onbuild run shell stopsignal user volume "
	    "workdir ",
};

static const struct language proto = {
	.name = "protobuf",
	.files = "*.proto",
	.shebang = "",
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE },
	.keywords =
	    " enum extend extensions false import map message oneof option "
	    "optional package public repeated required reserved returns "
	    "rpc service stream syntax to true ",
	.types =
	    " bool bytes double fixed32 fixed64 float int32 int64 sfixed32 "
	    "sfixed64 sint32 sint64 string uint32 uint64 ",
};

static const struct language asn1 = {
	.name = "ASN.1",
	.files = "*.asn *.asn1 *.ASN *.ASN1",
	.shebang = "",
	.letters = "-",
	.pairs = {
		C_COMMENT, { "--", "--", 0, LEXER_COMMENT, 0 }, DOUBLE_PLAIN,
	},
	.keywords =
	    " ABSENT ANY APPLICATION AUTOMATIC BEGIN BY CHOICE CLASS "
	    "COMPONENT COMPONENTS CONSTRAINED CONTAINING DEFAULT DEFINED "
	    "DEFINITIONS EMBEDDED ENCODED END ENUMERATED EXPLICIT EXPORTS "
	    "EXTENSIBILITY FALSE FROM IDENTIFIER IMPLICIT IMPLIED IMPORTS "
	    "INCLUDES INSTANCE MACRO MAX MIN NULL OF OPTIONAL PATTERN "
	    "PRESENT PRIVATE SEQUENCE SET SIZE SYNTAX TAGS TRUE TYPE "
	    "UNIQUE UNIVERSAL WITH ",
	.types =
	    " BIT BMPString BOOLEAN CHARACTER GeneralizedTime IA5String "
	    "INTEGER NumericString OBJECT OCTET PrintableString REAL "
	    "STRING UTCTime UTF8String VisibleString ",
};

static const struct language ttcn = {
	.name = "TTCN-3",
	.files = "*.ttcn *.ttcn3",
	.shebang = "",
	.pairs = { C_COMMENT, SLASHES, DOUBLE, SINGLE },
	.keywords =
	    " action activate address alive all alt altstep and and4b any "
	    "as boolean break case check clear complement component "
	    "connect const control create deactivate decmatch default "
	    "disconnect display do done else encode enumerated error "
	    "except exception execute extends extension external fail "
	    "false for friend from function goto group if ifpresent "
	    "import in inconc infinity inout interleave kill killed label "
	    "language length log map match message mixed mod modifies "
	    "module modulepar mtc noblock none not now null of omit on or "
	    "out override param pass pattern permutation port private "
	    "procedure public raise read receive record recursive rem "
	    "repeat reply return running runs select self send sender set "
	    "setverdict signature start stop subset superset system "
	    "template testcase timeout timer to trigger true type union "
	    "unmap value valueof var variant while with xor ",
	.types =
	    " bitstring charstring float hexstring integer octetstring "
	    "universal verdicttype ",
};

static const struct language erlang = {
	.name = "Erlang",
	.files = "*.erl *.hrl *.escript",
	.shebang = "escript",
	.pairs = {
		{ "%", "", 0, LEXER_COMMENT, PAIR_TO_END }, DOUBLE_LINES,
		SINGLE,
	},
	.keywords =
	    " after and andalso band begin bnot bor bsl bsr bxor case "
	    "catch cond div else end fun if let maybe not of or orelse "
	    "receive rem try when xor ",
	.types =
	    " atom binary boolean float integer list map pid term tuple ",
};

static const struct language lisp = {
	.name = "Lisp",
	.files = "*.el *.lisp *.lsp *.scm *.clj *.cljs *.ss",
	.shebang = "guile sbcl emacs",
	.letters = "-*?!+/<>=",
	.pairs = {
		{ ";", "", 0, LEXER_COMMENT, PAIR_TO_END },
		{ "#|", "|#", 0, LEXER_COMMENT, PAIR_LINES | PAIR_NEST },
		DOUBLE_LINES,
	},
	.keywords =
	    " and begin case cond def defcustom define defmacro defn defun "
	    "defvar do else if lambda let letrec nil not or progn quote "
	    "set setq t unless when while ",
};

static const struct language diff = {
	.name = "diff",
	.files = "*.diff *.patch *.rej",
	.shebang = "",
	.flags = LANGUAGE_NO_NUMBER,
	.pairs = {
		{ "diff ", "", 0, LEXER_MACRO, PAIR_COLUMN_1 | PAIR_TO_END },
		{ "@@", "", 0, LEXER_MACRO, PAIR_COLUMN_1 | PAIR_TO_END },
		{ "+", "", 0, LEXER_STRING, PAIR_COLUMN_1 | PAIR_TO_END },
		{ "-", "", 0, LEXER_KEYWORD, PAIR_COLUMN_1 | PAIR_TO_END },
	},
};

static const struct language haskell = {
	.name = "Haskell",
	.files = "*.hs *.lhs",
	.shebang = "runhaskell",
	.pairs = {
		{ "{-", "-}", 0, LEXER_COMMENT, PAIR_LINES | PAIR_NEST },
		DASHES, DOUBLE, CHARACTER,
	},
	.keywords =
	    " case class data default deriving do else forall foreign if "
	    "import in infix infixl infixr instance let module newtype of "
	    "qualified then type where ",
	.types =
	    " Bool Char Double Either False Float IO Int Integer Just Left "
	    "Maybe Nothing Right String True ",
};

static const struct language ada = {
	.name = "Ada",
	.files = "*.adb *.ads *.ada",
	.shebang = "",
	.flags = LANGUAGE_FOLD,
	.pairs = { DASHES, DOUBLE_PLAIN, CHARACTER },
	.keywords =
	    " abort abs abstract accept access aliased all and array at "
	    "begin body case constant declare delay delta digits do else "
	    "elsif end entry exception exit for function generic goto if "
	    "in interface is limited loop mod new not null of or others "
	    "out overriding package pragma private procedure protected "
	    "raise range record rem renames requeue return reverse select "
	    "separate some subtype synchronized tagged task terminate "
	    "then type until use when while with xor ",
	.types =
	    " boolean character float integer natural positive string ",
};

static const struct language roff = {
	.name = "roff",
	.files = "*.1 *.2 *.3 *.4 *.5 *.6 *.7 *.8 *.man *.mdoc *.ms",
	.shebang = "",
	.flags = LANGUAGE_NO_NUMBER,
	.pairs = {
		{ ".\\\"", "", 0, LEXER_COMMENT, PAIR_COLUMN_1 | PAIR_TO_END },
		{ ".", "", 0, LEXER_MACRO, PAIR_COLUMN_1 | PAIR_TO_END },
	},
};

static const struct language markdown = {
	.name = "Markdown",
	.files = "*.md *.markdown *.mkd",
	.shebang = "",
	.flags = LANGUAGE_NO_NUMBER,
	.pairs = {
		{ "```", "```", 0, LEXER_STRING, PAIR_COLUMN_1 | PAIR_LINES },
		{ "<!--", "-->", 0, LEXER_COMMENT, PAIR_LINES },
		{ "#", "", 0, LEXER_KEYWORD, PAIR_COLUMN_1 | PAIR_TO_END },
		{ "`", "`", 0, LEXER_STRING, 0 },
	},
};

const struct language *const lexer_table[] = {
	&c, &cpp, &python, &shell, &make, &java, &kotlin, &csharp,
	&javascript, &typescript, &go, &rust, &swift, &perl, &ruby, &php,
	&lua, &tcl, &sql, &verilog, &vhdl, &assembler, &json, &yaml, &conf,
	&markup, &css, &cmake, &docker, &proto, &asn1, &ttcn, &erlang, &lisp,
	&diff, &haskell, &ada, &roff, &markdown, NULL,
};
