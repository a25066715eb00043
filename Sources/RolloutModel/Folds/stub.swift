extension DeploymentState { mutating func apply(_ fact: Fact, of event: RecordedEvent) -> Changes { Changes() } }
extension ServiceState { mutating func apply(_ fact: Fact, of event: RecordedEvent) -> Changes { Changes() } }
extension BarePodState { mutating func apply(_ fact: Fact, of event: RecordedEvent) -> Changes { Changes() } }
