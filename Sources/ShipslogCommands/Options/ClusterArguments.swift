#if Network
    import ArgumentParser
    import KubernetesClient

    /// The options that say which cluster is spoken to, and as whom; as in kubectl.
    struct ClusterArguments: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "The kubeconfig; else the files in $KUBECONFIG, else ~/.kube/config, else the pod's service account.",
                valueName: "file"),
            completion: .file())
        var kubeconfig: String?

        @Option(help: "The context of the kubeconfig; else its current one.")
        var context: String?

        @Option(name: .customLong("as"), help: ArgumentHelp("Act as this user.", valueName: "user"))
        var user: String?

        @Option(
            name: .customLong("as-group"),
            help: ArgumentHelp("Act as a member of this group; may be repeated.", valueName: "group"))
        var groups: [String] = []

        /// How to reach the cluster.
        ///
        /// - Throws: `ShipslogError` as `ClientConfiguration.load`.
        func configuration(in context: CommandContext) throws -> ClientConfiguration {
            var choice = ClientConfiguration.Choice()
            choice.kubeconfig = kubeconfig.map(context.absolutePath)
            choice.context = self.context
            choice.impersonatedUser = user
            choice.impersonatedGroups = groups
            let configuration = try ClientConfiguration.load(choice, environment: context.environment)
            for warning in configuration.warnings { try context.notice("warning: \(warning)") }
            return configuration
        }
    }
#endif
