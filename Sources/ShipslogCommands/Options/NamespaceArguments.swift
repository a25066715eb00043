#if Network
    import ArgumentParser
    import KubernetesClient

    /// The options that say which namespaces of a live cluster are meant.
    struct NamespaceArguments: ParsableArguments {
        @Option(name: .shortAndLong, help: "A namespace; may be repeated. If none is given, that of the context.")
        var namespace: [String] = []

        @Flag(name: [.customShort("A"), .long], help: "All namespaces.")
        var allNamespaces = false

        func validate() throws {
            if !namespace.isEmpty, allNamespaces {
                throw ValidationError("--namespace and --all-namespaces exclude each other.")
            }
        }

        /// The namespaces, each once; `nil` stands for all.
        func chosen(_ configuration: ClientConfiguration) -> [String?] {
            allNamespaces ? [nil] : namespace.isEmpty ? [configuration.namespace] : Set(namespace).sorted()
        }
    }
#endif
