#if Network
    import Foundation
    import RolloutModel

    extension KubernetesClient {
        /// Gets one object, or one of its subresources.
        public func get(
            _ resource: Resource, _ name: String, namespace: String? = nil, subresource: String? = nil
        ) async throws -> Answer {
            try await send(
                Request(
                    .get, resource.path(namespace: space(resource, namespace), name: name, subresource: subresource)))
        }

        /// Creates an object.
        ///
        /// - Parameters:
        ///   - object: The object as the API describes it.
        ///   - name: With `subresource`, the object whose subresource is created: a pod's `binding` or `eviction`.
        public func create(
            _ resource: Resource, _ object: JSONValue, namespace: String? = nil, name: String? = nil,
            subresource: String? = nil, options: WriteOptions = WriteOptions()
        ) async throws -> Answer {
            try await send(
                Request(
                    .post, resource.path(namespace: space(resource, namespace), name: name, subresource: subresource),
                    query: query(options), body: try CanonicalJSON.encode(object)))
        }

        /// Replaces an object, or one of its subresources such as `scale` or `status`.
        ///
        /// - Parameter object: The whole object. If it has a `resourceVersion`, only that version is replaced.
        public func update(
            _ resource: Resource, _ name: String, _ object: JSONValue, namespace: String? = nil,
            subresource: String? = nil, options: WriteOptions = WriteOptions()
        ) async throws -> Answer {
            try await send(
                Request(
                    .put, resource.path(namespace: space(resource, namespace), name: name, subresource: subresource),
                    query: query(options), body: try CanonicalJSON.encode(object)))
        }

        /// Changes a part of an object, or of one of its subresources.
        public func patch(
            _ resource: Resource, _ name: String, _ patch: Patch, namespace: String? = nil, subresource: String? = nil,
            options: WriteOptions = WriteOptions()
        ) async throws -> Answer {
            var query = query(options)
            if case .apply(_, force: true) = patch { query.append(("force", "true")) }
            return try await send(
                Request(
                    .patch, resource.path(namespace: space(resource, namespace), name: name, subresource: subresource),
                    query: query, body: try CanonicalJSON.encode(patch.body), contentType: patch.contentType))
        }

        /// Deletes an object.
        ///
        /// - Returns: The object, if it is still there for a while, else a Status.
        public func delete(
            _ resource: Resource, _ name: String, namespace: String? = nil, options: DeleteOptions = DeleteOptions()
        ) async throws -> Answer {
            try await send(
                Request(
                    .delete, resource.path(namespace: space(resource, namespace), name: name),
                    body: try CanonicalJSON.encode(options.value)))
        }

        /// The namespace in which one object is to be looked for.
        private func space(_ resource: Resource, _ namespace: String?) -> String? {
            resource.isNamespaced ? namespace ?? configuration.namespace : nil
        }

        private func query(_ options: WriteOptions) -> [(name: String, value: String)] {
            let manager = (name: "fieldManager", value: options.fieldManager ?? configuration.fieldManager)
            return options.isDryRun ? [manager, ("dryRun", "All")] : [manager]
        }
    }
#endif
