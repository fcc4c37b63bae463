#!/usr/bin/env bash
# Installs what is missing, builds, measures every suite with the quick profile, prints the
# scorecard and writes report.md, report.json and results.json in the current folder.
#
#   scripts/validate.sh [OPTION…]      options of `midstream-validate run`
#
# An option of yours replaces the same default: --profile, --results, and --report per format. A
# report of yours on stdout (`--report json=-`) takes the place of the console scorecard, since
# stdout carries one document. With --failed no results file is written unless you name one: part of
# the rows would take the place of all of them.
#
# Exit code: the binary's (0 to 6, 128 + signal); 10 when the set-up or the build failed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)

# The options given as the defaults that they leave standing.
profile=(--profile quick)
results=(--results results.json)
declare -A report=([console]=console [md]=md=report.md [json]=json=report.json)

replace_report() {
  local format=${1%%=*} path=${1#"${1%%=*}"}
  unset "report[$format]"
  [[ -n $path && $path != "=-" ]] || unset 'report[console]'
}

replace_defaults() {
  while [[ $# -gt 0 ]]; do
    case $1 in
      --profile | --profile=*) profile=() ;;
      --results | --results=* | --failed | --failed=*) results=() ;;
      --report=*) replace_report "${1#--report=}" ;;
      --report) replace_report "${2-}" ;;
    esac
    shift
  done
}

replace_defaults "$@"
reports=()
for format in console md json; do
  [[ -z ${report[$format]-} ]] || reports+=(--report "${report[$format]}")
done

"$root/scripts/build.sh" release --target midstream-validate || exit 10
exec "$root/build/release/midstream-validate" run \
  "${profile[@]}" "${reports[@]}" "${results[@]}" "$@"
