import RolloutModel

/// A tool that keeps objects as it wants them.
enum ForeignOwner: String {
    case helm = "Helm"
    case argoCD = "Argo CD"
    case flux = "Flux"

    /// The tool that an object says it belongs to; `nil` if it names none.
    init?(of object: JSONValue) {
        let labels = object["metadata"]?["labels"]?.object ?? [:]
        let annotations = object["metadata"]?["annotations"]?.object ?? [:]
        if labels["argocd.argoproj.io/instance"] != nil || annotations["argocd.argoproj.io/tracking-id"] != nil {
            self = .argoCD
        } else if labels.keys.contains(where: { $0.contains(".toolkit.fluxcd.io/") }) {
            self = .flux
        } else if annotations["meta.helm.sh/release-name"] != nil {
            self = .helm
        } else {
            return nil
        }
    }
}
