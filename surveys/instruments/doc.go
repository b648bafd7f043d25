// Package instruments holds the two questionnaires of the product as data and
// reads such documents: MAT (maturity of the ente, 40 indicators) and STAFF
// (competence of its employees), model MAT-STAFF 1.0 (questionnaires.md).
//
// A document is a folder of YAML files joined in the order of their names: the
// first carries the header and the scales, the others blocks; a block whose code
// equals that of the block before it continues it. Reading is strict (unknown
// and double keys are errors with their line) and ends in Instrument.Validate.
// The package knows nothing of answers, campaigns or storage.
package instruments
