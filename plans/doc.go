// Package plans holds the vocabulary of planning and tracking: the Plan of an
// ente, its micro-progetti (small projects that carry out lines of the Piano
// triennale), what happens to them, what they cost and what was approved. It is
// pure domain: no HTTP, no SQL, no clock and no random source of its own (days
// and ids are passed in).
//
// Words. A Sheet is what a plan says of a micro-progetto: title, effects, cost,
// days, quarters. A MicroProject is a Sheet and what happened to it: dated
// Facts, milestones, tasks, expenses, evidence. Its state is never stored: it is
// derived from the Facts. A Plan is drafted, proposed, approved by an Act and
// closed; each approval freezes a Version, which is canonical JSON with its hash
// and is never changed. A Reason says, with figures, which answer asked for a
// micro-progetto or why one was chosen or left out; its words are in the message
// catalogue of the application, under Reason.Key.
//
// Conventions: money is euro cents in int64; effort is whole staff days; a
// quarter is a calendar quarter; the whole cost of a micro-progetto falls in the
// calendar year in which it starts, running costs are shown beside and never
// counted in the budget of the plan.
package plans
