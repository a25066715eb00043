# shellcheck shell=bash disable=SC2034,SC2154  # Variables are shared with the script that sources this.
# Where the programs of a control plane come from. Part of tools/control-plane.

# Sets `binaries`, the folder of kube-apiserver and kube-controller-manager, and `etcd`.
find_binaries() {
    if [ -n "${KUBEBUILDER_ASSETS:-}" ]; then
        binaries=$(realpath -m "$KUBEBUILDER_ASSETS")
        has_kubernetes "$binaries" ||
            fail "KUBEBUILDER_ASSETS is $binaries, but kube-apiserver and kube-controller-manager are not both there."
    else
        binaries=$(realpath -m "${XDG_CACHE_HOME:-$HOME/.cache}/shipslog/kubernetes")
        if ! has_kubernetes "$binaries"; then
            [ "$may_build" = yes ] ||
                fail "kube-apiserver and kube-controller-manager are not in $binaries; run: tools/control-plane build"
            "$tools/control-plane.d/build-kubernetes" "$binaries" >&2
        fi
    fi
    find_etcd
}

has_kubernetes() { [ -x "$1/kube-apiserver" ] && [ -x "$1/kube-controller-manager" ]; }

find_etcd() {
    etcd=$binaries/etcd
    if [ ! -x "$etcd" ]; then
        etcd=$(command -v etcd) || fail "There is no etcd in $binaries or in PATH; Debian has it in etcd-server."
    fi
}
