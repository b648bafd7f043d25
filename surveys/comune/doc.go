// Package comune holds what is known of an ente before anything is measured:
// the codes of the national registers, the registry of the Italian Comuni, the
// class of population, the PA digitale 2026 funding rows and the embedded facts
// of the nine reference Comuni of the "Comune Full Digital" programme.
//
// It is pure domain: no HTTP, no SQL, no clock. Parsers take a reader and give
// back the good rows beside one RowError for each fault; whoever imports decides
// (the product imports nothing when there is a fault).
//
// Words: a Comune is an entry of the registry; an Ente is the body that works
// with the product, made from a Comune or fictitious; a Funding is one
// application to a PNRR notice for the digital transition. Codes are text:
// leading zeros count. The key of a Comune is its codice catastale, which does
// not change when a province is reorganised; the codice ISTAT does.
package comune
