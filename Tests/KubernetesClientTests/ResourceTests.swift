import KubernetesClient
import RolloutModel
import Testing

@Suite struct ResourceTests {
    @Test func pathsAreThoseOfTheAPI() {
        #expect(Resource.pods.path(namespace: "shop") == "/api/v1/namespaces/shop/pods")
        #expect(Resource.deployments.path() == "/apis/apps/v1/deployments")
        #expect(
            Resource.deployments.path(namespace: "shop", name: "web", subresource: "scale")
                == "/apis/apps/v1/namespaces/shop/deployments/web/scale")
        #expect(Resource.nodes.path(namespace: "shop", name: "one") == "/api/v1/nodes/one")
    }
}
