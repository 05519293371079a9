// Package profile keeps what the user has set: one TOML file that people can read and edit, written atomically with backups,
// and the secrets beside it, in the system's keyring.
package profile
