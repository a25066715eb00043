import RolloutModel

extension ReplayPlan {
    /// The plan with other images, where a cluster cannot pull those that were recorded.
    ///
    /// - Parameter images: What each image is replaced with; an image that is not named stays.
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if the plan has no such image, or two revisions would become
    ///   one.
    package func mappingImages(_ images: [String: String]) throws -> ReplayPlan {
        let known = Set(self.images)
        if let unknown = images.keys.sorted().first(where: { !known.contains($0) }) {
            throw ShipslogError(
                .invalidArgument, "No pod of \(name) has the image \(unknown).",
                hint: "There are \(known.sorted().joined(separator: ", ")).")
        }
        var plan = try mappingPodSpecs { $0.mappingImages(images) }
        for index in plan.behaviours.rules.indices {
            let image = plan.behaviours.rules[index].match.image
            plan.behaviours.rules[index].match.image = image.map { Pattern(images[$0.text] ?? $0.text) }
        }
        plan.expectations = expectations.map { $0.mappingImages(images) }
        plan.aftermath = aftermath.map { $0.mappingImages(images) }
        return plan
    }

    /// The plan with pods that wait for a scheduler of this name, so that no other takes them.
    package func scheduled(by scheduler: String) throws -> ReplayPlan {
        try mappingPodSpecs { spec in
            var spec = spec
            spec["schedulerName"] = .string(scheduler)
            return spec
        }
    }

    /// The images that its pods have.
    package var images: [String] {
        podSpecs.flatMap { spec in
            JSONValue.containerLists.flatMap { spec[$0]?.array ?? [] }.compactMap { $0["image"]?.string }
        }
    }

    /// What its pods are made from.
    package var podSpecs: [JSONValue] {
        (objects.map(\.request) + actions.flatMap(\.requests)).flatMap { request in
            (request.body["kind"] == "Pod" ? [request.body] : request.templates).compactMap { $0["spec"] }
        }
    }

    private func mappingPodSpecs(_ change: (JSONValue) -> JSONValue) throws -> ReplayPlan {
        try mappingRequests { $0.mappingPodSpecs(change) }
    }

    /// The plan with other bodies of its requests.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if two revisions would become one.
    package func mappingBodies(_ change: (JSONValue) -> JSONValue) throws -> ReplayPlan {
        try mappingRequests { request in
            var request = request
            request.body = change(request.body)
            return request
        }
    }

    /// The plan with other pods; the digests by which revisions and lives are known change along with the templates.
    ///
    /// - Throws: ``ShipslogError`` with code `invalidArgument` if two revisions would become one.
    private func mappingRequests(_ change: (Request) -> Request) throws -> ReplayPlan {
        var plan = self
        var digests: [String: String] = [:]
        func map(_ request: inout Request) {
            let mapped = change(request)
            for (old, new) in zip(request.templates, mapped.templates) {
                digests[Template.digest(old)] = Template.digest(new)
            }
            request = mapped
        }
        for index in plan.objects.indices { map(&plan.objects[index].request) }
        for index in plan.actions.indices {
            for number in plan.actions[index].requests.indices { map(&plan.actions[index].requests[number]) }
        }
        for (subject, numbers) in revisions {
            plan.revisions[subject] = try Dictionary(
                numbers.map { (digests[$0.key] ?? $0.key, $0.value) },
                uniquingKeysWith: { first, second in
                    throw ShipslogError(
                        .invalidArgument,
                        "With these images, revisions \(min(first, second)) and \(max(first, second)) of \(subject.shortName) are the same.",
                        hint: "Map their images to different ones.")
                })
        }
        for index in plan.behaviours.rules.indices {
            plan.behaviours.rules[index].match.template = behaviours.rules[index].match.template.map { start in
                digests.first { $0.key.hasPrefix(start) }?.value ?? start
            }
        }
        return plan
    }
}

extension Request {
    /// The request with other pods, if it brings any.
    fileprivate func mappingPodSpecs(_ change: (JSONValue) -> JSONValue) -> Request {
        var mapped = self
        func map(_ object: inout JSONValue) {
            guard let spec = object["spec"] else { return }
            object["spec"] = change(spec)
        }
        if body["kind"] == "Pod" {
            map(&mapped.body)
        } else if var template = body["spec"]?["template"] {
            map(&template)
            mapped.body["spec"]?["template"] = template
        } else if let operations = body.array {
            mapped.body = .array(
                operations.map { operation in
                    guard operation["path"] == "/spec/template", var template = operation["value"] else {
                        return operation
                    }
                    map(&template)
                    var operation = operation
                    operation["value"] = template
                    return operation
                })
        }
        return mapped
    }

    /// The pod templates that it brings.
    var templates: [JSONValue] {
        let patched = (body.array ?? []).filter { $0["path"] == "/spec/template" }.compactMap { $0["value"] }
        return patched + [body["spec"]?["template"]].compactMap { $0 }
    }
}

extension JSONValue {
    /// Where a pod spec has its containers.
    fileprivate static let containerLists = ["initContainers", "containers"]

    /// The pod spec with other images.
    fileprivate func mappingImages(_ images: [String: String]) -> JSONValue {
        var spec = self
        for key in Self.containerLists {
            guard let containers = self[key]?.array else { continue }
            spec[key] = .array(
                containers.map { container in
                    var container = container
                    if let other = container["image"]?.string.flatMap({ images[$0] }) {
                        container["image"] = .string(other)
                    }
                    return container
                })
        }
        return spec
    }
}

extension Milestone {
    /// The milestone with other images, where it names some: those of bare pods, and of a diagnosis.
    fileprivate func mappingImages(_ images: [String: String]) -> Milestone {
        var mapped = self
        mapped.about = Self.mapped(about, images)
        mapped.what = Self.mapped(what, images)
        return mapped
    }

    private static func mapped(_ text: String, _ images: [String: String]) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { word in
            word.split(separator: ",", omittingEmptySubsequences: false).map { images[String($0)] ?? String($0) }
                .joined(separator: ",")
        }.joined(separator: " ")
    }
}
