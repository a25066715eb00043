# shellcheck shell=bash disable=SC2034,SC2154  # Variables are shared with the script that sources this.
# The same commands for a cluster that is not ours. Part of tools/control-plane.

other_cluster_is_ready() { kubectl --kubeconfig "$other_cluster" get --raw /readyz >/dev/null; }

use_other_cluster() {
    [ -r "$other_cluster" ] || fail "The kubeconfig $other_cluster cannot be read."
    case "$command $operand" in
    "up " | "kubeconfig admin")
        other_cluster_is_ready || fail "The cluster of $other_cluster is not ready."
        realpath "$other_cluster"
        ;;
    "down ") say "The cluster of $other_cluster was not started here, so it is left running." ;;
    "status ")
        other_cluster_is_ready || fail "The cluster of $other_cluster is not ready."
        echo "The cluster of $other_cluster is ready."
        ;;
    *) fail "'$command $operand' needs a control plane of its own, without --kubeconfig." ;;
    esac
}
