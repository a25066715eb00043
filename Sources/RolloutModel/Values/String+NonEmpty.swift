extension String {
    /// The text, unless it is empty: in Kubernetes that says the same as a missing field.
    package var nonEmpty: String? { isEmpty ? nil : self }
}
