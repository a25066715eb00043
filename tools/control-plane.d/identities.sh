# shellcheck shell=bash disable=SC2034,SC2154  # Variables are shared with the script that sources this.
# The certificates of a control plane, its users, and what they may do. Part of tools/control-plane.

users=(admin alice bob viewer)

group_of() {
    case "$1" in
    admin) echo system:masters ;;
    viewer) echo viewers ;;
    *) echo developers ;;
    esac
}

new_key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)

# Makes pki/NAME.crt and pki/NAME.key; further arguments go to openssl. The configuration is empty, so that the
# machine's own cannot add extensions.
make_certificate() {
    local name=$1 subject=$2
    shift 2
    openssl req -x509 -config <(printf '[req]\ndistinguished_name=dn\n[dn]\n') "${new_key[@]}" -days 3650 \
        -subj "$subject" -keyout "$state/pki/$name.key" -out "$state/pki/$name.crt" "$@" 2>>"$state/log/openssl.log" ||
        fail "openssl could not make the certificate of $name; its log is $state/log/openssl.log"
}

make_signed_certificate() {
    make_certificate "$@" -CA "$state/pki/ca.crt" -CAkey "$state/pki/ca.key" -addext basicConstraints=critical,CA:FALSE
}

make_certificates() {
    if [ -e "$state/pki/complete" ]; then return; fi
    make_certificate ca /CN=shipslog-control-plane -addext basicConstraints=critical,CA:TRUE
    make_signed_certificate apiserver /CN=kube-apiserver \
        -addext subjectAltName=DNS:localhost,IP:127.0.0.1,IP:10.0.0.1 -addext extendedKeyUsage=serverAuth
    # For both ends, and not signed by the authority: no user may write past the API server.
    make_certificate etcd /CN=etcd -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -addext basicConstraints=CA:TRUE
    local user
    for user in "${users[@]}"; do
        make_signed_certificate "$user" "/O=$(group_of "$user")/CN=$user" -addext extendedKeyUsage=clientAuth
    done
    make_signed_certificate controller-manager /CN=system:kube-controller-manager -addext extendedKeyUsage=clientAuth
    # In the older of the two formats, which kube-apiserver wants here.
    openssl ecparam -genkey -name prime256v1 -noout -out "$state/pki/service-accounts.key"
    touch "$state/pki/complete"
}

make_kubeconfigs() {
    local user
    for user in "${users[@]}" controller-manager; do
        # Whole, with nothing but the address pointing elsewhere, so that it can be copied.
        cat >"$state/kubeconfig/$user" <<END
apiVersion: v1
kind: Config
clusters:
- name: control-plane
  cluster:
    server: https://127.0.0.1:$(port_of apiserver)
    certificate-authority-data: $(base64 -w 0 "$state/pki/ca.crt")
users:
- name: $user
  user:
    client-certificate-data: $(base64 -w 0 "$state/pki/$user.crt")
    client-key-data: $(base64 -w 0 "$state/pki/$user.key")
contexts:
- name: $user
  context: {cluster: control-plane, user: $user}
current-context: $user
END
    done
}

# A request to the API server: USER PATH, then arguments of curl. Not in curl's own name: that gets indented JSON, and
# Kubernetes 1.20 built with Debian's Go 1.19 panics on all JSON after it has written any.
request() {
    local user=$1 path=$2
    shift 2
    curl --silent --noproxy '*' --max-time 10 --user-agent shipslog-control-plane --cacert "$state/pki/ca.crt" \
        --cert "$state/pki/$user.crt" --key "$state/pki/$user.key" \
        --header 'Content-Type: application/json' "$@" "https://127.0.0.1:$(port_of apiserver)$path"
}

# GROUP ROLE: gives a group one of the roles that every cluster has, in all namespaces.
bind_role() {
    local code
    code=$(request admin /apis/rbac.authorization.k8s.io/v1/clusterrolebindings \
        --output "$state/log/rights.log" --write-out '%{http_code}' --data @- <<END
{"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRoleBinding", "metadata": {"name": "$1"},
 "subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "Group", "name": "$1"}],
 "roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "$2"}}
END
    ) || true
    # 409: it is there since the plane was up before.
    case "$code" in
    201 | 409) ;;
    *) fail "kube-apiserver answered $code when group $1 was to get role $2; its answer is $state/log/rights.log" ;;
    esac
}

grant_rights() {
    bind_role developers edit
    bind_role viewers view
}

may_list() { request "$1" "$2" --fail --output /dev/null; }

# Secrets may be read by whoever may write, and not by whoever may only look, so no write is needed to know it.
users_may_work() {
    may_list alice /api/v1/namespaces/default/secrets &&
        may_list alice /apis/apps/v1/namespaces/default/deployments &&
        may_list viewer /apis/apps/v1/namespaces/default/deployments
}

# The roles are empty until a controller has put them together, so this also says that controllers are at work.
wait_until_users_may_work() {
    local outcome=0
    await controller-manager 60 users_may_work || outcome=$?
    if [ "$outcome" -ne 0 ]; then fail_with_log controller-manager "$outcome"; fi
}
