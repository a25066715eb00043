#if Network
    import ArgumentParser
    import EventLedger
    import Foundation
    import Recording
    import RolloutModel

    /// `shipslog audit-webhook`: records what API servers tell of the requests they answer.
    struct AuditWebhookCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "audit-webhook",
            abstract: "Receive the audit events of API servers until stopped.",
            discussion: """
                Listens for the webhook backend of an API server's audit log: name this address in a kubeconfig file, and \
                that file in --audit-webhook-config-file. A batch is acknowledged when it is on disk; while the ledger \
                cannot be written, none is, and the API server sends it again. What cannot be read, or contradicts the \
                ledger, is recorded as a gap. Alone it tells the rollouts; beside \
                `shipslog record` of the same cluster it adds who did what. Without TLS and a token it listens on this \
                machine only.

                Examples:
                  shipslog audit-webhook --cluster prod --listen :9443 \\
                    --tls-cert-file tls.crt --tls-private-key-file tls.key --token-file token
                  shipslog audit-webhook --cluster test --listen 127.0.0.1:9080
                """
        )

        @Option(help: ArgumentHelp("Where to listen; an empty host stands for all addresses.", valueName: "host:port"))
        var listen: String

        @Option(help: "What the cluster is called in the ledger.")
        var cluster: String

        @Option(
            help: ArgumentHelp(
                "The certificate of this server, and those that lead to its authority, as PEM.", valueName: "file"),
            completion: .file())
        var tlsCertFile: String?

        @Option(
            help: ArgumentHelp("The private key of the certificate, as PEM.", valueName: "file"), completion: .file())
        var tlsPrivateKeyFile: String?

        @Option(
            help: ArgumentHelp(
                "A file with the token that the API server sends; read again for each request.", valueName: "file"),
            completion: .file())
        var tokenFile: String?

        @Option(
            help: ArgumentHelp(
                "A file that is there as long as this listens, with the address in it, for supervisors.",
                valueName: "file"),
            completion: .file())
        var readinessFile: String?

        @Flag(name: .shortAndLong, help: "Say nothing while receiving.")
        var quiet = false

        @OptionGroup var ledger: LedgerArguments

        func validate() throws {
            try ImportRun.validate(cluster: cluster)
            let address = try ListenAddress(listen)
            if (tlsCertFile == nil) != (tlsPrivateKeyFile == nil) {
                throw ValidationError("--tls-cert-file and --tls-private-key-file belong together.")
            }
            if !address.isLoopback, tlsCertFile == nil || tokenFile == nil {
                throw ValidationError(
                    "At \(listen) others can reach it: give it --tls-cert-file, --tls-private-key-file and --token-file."
                )
            }
        }

        func run(in context: CommandContext) async throws {
            let ledger = try ledger.openOrCreate(in: context)
            let name = "audit-webhook/\(cluster)"
            let calls = OwnCalls(in: ledger)
            let quiet = quiet
            let receiver = try AuditReceiver(
                cluster: cluster, memory: ledger.memory(of: name), now: context.now,
                calls: { try await calls.events() },
                warn: { sentence in
                    do {
                        if !quiet { try context.notice("warning: \(sentence)") }
                    } catch {
                        // Who does not read notices cannot be told in one.
                    }
                },
                append: { events, memory in
                    _ = try await ledger.append(
                        events, remembering: RecorderMemory(recorder: name, changes: memory))
                })
            let webhook = try AuditWebhook(
                receiver: receiver, address: ListenAddress(listen),
                tls: tlsCertFile.flatMap { certificate in
                    tlsPrivateKeyFile.map {
                        (certificate: context.absolutePath(certificate), key: context.absolutePath($0))
                    }
                },
                tokenFile: tokenFile.map(context.absolutePath),
                readinessFile: readinessFile.map(context.absolutePath),
                notice: { if !quiet { try context.notice($0) } }
            )
            try await webhook.run()
            try await receiver.finish()
            try ledger.close()
            let status = await receiver.status
            if let trouble = status.trouble { throw ShipslogError(.unavailable, trouble) }
            if !quiet {
                try context.notice(
                    "Received \(Plural.of(status.entries, "audit event")): recorded \(Plural.of(status.events, "event")), "
                        + "\(status.attributions) of which say who did another.")
            }
        }
    }
#endif
