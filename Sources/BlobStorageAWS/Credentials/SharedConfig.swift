internal import BlobStorage

/// The two files of settings that AWS's tools share, and the profile that is meant.
struct SharedConfig: Sendable {
    let config: ConfigFile
    let credentials: ConfigFile
    /// The profile that is meant.
    let profileName: String
    /// Whether somebody asked for that profile, by argument or variable.
    let isProfileNamed: Bool
    /// The paths of the files, for errors.
    let paths: String

    /// Reads the files; those that aren't there count as empty.
    ///
    /// - Parameters:
    ///   - environment: Where `AWS_PROFILE`, `AWS_CONFIG_FILE`, `AWS_SHARED_CREDENTIALS_FILE` and
    ///     `HOME` are looked up.
    ///   - profile: The profile; `nil` is the one of the environment, or `default`.
    /// - Returns: The settings.
    /// - Throws: `BlobError`.
    static func load(_ environment: AWSEnvironment, profile: String?) async throws -> SharedConfig {
        let configPath = path(environment, "AWS_CONFIG_FILE", "~/.aws/config")
        let credentialsPath =
            path(environment, "AWS_SHARED_CREDENTIALS_FILE", "~/.aws/credentials")
        let named = profile ?? environment["AWS_PROFILE"] ?? environment["AWS_DEFAULT_PROFILE"]
        return SharedConfig(
            config: try await file(configPath, .config),
            credentials: try await file(credentialsPath, .credentials),
            profileName: named ?? "default",
            isProfileNamed: named != nil,
            paths: "\"\(EscapedText(configPath))\" and \"\(EscapedText(credentialsPath))\""
        )
    }

    private static func path(
        _ environment: AWSEnvironment,
        _ variable: String,
        _ standard: String
    ) -> String {
        environment.expand(environment[variable] ?? standard)
    }

    private static func file(_ path: String, _ style: ConfigFile.Style) async throws -> ConfigFile {
        guard let bytes = try await SmallFile.read(path) else { return ConfigFile() }
        return try ConfigFile(bytes, style: style, path: path)
    }

    /// The settings of a profile in both files, those of the credentials file first; `nil` if neither
    /// has it.
    func profile(_ name: String) -> [String: String]? {
        let section = ConfigFile.Section(kind: .profile, name: name)
        guard let first = credentials.sections[section] else { return config.sections[section] }
        guard let second = config.sections[section] else { return first }
        return first.merging(second) { first, _ in first }
    }

    /// The settings of another section of the config file.
    func section(_ kind: ConfigFile.Section.Kind, _ name: String) -> [String: String]? {
        config.sections[ConfigFile.Section(kind: kind, name: name)]
    }
}

extension SharedConfig: CustomReflectable {
    var customMirror: Mirror { Mirror(self, children: ["profileName": profileName]) }
}

extension [String: String] {
    /// The value of a setting; `nil` if it is not set, or empty.
    func setting(_ name: String) -> String? {
        guard let value = self[name], !value.utf8.isEmpty else { return nil }
        return value
    }
}
