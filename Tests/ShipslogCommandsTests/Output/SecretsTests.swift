import RolloutModel
import Testing

@testable import ShipslogCommands

@Suite("Secrets")
struct SecretsTests {
    @Test(
        "names that look secret",
        arguments: [
            "DB_PASSWORD", "passwd", "API_TOKEN", "apikey", "AWS_SECRET_ACCESS_KEY", "credentials", "PRIVATE_PEM",
            "BasicAuth", "userPwd",
        ])
    func secretNames(name: String) {
        #expect(Secrets.isSecret(name: name))
    }

    @Test("names that do not", arguments: ["LOG_LEVEL", "PORT", "HOSTNAME", "REGION", "image", "color"])
    func plainNames(name: String) {
        #expect(!Secrets.isSecret(name: name))
    }

    @Test("values of variables are masked at any depth, and references to secrets are not")
    func variables() {
        let reference: JSONValue = [
            "name": "DB_PASSWORD", "valueFrom": ["secretKeyRef": ["name": "db", "key": "password"]],
        ]
        let value: JSONValue = [
            "spec": [
                "containers": [["name": "web", "env": [["name": "DB_PASSWORD", "value": "hunter2"], reference]]]
            ]
        ]
        let masked: JSONValue = [
            "spec": ["containers": [["name": "web", "env": [["name": "DB_PASSWORD", "value": "***"], reference]]]]
        ]
        #expect(Secrets.masked(value) == masked)
    }

    @Test("the manifest that kubectl apply leaves behind is masked whole")
    func lastApplied() {
        let key = "kubectl.kubernetes.io/last-applied-configuration"
        #expect(
            Secrets.masked(["annotations": [key: "{\"env\":…}", "a": "b"]]) == ["annotations": [key: "***", "a": "b"]])
    }

    @Test("arguments after an option that looks secret are masked")
    func arguments() {
        let arguments: JSONValue = ["serve", "--password", "hunter2", "--port", "80", "--token=hunter2", "-v"]
        #expect(Secrets.masked(arguments) == ["serve", "--password", "***", "--port", "80", "--token=***", "-v"])
    }

    @Test(
        "secrets within a text are masked",
        arguments: [
            ("kubectl set env deploy/web DB_PASSWORD=hunter2 A=b", "kubectl set env deploy/web DB_PASSWORD=*** A=b"),
            ("helm upgrade --set auth.password='hunter2 x'", "helm upgrade --set auth.password=***"),
            ("run --token hunter2 now", "run --token *** now"),
            ("postgres://web:hunter2@db:5432/shop", "postgres://web:***@db:5432/shop"),
            ("app=web,color=blue", "app=web,color=blue"),
            ("registry:5000/web@sha256:abc", "registry:5000/web@sha256:abc"),
        ])
    func text(text: String, masked: String) {
        #expect(Secrets.masked(text) == masked)
    }
}
