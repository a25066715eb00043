/// What a pod is made from.
package enum PodSpec {
    /// The `spec` of a pod without what belongs to this one life of it: the node that it got, and the containers by which
    /// somebody looked into it, with which nobody may make a pod.
    ///
    /// - SeeAlso: <https://kubernetes.io/docs/concepts/workloads/pods/ephemeral-containers/>
    package static func forAnother(_ spec: JSONValue) -> JSONValue {
        var spec = spec
        spec["nodeName"] = nil
        spec["ephemeralContainers"] = nil
        return spec
    }
}
