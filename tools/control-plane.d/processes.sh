# shellcheck shell=bash disable=SC2034,SC2154  # Variables are shared with the script that sources this.
# Starting, watching and stopping the processes of a control plane. Part of tools/control-plane.

# When a process started, in ticks since the machine did; nothing if it does not run.
start_time() {
    local stat fields
    stat=$(cat "/proc/$1/stat" 2>/dev/null) || return 0
    # The name of the program stands in parentheses, and may hold anything.
    read -ra fields <<<"${stat##*) }"
    # A zombie has ended, also if nobody waits for it, as in some containers.
    if [ "${fields[0]}" != Z ]; then echo "${fields[19]}"; fi
}

process_of() { cut -d ' ' -f 1 "$state/processes/$1"; }

# The number alone would not do: it may have been given to another process since.
runs() {
    local process started
    read -r process started 2>/dev/null <"$state/processes/$1" || return 1
    [ -n "$started" ] && [ "$(start_time "$process")" = "$started" ]
}

# PROGRAM ARGUMENT...: becomes the program, in a session of its own, so that Ctrl-C in the terminal does not reach it,
# and without the descriptors of this script, so that it does not hold the lock, and that nobody who called the script
# waits for it: some do until the last descriptor is closed that they gave to it.
become() {
    local descriptor
    for descriptor in /proc/self/fd/*; do
        descriptor=${descriptor##*/}
        if [ "$descriptor" -gt 2 ]; then eval "exec $descriptor>&-"; fi
    done
    exec setsid "$@"
}

# PART PROGRAM ARGUMENT...
launch() {
    local part=$1
    shift
    become "$@" </dev/null >>"$state/log/$part.log" 2>&1 &
    echo "$! $(start_time $!)" >"$state/processes/$part"
}

# PART SECONDS CHECK...: 0 when the check holds, 1 if the process ended, 2 if the time passed.
await() {
    local part=$1 deadline=$((SECONDS + $2))
    shift 2
    until "$@"; do
        if ! runs "$part"; then return 1; fi
        if [ "$SECONDS" -ge "$deadline" ]; then return 2; fi
        sleep 0.1
    done
}

# PART OUTCOME, as `await` returned it.
fail_with_log() {
    local part=$1 log=$state/log/$1.log what reason
    if [ "$2" -eq 1 ]; then what="ended while it was starting"; else what="was not ready in time"; fi
    # The last line that a program means as an error, in one of three formats, without its head.
    reason=$(grep -aE '^(F[0-9]{4} |Error: |error: )|"level":"fatal"' "$log" | tail -n 1 |
        sed -E 's/^F[0-9]{4} [^]]*\] //; s/^[Ee]rror: //; s/.*"msg":"([^"]*)".*"error":"([^"]*)".*/\1: \2/') || true
    fail "$part $what${reason:+ ($reason)}; its log is $log"
}

# PART SIGNAL
signal() { if runs "$1"; then kill -s "$2" "$(process_of "$1")" 2>/dev/null || true; fi; }

# Politely, then not: with watches open, kube-apiserver takes up to a minute to end by itself.
stop_part() {
    local tenths=0
    signal "$1" TERM
    while runs "$1"; do
        if [ "$tenths" -eq 50 ]; then signal "$1" KILL; fi
        tenths=$((tenths + 1))
        sleep 0.1
    done
    rm -f "$state/processes/$1"
}

# Clients before their servers.
stop_all() {
    stop_part controller-manager
    stop_part apiserver
    stop_part etcd
}

kill_all() {
    local part
    for part in "${parts[@]}"; do signal "$part" KILL; done
    for part in "${parts[@]}"; do
        while runs "$part"; do sleep 0.05; done
    done
}

# PROCESS: leaves something behind that takes the plane down when the process has ended. It does no harm if it comes
# while `up` still works: `down` waits for the lock.
take_down_after() {
    local process=$1 started
    started=$(start_time "$process")
    [ -n "$started" ] || fail "There is no process $process to keep the plane for."
    export -f start_time
    # shellcheck disable=SC2016 # The inner shell expands them.
    become bash -c '
        while [ -e "$1" ] && [ "$(start_time "$2")" = "$3" ]; do sleep 0.5; done
        if [ -e "$1" ]; then exec "$4" --state "$5" down; fi
    ' guard "$marker" "$process" "$started" "$tools/control-plane" "$state" </dev/null >/dev/null 2>&1 &
}
