#!/bin/sh
# Two auditors of one session: Alice reads and lets out which lines she
# reviewed, Bob takes that in and sees what two people reviewed and what one
# alone did; then the evaluator's report, where no line counts twice.
. "$(dirname "$0")/lib.sh"
for need in age minisign; do
	command -v $need >/dev/null || { echo "$need is not here"; exit 77; }
done
make_session
conf=$work/demo/session.conf
session=$work/lines

# The same session with the rule that lines may leave.
sed 's/^export {/export { coverage = "lines"/' "$conf" >"$work/demo/lines.conf"
"$bin/vitrine-lab" rules --explain "$work/demo/lines.conf" >"$work/said" 2>&1
grep -q 'told line by line' "$work/said"
result $? 'the rules say that lines may leave' "$work/said"
"$bin/vitrine-lab" rules --explain "$conf" >"$work/said" 2>&1
grep -q 'as counts of lines' "$work/said"
result $? 'and without the rule only counts' "$work/said"
"$bin/vitrine-lab" provision -c "$work/demo/lines.conf" -o "$session" \
    -k "$work/demo/keys/lab.key" "$work/demo/repo.git" >"$work/said" 2>&1
result $? 'the session is made' "$work/said"

play eyes_counts session="$work/demo/session" data="$VITRINE_DATA"
rm -rf "$VITRINE_DATA"/*-alice
play eyes_alice session="$session" data="$VITRINE_DATA"

# The host hands the findings of one auditor to the other.
alice=$(echo "$VITRINE_DATA"/*-alice)
opened() { # export: findings.json of it
	age -d -i "$work/demo/keys/evaluator.age-key" "$1" |
	    tar -xO findings.json
}
opened "$alice"/outbox/0001-alice.age >"$work/alice.json"
tr -d ' \n' <"$work/alice.json" >"$work/flat"
grep -q '"path":"src/s1ap/ie.c","reviewed":"1-20"' "$work/flat"
result $? 'the export says which lines' "$work/alice.json"
blob=$(git -C "$work/demo/repo.git" rev-parse v4.1:src/s1ap/ie.c)
[ ${#blob} = 40 ] && ! grep -q "$blob" "$work/alice.json"
result $? 'and no name of a blob'

play eyes_bob session="$session" data="$VITRINE_DATA"
bob=$(echo "$VITRINE_DATA"/*-bob)
mkdir -p "$bob/inbox"
cp "$work/alice.json" "$bob/inbox/alice.json"
echo '{"format": "vitrine-findings", "version": 1, "items": [], "lines": 7' \
    >"$bob/inbox/bad.json"
play eyes_both session="$session" data="$VITRINE_DATA"

# Alice reviewed 1-20 and Bob 11-30 of that file.
cat "$alice"/author.pub >"$work/a.pub"
cat "$bob"/author.pub >"$work/b.pub"
"$bin/vitrine-report" -i "$work/demo/keys/evaluator.age-key" \
    -s "$work/demo/lines.conf" -k "$work/a.pub" -k "$work/b.pub" \
    -o "$work/r.md" "$alice"/outbox/*.age "$bob"/outbox/*.age \
    >"$work/said" 2>&1
result $? 'both exports open with the evaluator'\''s key' "$work/said"
lines=$(git -C "$work/demo/repo.git" show v4.1:src/s1ap/ie.c | wc -l)
grep -q "^| v4.1 | src/s1ap/ie.c | $lines | [0-9]* | 30 | 10 |" "$work/r.md"
result $? 'the report has 30 lines reviewed and 10 by two people, none twice' \
    "$work/r.md"
echo "1..$n"
exit $status
