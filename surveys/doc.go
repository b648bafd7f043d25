// Package surveys holds the vocabulary of measuring: areas, waves, instruments,
// items, answers, campaigns and assessments. It is pure domain: it knows no
// HTTP, no SQL, no clock and no random source of its own (both are passed in).
//
// Words: an Instrument is a published, immutable, content-hashed questionnaire
// (MAT for the ente, STAFF for its employees); a Wave is exante, interim or
// expost; a Campaign is one wave of STAFF in one ente; an Assessment is one wave
// of MAT in one ente. "No answer" is never zero: see the codes of Vector.
package surveys
