#!/bin/bash
# CRASHTEST=crashtest.py tests/crash/run_crashtest.sh {kill|term|syscall|power|eio|none} [OPTION…]
#
# Runs a crash test tool on `kanal run`, over HTTP (an SMS as a form) and SMTP together, and checks that every message
# that was acknowledged is kept exactly once with the bytes that were sent. With LIST=reports or LIST=replies it looks
# further down the pipeline: each message has led to exactly one report, and each report to exactly one reply.
#
# The tool starts and kills the server, sends, and compares; it takes --server, --http, --smtp, --list, --mode, --kills
# and so on. Further OPTIONS are given to it, such as `--kills 30 --seed 1`. Mode syscall needs strace: the server is
# killed at its first write or sync, after the next start at a later one (`--point-step`), and so on. Modes power and
# eio need root and loop devices: the data are on a file system of their own whose power is cut. WORK is where
# everything is kept (made, and removed if it was not given); PYTHON the interpreter.
set -eu

mode=${1:?which mode?}; shift
: "${CRASHTEST:?the path of crashtest.py}"
python=$(command -v "${PYTHON:-python}")
root=$(cd "$(dirname "$0")/../.." && pwd)
if [ -z "${WORK:-}" ]; then WORK=$(mktemp -d); trap 'rm -rf "$WORK"' EXIT; fi
mkdir -p "$WORK/disk"
cd "$root"

# Below the ephemeral range: while the gateway is down, no client's own port may be its.
web=$((10000 + RANDOM % 10000))
smtp=$((web + 1))
secret=$("$python" -c 'import secrets; print(secrets.token_hex(16))')
(umask 077; echo "$secret" >"$WORK/secret")

cat >"$WORK/kanal.toml" <<TOML
[gateway]
data = "disk/kanal"
replies_per_person_per_day = 1000000

[web]
port = $web

[[channels]]
name = "mail"
kind = "smtp"
recipients = ["dki@jakarta.go.id"]
smtp = "127.0.0.1:$smtp"

[[channels]]
name = "sms"
kind = "sms"
number = "1708"
secret = { file = "secret" }
TOML

"$python" "$CRASHTEST" \
  --mode "$mode" --disk "$WORK/disk" --work "$WORK/crashtest" --cwd "$root" \
  --server "$python -m gateway run $WORK/kanal.toml" \
  --http "http://127.0.0.1:$web/in/sms/$secret/mo" \
  --content-type application/x-www-form-urlencoded \
  --body 'id={id}&sender=%2B628111000001&to=1708&time=1793500000&coding=0&charset=UTF-8&udh=&message=Banjir+{id}+{filler}' \
  --smtp "127.0.0.1:$smtp" --rcpt dki@jakarta.go.id \
  --list "$python -m tests.crash.listing ${LIST:-deliveries} $WORK/kanal.toml" --settle 1 \
  "$@"
