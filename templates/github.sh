#!/usr/bin/env bash
# The step of the GitHub Action: installs audit, checks the paths, and ends with audit's exit code.
# Inputs come as INPUT_…; GitHub gives RUNNER_TEMP, GITHUB_ACTION_PATH and GITHUB_OUTPUT.
set -euo pipefail

# What is shown is no command: a line that an input begins would be one for the runner.
fail() {
    local said="${1//'%'/%25}"
    said="${said//$'\r'/%0D}"
    echo "::error title=audit::${said//$'\n'/%0A}"
    echo "exit-code=2" >>"$GITHUB_OUTPUT"
    exit 2
}

# One a line, so that names may have blanks in them; what is blank before and behind is no name.
lines=()
split() {
    local line
    lines=()
    while IFS= read -r line || [ -n "$line" ]; do
        line="${line#"${line%%[![:space:]]*}"}"
        line="${line%"${line##*[![:space:]]}"}"
        [ -z "$line" ] || lines+=("$line")
    done <<<"$1"
}

split "$INPUT_PATHS"
[ ${#lines[@]} -gt 0 ] || fail "no paths were given"
paths=("${lines[@]}")
split "${INPUT_ARGUMENTS:-}"
# An empty array counts as unset in the bash that macOS has.
arguments=(${lines[@]+"${lines[@]}"})

# Settings beside the reports come with them: from whoever sends them.
case "${INPUT_CONFIG:-}" in
    "") settings=(--isolated) ;;
    beside) settings=() ;;
    *) settings=("--config=$INPUT_CONFIG") ;;
esac

case "${INPUT_VERSION:-}" in
    installed)
        audit=audit
        command -v audit >/dev/null || fail "version is 'installed', but there is no audit on the PATH"
        ;;
    "" | *.whl | *.tar.gz | git+* | https://* | disclosure-audit==*)
        # Isolated, for the current folder is the checkout, in which anybody's venv.py may lie.
        python -I -m venv "$RUNNER_TEMP/audit"
        bounds=()
        [ -n "${INPUT_VERSION:-}" ] || bounds=(--constraint "$GITHUB_ACTION_PATH/constraints.txt")
        "$RUNNER_TEMP/audit/bin/pip" install --quiet --disable-pip-version-check \
            ${bounds[@]+"${bounds[@]}"} -- "${INPUT_VERSION:-$GITHUB_ACTION_PATH}" ||
            fail "audit could not be installed"
        audit="$RUNNER_TEMP/audit/bin/audit"
        ;;
    *)
        # `audit` on the public index is another project: a bare name or number would install that.
        fail "version takes a wheel, an address, git+https://…@tag or disclosure-audit==…, not '$INPUT_VERSION'"
        ;;
esac

code=0
"$audit" check --format "${INPUT_FORMAT:-github}" --fail-on "${INPUT_FAIL_ON:-error}" \
    ${settings[@]+"${settings[@]}"} ${arguments[@]+"${arguments[@]}"} -- "${paths[@]}" || code=$?
echo "exit-code=$code" >>"$GITHUB_OUTPUT"
exit "$code"
