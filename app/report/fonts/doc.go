// Package fonts holds the type of the reports: three cuts of Titillium Web,
// embedded so that a PDF or a picture needs no file of the machine, and the
// widths that line breaking needs.
//
// Titillium Web is by the Accademia di Belle Arti di Urbino and the students
// of its MA course of Visual design, SIL Open Font License 1.1 (OFL.txt beside
// this file); the files come unchanged from the npm package
// @expo-google-fonts/titillium-web 0.4.1. It is the typeface of the design
// system of Italian public bodies, so page, SVG and PDF look alike.
//
// The package knows nothing of reports, figures or languages.
package fonts
