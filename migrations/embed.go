// Package migrations embeds the schema: goose SQL files, one folder an engine,
// with equal numbers and names. A merged file is never edited.
package migrations

import "embed"

// FS holds the folders postgres and sqlite.
//
//go:embed postgres/*.sql sqlite/*.sql
var FS embed.FS
