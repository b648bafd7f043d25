// Package planner says which micro-progetti an ente could do (Candidates), what
// each is worth (Points) and which ones to do when (Select), and explains every
// choice with figures. It is pure: no clock, no random source, no I/O beyond the
// embedded table of points; equal inputs give equal outputs.
//
// The model. A Problem has quarters, a budget for each year (the whole cost
// falls in the year of the start), staff days for each quarter, indicators with
// the points of each level and candidates with effects. The gain of a plan is
// the sum of the candidates' own gains and, for each indicator, the points of the
// highest level reached (not above the target) minus those of the level it has:
// counted once however many candidates raise it. PTI lines and training needs
// are indicators of two levels, "line:CAP4.PA.01" and "item:A-SIC-01".
//
// The method. Branch and bound over "in or out"; every set of candidates that
// the search holds stands with a real schedule, so each is a plan. The bound is
// the Lagrangian relaxation of the total budget, the total days, the covering of
// levels, prerequisites and conflicts. The search stops after a fixed amount of
// work, never after a time, so results do not depend on the machine.
//
// What is promised. The plan breaks no limit. Solution.Bound is never below the
// best gain possible; Proved says that no plan gains more. Cost, then early
// finish, are improved among equal gains but not proved least. More money
// or days never lose points when the result is proved, and always when the earlier
// solution is passed as Options.Warm. A plan is never better than proved and
// never said to be.
//
// Sentences. Keys and arguments are those of plans.Reason (Key, Args):
//
//	reason.gap                 Indicator From To Points
//	reason.gate                Indicator From To Points
//	reason.undocumented        Indicator From To Points
//	reason.line                Line Points
//	reason.line.dated          Line Due Points
//	reason.line_overdue        Line Due Points
//	reason.training            Item Mean Threshold Points
//	reason.needed_by           Other
//	reason.chosen              Points Euro Days
//	reason.must                Euro Days
//	reason.for_other           Other
//	reason.budget              Year Euro
//	reason.budget.other        Year Euro Points Other
//	reason.capacity            Quarter Days
//	reason.capacity.other      Quarter Days Points Other
//	reason.deadline            Quarter
//	reason.prerequisite        Other
//	reason.conflict            Other
//	reason.never               –
//	reason.no_gain             –
//	reason.no_gain.other       Other
//	reason.outweighed          Points
//	reason.outweighed.other    Points Other
//	reason.clash               Other
package planner
