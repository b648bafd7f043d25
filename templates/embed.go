package templates

import (
	"embed"
	"io/fs"
)

//go:embed layouts partials pages static
var files embed.FS

// FS returns the page templates: layouts/*.html, partials/*.html and pages/<group>/<name>.html.
func FS() fs.FS { return files }

// Static returns the files served to browsers, rooted at static/: app.css, app.js,
// icons, and vendor/ where `make assets` ran. It fails only when the embedding itself is broken.
func Static() (fs.FS, error) { return fs.Sub(files, "static") }
