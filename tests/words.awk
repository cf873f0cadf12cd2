# The words and the included headers of C sources, as "FILE word NAME" and
# "FILE include NAME", each once: what stands in comments, strings and
# character constants is no word.  Lines joined by a backslash are one line.
BEGIN {
	string = "^([^\"\\\\]|\\\\.)*\""
	character = "^([^'\\\\]|\\\\.)*'"
}
FNR == 1 { comment = 0; held = "" }
{
	line = held $0
	held = ""
	if (line ~ /\\$/) {
		held = substr(line, 1, length(line) - 1)
		next
	}
	if (!comment && match(line, /^[ \t]*#[ \t]*include[ \t]*[<"][^>"]*[>"]/)) {
		name = substr(line, RSTART, RLENGTH - 1)
		sub(/^[^<"]*[<"]/, "", name)
		print FILENAME, "include", name
		line = substr(line, RSTART + RLENGTH)
	}
	code = ""
	while (line != "") {
		if (comment) {
			end = index(line, "*/")
			if (!end) break
			line = substr(line, end + 2)
			comment = 0
			continue
		}
		if (!match(line, /\/\*|\/\/|"|'/)) {
			code = code line
			break
		}
		mark = substr(line, RSTART, RLENGTH)
		code = code substr(line, 1, RSTART - 1) " "
		line = substr(line, RSTART + RLENGTH)
		if (mark == "//") break
		if (mark == "/*") comment = 1
		else if (match(line, mark == "\"" ? string : character))
			line = substr(line, RSTART + RLENGTH)
	}
	k = split(code, words, /[^A-Za-z0-9_]+/)
	for (i = 1; i <= k; i++)
		if (words[i] != "" && !seen[FILENAME " " words[i]]++)
			print FILENAME, "word", words[i]
}
