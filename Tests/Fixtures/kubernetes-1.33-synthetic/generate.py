#!/usr/bin/env python3
"""Writes the watch streams of this folder: what README.md tells, in the objects of Kubernetes 1.33 to 1.35.

Nothing here is random: the same script writes the same bytes.
"""

import copy
import datetime
import json
import pathlib
import uuid

FOLDER = pathlib.Path(__file__).resolve().parent
NAMESPACE = "shop"
START = datetime.datetime(2026, 1, 5, 10, 0, 0)
RESOURCES = ["deployments", "endpointslices", "events", "pods", "replicasets", "services"]
KINDS = {
    "deployments": ("apps/v1", "Deployment"),
    "endpointslices": ("discovery.k8s.io/v1", "EndpointSlice"),
    "events": ("v1", "Event"),
    "pods": ("v1", "Pod"),
    "replicasets": ("apps/v1", "ReplicaSet"),
    "services": ("v1", "Service"),
}


class Streams:
    """The API server's side: versions, a clock, and a watch of each resource."""

    def __init__(self):
        self.lines = {resource: [] for resource in RESOURCES}
        self.living = {resource: {} for resource in RESOURCES}
        self.version = 1000
        self.seconds = 0
        self.broken = set()

    def now(self, later=0):
        return (START + datetime.timedelta(seconds=self.seconds + later)).strftime("%Y-%m-%dT%H:%M:%SZ")

    def emit(self, type, resource, obj):
        self.version += 1
        obj["metadata"]["resourceVersion"] = str(self.version)
        if type == "DELETED":
            del self.living[resource][obj["metadata"]["name"]]
        else:
            self.living[resource][obj["metadata"]["name"]] = obj
        if resource not in self.broken:
            self.lines[resource].append({"type": type, "object": copy.deepcopy(obj)})

    def bookmark(self, resource, ends_initial_events=False):
        api_version, kind = KINDS[resource]
        metadata = {"resourceVersion": str(self.version), "creationTimestamp": None}
        if ends_initial_events:
            metadata["annotations"] = {"k8s.io/initial-events-end": "true"}
        obj = {"kind": kind, "apiVersion": api_version, "metadata": metadata}
        self.lines[resource].append({"type": "BOOKMARK", "object": obj})

    def expire(self, resource):
        """The watch ends: its version is too old. What happens from now on is not seen."""
        status = {
            "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
            "message": "too old resource version: 1 (1000)", "reason": "Expired", "code": 410,
        }
        self.lines[resource].append({"type": "ERROR", "object": status})
        self.broken.add(resource)

    def watch_again(self, resource):
        """A new watch with sendInitialEvents: all that lives, then a bookmark."""
        self.broken.remove(resource)
        for obj in self.living[resource].values():
            self.lines[resource].append({"type": "ADDED", "object": copy.deepcopy(obj)})
        self.bookmark(resource, ends_initial_events=True)

    def new(self, resource, name, **metadata):
        api_version, kind = KINDS[resource]
        uid = str(uuid.uuid5(uuid.NAMESPACE_URL, f"{kind}/{name}"))
        return {
            "kind": kind, "apiVersion": api_version,
            "metadata": {
                "name": name, "namespace": NAMESPACE, "uid": uid, "creationTimestamp": self.now(), **metadata,
                "managedFields": [],
            },
        }

    def managed(self, obj, manager, operation, fields, subresource=None):
        """Notes who wrote which fields last."""
        entry = {
            "manager": manager, "operation": operation, "apiVersion": obj["apiVersion"], "time": self.now(),
            "fieldsType": "FieldsV1", "fieldsV1": fields,
        }
        if subresource:
            entry["subresource"] = subresource
        entries = obj["metadata"]["managedFields"]
        entries[:] = [
            other for other in entries if (other["manager"], other.get("subresource")) != (manager, subresource)
        ] + [entry]


def owner(obj):
    return [{
        "apiVersion": obj["apiVersion"], "kind": obj["kind"], "name": obj["metadata"]["name"],
        "uid": obj["metadata"]["uid"], "controller": True, "blockOwnerDeletion": True,
    }]


def template(image, template_hash=None):
    labels = {"app": "web"} | ({"pod-template-hash": template_hash} if template_hash else {})
    return {
        "metadata": {"labels": labels},
        "spec": {
            # A native sidecar: an init container that goes on running.
            "initContainers": [{
                "name": "log-shipper", "image": "fluent-bit:4.0", "resources": {}, "restartPolicy": "Always",
            }],
            "containers": [{
                "name": "web", "image": image, "resources": {"requests": {"cpu": "100m"}},
                "readinessProbe": {"httpGet": {"path": "/ready", "port": 80, "scheme": "HTTP"}},
            }],
            "restartPolicy": "Always", "terminationGracePeriodSeconds": 30,
        },
    }


class Story:
    """One Deployment, its Service, and the controllers and the kubelet that answer."""

    def __init__(self):
        self.streams = Streams()
        self.sets = []
        self.pods = []
        self.condition_times = {}

    # Steps of a person

    def create_service(self):
        service = self.streams.new("services", "web", labels={"app": "web"})
        service["spec"] = {
            "type": "ClusterIP", "selector": {"app": "web"}, "clusterIP": "10.96.0.20", "clusterIPs": ["10.96.0.20"],
            "ports": [{"name": "http", "protocol": "TCP", "port": 80, "targetPort": 80}],
            "ipFamilies": ["IPv4"], "ipFamilyPolicy": "SingleStack", "internalTrafficPolicy": "Cluster",
            "sessionAffinity": "None",
        }
        service["status"] = {"loadBalancer": {}}
        self.streams.managed(service, "kubectl", "Apply", {"f:spec": {"f:ports": {}, "f:selector": {}}})
        self.streams.emit("ADDED", "services", service)
        self.slice = self.streams.new(
            "endpointslices", "web-7k2xq", generateName="web-", generation=1, ownerReferences=owner(service),
            labels={
                "app": "web", "kubernetes.io/service-name": "web",
                "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
            },
        )
        self.slice |= {
            "addressType": "IPv4", "endpoints": [],
            "ports": [{"name": "http", "protocol": "TCP", "port": 80}],
        }
        self.streams.emit("ADDED", "endpointslices", self.slice)

    def create_deployment(self, image):
        self.deployment = self.streams.new("deployments", "web", generation=1, labels={"app": "web"})
        self.deployment["spec"] = {
            "replicas": 3, "selector": {"matchLabels": {"app": "web"}}, "template": template(image),
            "strategy": {"type": "RollingUpdate", "rollingUpdate": {"maxSurge": 1, "maxUnavailable": 0}},
            "revisionHistoryLimit": 10, "progressDeadlineSeconds": 600,
        }
        self.deployment["status"] = {}
        self.apply("ADDED")

    def change_image(self, image):
        self.deployment["metadata"]["generation"] += 1
        self.deployment["spec"]["template"] = template(image)
        self.apply("MODIFIED")

    def apply(self, type):
        fields = {"f:spec": {"f:replicas": {}, "f:selector": {}, "f:strategy": {}, "f:template": {}}}
        self.streams.managed(self.deployment, "kubectl", "Apply", fields)
        self.streams.emit(type, "deployments", self.deployment)

    # The controllers

    def add_set(self, template_hash, replicas):
        revision = str(len(self.sets) + 1)
        image = self.deployment["spec"]["template"]["spec"]["containers"][0]["image"]
        labels = {"app": "web", "pod-template-hash": template_hash}
        new = self.streams.new(
            "replicasets", f"web-{template_hash}", generation=1, labels=labels,
            annotations={"deployment.kubernetes.io/revision": revision}, ownerReferences=owner(self.deployment),
        )
        new["spec"] = {
            "replicas": replicas, "selector": {"matchLabels": labels}, "template": template(image, template_hash),
        }
        new["status"] = {"replicas": 0}
        self.sets.append(new)
        self.streams.emit("ADDED", "replicasets", new)
        self.deployment["metadata"]["annotations"] = {"deployment.kubernetes.io/revision": revision}
        fields = {"f:metadata": {"f:annotations": {"f:deployment.kubernetes.io/revision": {}}}}
        self.streams.managed(self.deployment, "kube-controller-manager", "Update", fields)
        self.set_status()
        self.add_pods(new)

    def scale_set(self, index, replicas):
        scaled = self.sets[index]
        scaled["metadata"]["generation"] += 1
        scaled["spec"]["replicas"] = replicas
        self.streams.emit("MODIFIED", "replicasets", scaled)
        self.add_pods(scaled)

    def pods_of(self, replica_set):
        uid = replica_set["metadata"]["uid"]
        return [pod for pod in self.pods if pod["metadata"]["ownerReferences"][0]["uid"] == uid]

    def add_pods(self, replica_set):
        while len(self.pods_of(replica_set)) < replica_set["spec"]["replicas"]:
            number = self.streams.version
            name = f"{replica_set['metadata']['name']}-{number:05d}"
            pod = self.streams.new(
                "pods", name, generateName=f"{replica_set['metadata']['name']}-", generation=1,
                labels=replica_set["spec"]["template"]["metadata"]["labels"], ownerReferences=owner(replica_set),
            )
            pod["spec"] = copy.deepcopy(replica_set["spec"]["template"]["spec"])
            pod["status"] = {"phase": "Pending", "qosClass": "Burstable"}
            self.pods.append(pod)
            self.streams.managed(pod, "kube-controller-manager", "Update", {"f:metadata": {}, "f:spec": {}})
            self.streams.emit("ADDED", "pods", pod)
        self.set_status()

    def set_status(self):
        """What the controllers count: terminating pods apart from the others."""
        total, ready, updated, terminating = 0, 0, 0, 0
        for number, replica_set in enumerate(self.sets):
            pods = self.pods_of(replica_set)
            leaving = [pod for pod in pods if "deletionTimestamp" in pod["metadata"]]
            staying = [pod for pod in pods if pod not in leaving]
            able = [pod for pod in staying if is_ready(pod)]
            status = {
                "replicas": len(staying), "fullyLabeledReplicas": len(staying), "readyReplicas": len(able),
                "availableReplicas": len(able), "terminatingReplicas": len(leaving),
                "observedGeneration": replica_set["metadata"]["generation"],
            }
            if status != replica_set["status"]:
                replica_set["status"] = status
                fields = {"f:status": {"f:replicas": {}, "f:terminatingReplicas": {}}}
                self.streams.managed(replica_set, "kube-controller-manager", "Update", fields, "status")
                self.streams.emit("MODIFIED", "replicasets", replica_set)
            total, ready, terminating = total + len(staying), ready + len(able), terminating + len(leaving)
            if number == len(self.sets) - 1:
                updated = len(staying)
        wanted = self.deployment["spec"]["replicas"]
        complete = updated == total == ready == wanted
        status = {
            "observedGeneration": self.deployment["metadata"]["generation"], "replicas": total,
            "updatedReplicas": updated, "readyReplicas": ready, "availableReplicas": ready,
            "unavailableReplicas": max(0, wanted - ready), "terminatingReplicas": terminating,
            "conditions": [
                self.condition(
                    "Available", "True" if ready >= wanted else "False",
                    "MinimumReplicasAvailable" if ready >= wanted else "MinimumReplicasUnavailable",
                ),
                self.condition("Progressing", "True", "NewReplicaSetAvailable" if complete else "ReplicaSetUpdated"),
            ],
        }
        if status != self.deployment["status"]:
            self.deployment["status"] = status
            fields = {"f:status": {"f:conditions": {}, "f:replicas": {}, "f:terminatingReplicas": {}}}
            self.streams.managed(self.deployment, "kube-controller-manager", "Update", fields, "status")
            self.streams.emit("MODIFIED", "deployments", self.deployment)
        self.set_endpoints()

    def condition(self, type, status, reason):
        changed = self.condition_times.setdefault((type, status), self.streams.now())
        updated = self.condition_times.setdefault((type, status, reason, len(self.sets)), self.streams.now())
        return {
            "type": type, "status": status, "reason": reason, "message": f"{reason} of web.",
            "lastUpdateTime": updated, "lastTransitionTime": changed,
        }

    def set_endpoints(self):
        endpoints = []
        for pod in self.pods:
            if "podIP" not in pod["status"] or pod["status"]["phase"] in ("Succeeded", "Failed"):
                continue
            terminating = "deletionTimestamp" in pod["metadata"]
            serving = is_ready(pod)
            metadata = pod["metadata"]
            endpoints.append({
                "addresses": [pod["status"]["podIP"]], "nodeName": pod["spec"]["nodeName"], "zone": "zone-a",
                "conditions": {"ready": serving and not terminating, "serving": serving, "terminating": terminating},
                "targetRef": {
                    "kind": "Pod", "namespace": NAMESPACE, "name": metadata["name"], "uid": metadata["uid"],
                },
            })
        if endpoints != self.slice["endpoints"]:
            self.slice["endpoints"] = endpoints
            self.slice["metadata"]["generation"] += 1
            self.slice["metadata"]["annotations"] = {
                "endpoints.kubernetes.io/last-change-trigger-time": self.streams.now()
            }
            self.streams.managed(self.slice, "kube-controller-manager", "Update", {"f:endpoints": {}})
            self.streams.emit("MODIFIED", "endpointslices", self.slice)

    # The kubelet

    def start(self, pod):
        """Schedules a pod and brings it up: the sidecar first, then the container, then ready."""
        self.streams.seconds += 1
        pod["spec"]["nodeName"] = "node-1"
        self.set_pod(pod, "Pending", ["PodScheduled"], None)
        number = int(pod["metadata"]["name"].rsplit("-", 1)[1])
        pod["status"] |= {
            "hostIP": "192.0.2.1", "hostIPs": [{"ip": "192.0.2.1"}], "podIP": f"10.244.0.{number % 250}",
            "podIPs": [{"ip": f"10.244.0.{number % 250}"}], "startTime": self.streams.now(),
        }
        self.set_pod(pod, "Pending", ["PodScheduled"], {"waiting": {"reason": "PodInitializing"}})
        self.streams.seconds += 1
        running = {"running": {"startedAt": self.streams.now()}}
        self.set_pod(
            pod, "Running", ["PodReadyToStartContainers", "PodScheduled", "Initialized"], running, is_started=True
        )
        self.streams.seconds += 2
        everything = ["PodReadyToStartContainers", "PodScheduled", "Initialized", "ContainersReady", "Ready"]
        self.set_pod(pod, "Running", everything, running, is_started=True, is_ready=True)
        self.set_status()

    def ask_to_go(self, pod):
        self.streams.seconds += 1
        pod["metadata"]["generation"] += 1
        pod["metadata"]["deletionTimestamp"] = self.streams.now(30)
        pod["metadata"]["deletionGracePeriodSeconds"] = 30
        self.streams.emit("MODIFIED", "pods", pod)
        self.set_status()

    def end(self, pod):
        self.streams.seconds += 2
        ended = {
            "terminated": {
                "exitCode": 0, "reason": "Completed", "startedAt": pod["status"]["startTime"],
                "finishedAt": self.streams.now(),
            }
        }
        self.set_pod(pod, "Succeeded", ["PodScheduled", "Initialized"], ended)
        pod["metadata"]["deletionTimestamp"] = self.streams.now()
        pod["metadata"]["deletionGracePeriodSeconds"] = 0
        self.streams.emit("MODIFIED", "pods", pod)
        self.pods.remove(pod)
        self.streams.emit("DELETED", "pods", pod)
        self.set_status()

    def set_pod(self, pod, phase, true_conditions, state, is_started=False, is_ready=False):
        generation = pod["metadata"]["generation"]
        old = {condition["type"]: condition for condition in pod["status"].get("conditions", [])}
        conditions = []
        for type in ["PodReadyToStartContainers", "Initialized", "Ready", "ContainersReady", "PodScheduled"]:
            status = "True" if type in true_conditions else "False"
            changed = self.streams.now()
            if type in old and old[type]["status"] == status:
                changed = old[type]["lastTransitionTime"]
            conditions.append({
                "type": type, "status": status, "observedGeneration": generation, "lastProbeTime": None,
                "lastTransitionTime": changed,
            })
        pod["status"] |= {"observedGeneration": generation, "phase": phase, "conditions": conditions}
        if state:
            def status(container, ready):
                return {
                    "name": container["name"], "image": container["image"], "state": state, "lastState": {},
                    "imageID": f"sha256:{uuid.uuid5(uuid.NAMESPACE_URL, container['image']).hex}",
                    "ready": ready, "started": is_started, "restartCount": 0, "resources": container["resources"],
                }
            pod["status"]["initContainerStatuses"] = [status(pod["spec"]["initContainers"][0], is_started)]
            pod["status"]["containerStatuses"] = [status(pod["spec"]["containers"][0], is_ready)]
        fields = {"f:status": {"f:conditions": {}, "f:containerStatuses": {}, "f:phase": {}}}
        self.streams.managed(pod, "kubelet", "Update", fields, "status")
        self.streams.emit("MODIFIED", "pods", pod)

    def hint(self, pod, reason, message):
        """A core Event as the newer recorder writes it: with `eventTime`, and without `count`."""
        metadata = pod["metadata"]
        event = self.streams.new("events", f"{metadata['name']}.{self.streams.version}")
        event |= {
            "involvedObject": {
                "kind": "Pod", "apiVersion": "v1", "namespace": NAMESPACE, "name": metadata["name"],
                "uid": metadata["uid"],
            },
            "reason": reason, "message": message, "type": "Warning", "source": {}, "firstTimestamp": None,
            "lastTimestamp": None, "eventTime": self.streams.now().replace("Z", ".250000Z"), "action": "Probing",
            "reportingComponent": "kubelet", "reportingInstance": "node-1",
        }
        self.streams.emit("ADDED", "events", event)


def is_ready(pod):
    conditions = pod["status"].get("conditions", [])
    return any(condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions)


def tell():
    story = Story()
    streams = story.streams
    story.create_service()
    for resource in RESOURCES:
        streams.bookmark(resource, ends_initial_events=True)

    streams.seconds = 60
    story.create_deployment("nginx:1.28")
    story.add_set("66c8b5d4f", 3)
    for pod in list(story.pods):
        story.start(pod)
    for resource in RESOURCES:
        streams.bookmark(resource)

    streams.seconds = 600
    story.change_image("nginx:1.29")
    story.add_set("7d4f9c6b8", 1)
    for step in (1, 2, 3):
        new = story.pods_of(story.sets[1])[-1]
        if step == 2:
            story.hint(new, "Unhealthy", "Readiness probe failed: HTTP probe failed with statuscode: 503")
        story.start(new)
        story.scale_set(0, 3 - step)
        old = next(pod for pod in story.pods_of(story.sets[0]) if "deletionTimestamp" not in pod["metadata"])
        story.ask_to_go(old)
        if step < 3:
            story.scale_set(1, step + 1)
            story.end(old)
            continue
        # The end of the last old pod falls into a gap of the watch.
        streams.expire("pods")
        story.end(old)
        streams.watch_again("pods")
    for resource in RESOURCES:
        streams.bookmark(resource)

    for resource, lines in streams.lines.items():
        text = "".join(json.dumps(line, separators=(",", ":")) + "\n" for line in lines)
        (FOLDER / f"{resource}.watch.jsonl").write_text(text, encoding="utf-8")


tell()
