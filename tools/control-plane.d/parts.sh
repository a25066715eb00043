# shellcheck shell=bash disable=SC2034,SC2154  # Variables are shared with the script that sources this.
# The three programs of a control plane, how they are started and how one sees that they are ready. Part of
# tools/control-plane.

parts=(etcd apiserver controller-manager)

port_of() { cat "$state/ports/$1"; }

where_it_listens() { if [ -e "$state/ports/$1" ]; then printf ', https://127.0.0.1:%s' "$(port_of "$1")"; fi; }

choose_port() {
    local port
    while true; do
        # Below the range from which the system takes ports for outgoing connections.
        port=$((20000 + RANDOM % 12000))
        if ! (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; then break; fi
    done
    echo "$port" >"$state/ports/$1"
}

etcd_request() {
    local path=$1
    shift
    curl --silent --noproxy '*' --max-time 10 --fail --cacert "$state/pki/etcd.crt" --cert "$state/pki/etcd.crt" \
        --key "$state/pki/etcd.key" "$@" "https://127.0.0.1:$(port_of etcd)$path"
}

launch_etcd() {
    local url tls=("$state/pki/etcd.crt" "$state/pki/etcd.key")
    url=https://127.0.0.1:$(port_of etcd)
    launch etcd "$etcd" --data-dir="$state/etcd" --listen-client-urls="$url" --advertise-client-urls="$url" \
        --listen-peer-urls=http://127.0.0.1:0 --logger=zap \
        --cert-file="${tls[0]}" --key-file="${tls[1]}" --trusted-ca-file="${tls[0]}" --client-cert-auth
}

launch_apiserver() {
    local pki=$state/pki flags
    mapfile -d '' -t flags <"$state/apiserver-flags"
    # The advertised address is one for documentation: nothing connects to it, loopback is not allowed there, and
    # without it the machine would need a network interface. A log of any length stays one file.
    launch apiserver "$binaries/kube-apiserver" --bind-address=127.0.0.1 --secure-port="$(port_of apiserver)" \
        --advertise-address=192.0.2.1 \
        --etcd-servers="https://127.0.0.1:$(port_of etcd)" --etcd-cafile="$pki/etcd.crt" \
        --etcd-certfile="$pki/etcd.crt" --etcd-keyfile="$pki/etcd.key" \
        --tls-cert-file="$pki/apiserver.crt" --tls-private-key-file="$pki/apiserver.key" \
        --client-ca-file="$pki/ca.crt" --authorization-mode=RBAC \
        --service-account-key-file="$pki/service-accounts.key" \
        --service-account-signing-key-file="$pki/service-accounts.key" \
        --service-account-issuer=https://kubernetes.default.svc --service-cluster-ip-range=10.0.0.0/16 \
        --disable-admission-plugins=ServiceAccount \
        --audit-policy-file="$tools/control-plane.d/audit-policy.yaml" --audit-log-path="$state/audit.log" \
        --audit-log-maxsize=1000000 "${flags[@]}"
}

launch_controller-manager() {
    local port=()
    # Versions before 1.24 would listen on a fixed port.
    if "$binaries/kube-controller-manager" --help | grep -- '^ *--port ' >/dev/null; then port=(--port=0); fi
    # No nodes report here, and a busy test is not to wait for a limit on requests.
    launch controller-manager "$binaries/kube-controller-manager" --kubeconfig="$state/kubeconfig/controller-manager" \
        --service-account-private-key-file="$state/pki/service-accounts.key" --root-ca-file="$state/pki/ca.crt" \
        --use-service-account-credentials=true --leader-elect=false --controllers='*,-nodelifecycle,-ttl' \
        --kube-api-qps=500 --kube-api-burst=1000 --secure-port=0 "${port[@]}"
}

# Each server is asked under its own certificate, so another plane's server on the same port is not taken for it.
is_ready() {
    case "$1" in
    etcd) etcd_request /health >/dev/null ;;
    apiserver) request admin /readyz --fail --output /dev/null ;;
    controller-manager) runs controller-manager ;;
    esac
}

# A new plane takes another port if somebody was faster. One that was up keeps its ports, since clients know them.
start_part() {
    local part=$1 new=no outcome
    if runs "$part"; then return; fi
    if [ "$part" != controller-manager ] && [ ! -e "$state/ports/$part" ]; then new=yes; fi
    for _ in 1 2 3 4 5; do
        if [ "$new" = yes ]; then choose_port "$part"; fi
        outcome=0
        "launch_$part"
        await "$part" 60 is_ready "$part" || outcome=$?
        if [ "$outcome" -eq 0 ]; then return; fi
        if [ "$new" = yes ]; then
            rm -f "$state/ports/$part"
            if grep -q 'address already in use' "$state/log/$part.log"; then
                rm -f "$state/log/$part.log"
                continue
            fi
        fi
        break
    done
    fail_with_log "$part" "$outcome"
}

compact() {
    local revision
    # The key is the empty name: the answer only says which revision is the newest.
    revision=$(etcd_request /v3/kv/range --data '{"key": "AA=="}' | sed -E 's/.*"revision":"([0-9]+)".*/\1/') ||
        fail "etcd does not answer; see: tools/control-plane status"
    etcd_request /v3/kv/compaction --data "{\"revision\": \"$revision\", \"physical\": true}" >/dev/null ||
        fail "etcd refused to compact to revision $revision; its log is $state/log/etcd.log"
    say "etcd is compacted to revision $revision. kube-apiserver has the last changes in memory until it is restarted."
}
