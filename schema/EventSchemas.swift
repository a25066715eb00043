extension LedgerSchema {
    /// A JSON Schema (draft 2020-12), as it stands in its file.
    public struct Document: Sendable {
        /// What it describes: an event type (`deployment.created`) or an output of the command line.
        public let name: String
        /// The file's bytes: UTF-8 JSON.
        public let bytes: [UInt8]
    }

    /// The schema of the payload of each event type, in the order of the types' names.
    ///
    /// - SeeAlso: `schema/events`.
    public static let eventSchemas: [Document] = [
        Document(name: "actor.attributed", bytes: PackageResources.actor_attributed_schema_json),
        Document(name: "call.completed", bytes: PackageResources.call_completed_schema_json),
        Document(name: "call.failed", bytes: PackageResources.call_failed_schema_json),
        Document(name: "call.intended", bytes: PackageResources.call_intended_schema_json),
        Document(name: "check.completed", bytes: PackageResources.check_completed_schema_json),
        Document(name: "deployment.change_cause_set", bytes: PackageResources.deployment_change_cause_set_schema_json),
        Document(
            name: "deployment.condition_observed", bytes: PackageResources.deployment_condition_observed_schema_json),
        Document(name: "deployment.created", bytes: PackageResources.deployment_created_schema_json),
        Document(name: "deployment.deleted", bytes: PackageResources.deployment_deleted_schema_json),
        Document(name: "deployment.labels_changed", bytes: PackageResources.deployment_labels_changed_schema_json),
        Document(name: "deployment.paused", bytes: PackageResources.deployment_paused_schema_json),
        Document(name: "deployment.resumed", bytes: PackageResources.deployment_resumed_schema_json),
        Document(name: "deployment.scaled", bytes: PackageResources.deployment_scaled_schema_json),
        Document(name: "deployment.status_observed", bytes: PackageResources.deployment_status_observed_schema_json),
        Document(name: "deployment.strategy_changed", bytes: PackageResources.deployment_strategy_changed_schema_json),
        Document(name: "deployment.template_changed", bytes: PackageResources.deployment_template_changed_schema_json),
        Document(name: "endpoints.changed", bytes: PackageResources.endpoints_changed_schema_json),
        Document(name: "hint.observed", bytes: PackageResources.hint_observed_schema_json),
        Document(name: "note.added", bytes: PackageResources.note_added_schema_json),
        Document(name: "pod.container_restarted", bytes: PackageResources.pod_container_restarted_schema_json),
        Document(name: "pod.container_started", bytes: PackageResources.pod_container_started_schema_json),
        Document(name: "pod.container_terminated", bytes: PackageResources.pod_container_terminated_schema_json),
        Document(name: "pod.container_waiting", bytes: PackageResources.pod_container_waiting_schema_json),
        Document(name: "pod.created", bytes: PackageResources.pod_created_schema_json),
        Document(name: "pod.deleted", bytes: PackageResources.pod_deleted_schema_json),
        Document(name: "pod.image_changed", bytes: PackageResources.pod_image_changed_schema_json),
        Document(name: "pod.labels_changed", bytes: PackageResources.pod_labels_changed_schema_json),
        Document(name: "pod.owner_changed", bytes: PackageResources.pod_owner_changed_schema_json),
        Document(name: "pod.phase_observed", bytes: PackageResources.pod_phase_observed_schema_json),
        Document(name: "pod.readiness_observed", bytes: PackageResources.pod_readiness_observed_schema_json),
        Document(name: "pod.scheduled", bytes: PackageResources.pod_scheduled_schema_json),
        Document(name: "pod.terminating", bytes: PackageResources.pod_terminating_schema_json),
        Document(name: "pod.unschedulable", bytes: PackageResources.pod_unschedulable_schema_json),
        Document(name: "recording.gap", bytes: PackageResources.recording_gap_schema_json),
        Document(name: "replay.completed", bytes: PackageResources.replay_completed_schema_json),
        Document(name: "replay.started", bytes: PackageResources.replay_started_schema_json),
        Document(name: "replicaset.created", bytes: PackageResources.replicaset_created_schema_json),
        Document(name: "replicaset.deleted", bytes: PackageResources.replicaset_deleted_schema_json),
        Document(name: "replicaset.renumbered", bytes: PackageResources.replicaset_renumbered_schema_json),
        Document(name: "replicaset.scaled", bytes: PackageResources.replicaset_scaled_schema_json),
        Document(name: "rollback.completed", bytes: PackageResources.rollback_completed_schema_json),
        Document(name: "rollback.started", bytes: PackageResources.rollback_started_schema_json),
        Document(name: "rollout.abort_requested", bytes: PackageResources.rollout_abort_requested_schema_json),
        Document(name: "rollout.aborted", bytes: PackageResources.rollout_aborted_schema_json),
        Document(name: "rollout.failed", bytes: PackageResources.rollout_failed_schema_json),
        Document(name: "rollout.paused", bytes: PackageResources.rollout_paused_schema_json),
        Document(name: "rollout.promoted", bytes: PackageResources.rollout_promoted_schema_json),
        Document(name: "rollout.resumed", bytes: PackageResources.rollout_resumed_schema_json),
        Document(name: "rollout.started", bytes: PackageResources.rollout_started_schema_json),
        Document(name: "rollout.step_completed", bytes: PackageResources.rollout_step_completed_schema_json),
        Document(name: "rollout.step_started", bytes: PackageResources.rollout_step_started_schema_json),
        Document(name: "rollout.succeeded", bytes: PackageResources.rollout_succeeded_schema_json),
        Document(name: "route.created", bytes: PackageResources.route_created_schema_json),
        Document(name: "route.deleted", bytes: PackageResources.route_deleted_schema_json),
        Document(name: "route.labels_changed", bytes: PackageResources.route_labels_changed_schema_json),
        Document(name: "route.weights_changed", bytes: PackageResources.route_weights_changed_schema_json),
        Document(name: "service.created", bytes: PackageResources.service_created_schema_json),
        Document(name: "service.deleted", bytes: PackageResources.service_deleted_schema_json),
        Document(name: "service.labels_changed", bytes: PackageResources.service_labels_changed_schema_json),
        Document(name: "service.selector_switched", bytes: PackageResources.service_selector_switched_schema_json),
    ]
}
