#!/bin/sh
# gammu-smsd's RunOnReceive for Kanal: brings each SMS to a channel with provider = "gammu". In gammu-smsdrc:
#
#     [smsd]
#     RunOnReceive = /usr/local/bin/gammu-receive.sh /etc/gammu-kanal
#
# gammu-smsd has to run in a UTF-8 locale (Environment=LC_ALL=C.UTF-8 in its systemd unit), or it writes "?" for what is
# not ASCII. The file /etc/gammu-kanal holds one line, the channel's address with its secret, as in
# https://kanal.example.go.id/in/sms-08111272206/SECRET/mo, and nobody but gammu-smsd's user may read it.
#
# An SMS is written into a folder first and deleted there once Kanal has it. What could not be brought waits for the next
# SMS, or for cron to run this every minute: gammu-receive.sh /etc/gammu-kanal
# The exit code is 1 as long as something waits. It needs curl.
set -u
umask 077

address=$1
shift
spool=${KANAL_SPOOL:-/var/spool/gammu-kanal}
mkdir -p "$spool" || exit 1

field() { # NAME VALUE
  printf %s "$2" >"$sms/$1" || exit 1
}

numbered() { # PREFIX COUNT NAME...
  prefix=$1 count=$2 number=1
  shift 2
  while [ "$number" -le "$count" ]; do
    for name; do
      eval "field ${prefix}_${number}_$name \"\${${prefix}_${number}_$name-}\""
    done
    number=$((number + 1))
  done
}

if [ $# -gt 0 ]; then
  sms=$(mktemp -d "$spool/new.XXXXXX") || exit 1
  field id "$*"
  field SMS_MESSAGES "$SMS_MESSAGES"
  field DECODED_PARTS "$DECODED_PARTS"
  field SMS_1_NUMBER "$SMS_1_NUMBER"
  numbered SMS "$SMS_MESSAGES" TEXT
  numbered DECODED "$DECODED_PARTS" TEXT
  mv "$sms" "$spool/sms.$(date +%s).$$" || exit 1
fi

waiting=0
for sms in "$spool"/sms.*; do
  [ -d "$sms" ] || continue
  set -- --config - --silent --fail --output /dev/null --max-time 30
  for file in "$sms"/*; do
    set -- "$@" --data-urlencode "${file##*/}@$file"
  done
  if printf 'url = "%s"\n' "$(cat "$address")" | curl "$@"; then
    rm -r "$sms"
  else
    waiting=1
    break
  fi
done
exit $waiting
