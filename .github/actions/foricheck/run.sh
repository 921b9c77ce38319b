# Judge the target; write the reports, the job summary and the verdict. The exit status is that of
# `foricheck run`.
set -uo pipefail

reports=${FORICHECK_REPORTS:-foricheck-reports}
mkdir -p "$reports" "$FORICHECK_PROGRAMS"
rm -f "$reports"/{report.json,report.html,junit.xml,badge.svg,summary.md}
foricheck rules --html "$reports/rules" # the report leads to these pages

# A runner is another machine each time, so programs are kept in a place that a cache restores.
export JAX_COMPILATION_CACHE_DIR=$FORICHECK_PROGRAMS
export JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS=0
export JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES=-1

command=(foricheck run)
[ -n "${FORICHECK_TARGET:-}" ] && command+=("$FORICHECK_TARGET")
while IFS= read -r argument; do
    [ -n "$argument" ] && command+=("$argument")
done <<< "${FORICHECK_ARGUMENTS:-}"

"${command[@]}" \
    --json "$reports/report.json" --html "$reports/report.html" --junit "$reports/junit.xml" \
    --badge "$reports/badge.svg" --markdown "$reports/summary.md"
status=$?

verdict=error
if [ -f "$reports/report.json" ]; then
    verdict=$(python -c 'import json, sys; print(json.load(open(sys.argv[1]))["verdict"])' \
        "$reports/report.json")
    cat "$reports/summary.md" >> "$GITHUB_STEP_SUMMARY"
else
    echo "### foricheck: NO VERDICT" >> "$GITHUB_STEP_SUMMARY"
fi
echo "verdict=$verdict" >> "$GITHUB_OUTPUT"

if [ -n "${FORICHECK_BASELINE:-}" ] && [ -f "$reports/report.json" ]; then
    foricheck diff "$FORICHECK_BASELINE" "$reports/report.json" --format markdown \
        >> "$GITHUB_STEP_SUMMARY"
fi
exit $status
